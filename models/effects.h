// SPDX-License-Identifier: Apache-2.0
//
// What a handler wants to happen next, at the same instant, in another domain. Handlers never call
// each other: they write effects, and models/step.cpp delivers these in the order written until
// none is left. The sink has a fixed capacity, set when a world is built, so that a step never
// allocates.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "models/cpu/scheduler.h"
#include "models/machine/machine.h"
#include "models/request/outcome.h"
#include "models/request/request.h"
#include "sim/base/units.h"

namespace cotenant {

struct RequestArrived {
  RequestId request;
};  // workload -> recorder
struct Connect {
  RequestId request;
};  // workload -> server: a SYN
struct SynDropped {
  RequestId request;
};  // server -> workload
struct DemandCpu {
  TaskRef task;
  CpuTime work;
};  // server, neighbor -> cpu
struct WithdrawCpu {
  TaskRef task;
};  // neighbor -> cpu
struct ShortenCpu {
  TaskRef task;
  CpuTime left;
};  // server -> cpu: it is to stop what it does, and will say so when it has run that much longer
struct WorkDone {
  TaskRef task;
  BurstTimes times;
};  // cpu -> server, neighbor
struct RequestEnded {
  RequestId request;
  Outcome outcome;
};  // anyone -> recorder, workload

using Effect = std::variant<RequestArrived, Connect, SynDropped, DemandCpu, WithdrawCpu, ShortenCpu,
                            WorkDone, RequestEnded>;

class Effects {
 public:
  explicit Effects(std::size_t capacity) : ring_(capacity) {}

  void push(const Effect& effect) {
    COTENANT_ASSERT(count_ < ring_.size());
    std::size_t at = first_ + count_;
    if (at >= ring_.size()) at -= ring_.size();
    ring_[at] = effect;
    ++count_;
  }
  bool empty() const { return count_ == 0; }
  // Stays valid until it is popped, also while others are pushed: there is always room for one
  // more.
  const Effect& front() const {
    COTENANT_ASSERT(count_ > 0);
    return ring_[first_];
  }
  void pop() {
    COTENANT_ASSERT(count_ > 0);
    first_ = first_ + 1 == ring_.size() ? 0 : first_ + 1;
    --count_;
  }

 private:
  std::vector<Effect> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace cotenant
