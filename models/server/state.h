// SPDX-License-Identifier: Apache-2.0
//
// What changes in a service and its workers during a run. Written by models/server/sync_workers.cpp
// only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/ids.h"
#include "models/server/service.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

// A queue of bounded capacity in one fixed block.
template <class Value>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity = 0) : ring_(capacity) {}

  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == ring_.size(); }
  std::size_t size() const { return count_; }
  Value front() const {
    COTENANT_ASSERT(count_ > 0);
    return ring_[first_];
  }
  void push(Value value) {
    COTENANT_ASSERT(!full());
    ring_[wrapped(first_ + count_++)] = value;
  }
  Value pop() {
    const Value value = front();
    first_ = wrapped(first_ + 1);
    --count_;
    return value;
  }
  void hash_into(Hasher& hasher) const {
    hasher.add(count_);
    for (std::size_t i = 0; i < count_; ++i) hasher.add(ring_[wrapped(first_ + i)].index());
  }

 private:
  std::size_t wrapped(std::size_t at) const { return at < ring_.size() ? at : at - ring_.size(); }

  std::vector<Value> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

enum class WorkerPhase : std::uint8_t {
  idle,        // blocked in select(), in the queue of idle workers
  waking,      // runnable after a connection came; has not called accept() yet
  accepting,   // the server's code before the application
  computing,   // a cpu step of the application
  waiting,     // a wait step of the application
  responding,  // the server's code after it
  finishing,   // the server's code after the reply
};

struct WorkerState {
  WorkerPhase phase = WorkerPhase::idle;
  std::uint16_t step = 0;  // of the application, while it runs
  RequestId request;       // from accepting to responding
  CpuTime paid;            // of the accept phase, already spent while waking
  // When the code of each server phase last ran in this process.
  std::array<Instant, kServerPhases> last_ran{};

  void hash_into(Hasher& hasher) const;
};

struct ServiceState {
  BoundedQueue<RequestId> accept_queue;
  BoundedQueue<WorkerId> idle;   // in the order in which they fell idle
  std::uint32_t in_service = 0;  // requests with the server: queued or in a worker

  void hash_into(Hasher& hasher) const;
};

}  // namespace cotenant
