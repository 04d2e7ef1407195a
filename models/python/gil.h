// SPDX-License-Identifier: Apache-2.0
//
// CPython's global interpreter lock of one process, as Python/ceval_gil.h (3.9 to 3.13) has it: who
// holds it, who waits for it in which order, and whether the holder has been asked to drop it. A
// plain value: how threads sleep, wake up and compute is in models/python/thread.h.
#pragma once

#include <cstdint>
#include <vector>

#include "models/ids.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

struct GilSpec {
  Duration switch_interval = milliseconds(5);  // sys.setswitchinterval()
  // CPU that a thread needs between waking up and having the lock, or seeing that another has it.
  CpuTime take;
  // A timed wait ends late by up to that: PR_SET_TIMERSLACK of prctl(2).
  Duration timer_slack = {};
  // A thread that is woken on another core because the lock is free takes up to that to get there,
  // besides what the core takes. Meanwhile whoever runs may take the lock.
  Duration wake_latency = {};

  bool is_random() const { return !timer_slack.is_zero() || !wake_latency.is_zero(); }
};

class Gil {
 public:
  explicit Gil(std::size_t threads = 0) { waiters_.reserve(threads); }

  ThreadId holder() const { return holder_; }
  bool drop_requested() const { return drop_requested_; }
  bool is_waited_for() const { return !waiters_.empty(); }
  // How often it has passed from one thread to another: switch_number.
  std::uint64_t switches() const { return switches_; }

  // False when another thread has it.
  bool take(ThreadId thread);

  // The thread goes to sleep behind those that wait, or has slept long enough.
  void wait(ThreadId thread) { waiters_.push_back(thread); }
  void stop_waiting(ThreadId thread);

  // Returns who is woken: the one that waits longest, and only that one (COND_SIGNAL). It does not
  // have the lock yet: whoever runs first takes it.
  ThreadId release();

  // Asks the holder to drop the lock, unless that was done or another thread has taken it since
  // switches() was `seen`. True when the holder has to be told.
  bool request_drop(std::uint64_t seen);

  // Who has dropped the lock because it was asked to goes on only when another one has taken it
  // (FORCE_SWITCHING).
  void await_switch(ThreadId thread) { switching_ = thread; }
  // Who waits for that, once: after a take().
  ThreadId switched();

  // Of a new process.
  void reset();

  void hash_into(Hasher& hasher) const;

 private:
  ThreadId holder_;  // none: free
  ThreadId last_holder_;
  ThreadId switching_;
  bool drop_requested_ = false;
  std::uint64_t switches_ = 0;
  std::vector<ThreadId> waiters_;  // longest first
};

}  // namespace cotenant
