// SPDX-License-Identifier: Apache-2.0
//
// What changes in a thread that runs Python. Written by models/python/thread.cpp, except for the
// request it works for, which its server sets.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "models/request/wait_state.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

// How a thread stands to the lock of its process.
enum class GilUse : std::uint8_t {
  none,       // does not need it: it sleeps, computes outside of it, or there is none
  coming,     // awake, and on its way to take it
  waiting,    // asleep in the queue for it
  holding,    // has it
  switching,  // has dropped it because it was asked to, and sleeps until another has it
  woken,      // was told that it is free, and does not run yet
};

struct PythonThread {
  GilUse gil = GilUse::none;
  bool interval_over = false;       // it has waited for a whole switch interval
  bool outside = false;             // what it computes does not need the lock
  std::uint64_t switches_seen = 0;  // of the lock, when it began to wait
  std::uint64_t waits = 0;          // for the lock, so far
  CpuTime work;                     // that it still wants, of what it was told to compute
  RequestId request;                // for which it computes; none: for the server itself
  WaitState executing = WaitState::server_cpu;  // what the request's account calls that

  // It has asked for CPU and has not got all of it.
  bool wants_cpu() const {
    if (gil == GilUse::coming) return true;
    return (gil == GilUse::none || gil == GilUse::holding) && !work.is_zero();
  }

  void hash_into(Hasher& hasher) const {
    hasher.add(static_cast<std::uint64_t>(gil) << 2 | std::uint64_t{interval_over} << 1 |
               std::uint64_t{outside});
    hasher.add(switches_seen);
    hasher.add(waits);
    hasher.add_signed(work.count());
    hasher.add(request.index());
    hasher.add(static_cast<std::uint64_t>(executing));
  }
};

}  // namespace cotenant
