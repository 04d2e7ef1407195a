// SPDX-License-Identifier: Apache-2.0
//
// What a handler wants to happen next, at the same instant, in another domain. Handlers never call
// each other: they write effects, and models/step.cpp delivers these in the order written until
// none is left. The sink has a fixed capacity, set when a world is built, so that a step never
// allocates.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
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
};                            // workload -> recorder
struct SessionBegan {};       // workload -> recorder
struct SessionReconnects {};  // workload -> recorder: its WebSocket was lost
struct SessionEnded {
  Instant began;
  bool lost;
};  // workload -> recorder
struct Connect {
  RequestId request;
};  // workload -> server: a SYN, or a call to a database
struct SendRequest {
  RequestId request;
};  // workload -> server: on a connection that both ends have kept
struct HangUp {
  ConnectionId connection;
};  // workload -> server: a client does not want to keep it any longer
struct Ping {
  ConnectionId connection;
};  // workload -> server: of the client of a WebSocket
struct Pong {
  ConnectionId connection;
};  // server -> workload: its answer
struct ClientLeft {
  RequestId request;
};  // workload -> server: the client of a request that it holds has given up
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
};  // server -> itself, for a phase that cost nothing; what did cost comes from the cpu event
struct BeginCalls {
  RequestId caller;
};  // server -> service: the calls of the step that it is at
struct CallsDone {
  RequestId caller;
};  // service, disk -> server: it may go on; server -> itself: the client that it waited for has
    // left
struct NeighborServed {
  NeighborId neighbor;
};  // disk -> neighbor: what it has done with a file is done
struct RequestEnded {
  RequestId request;
  Outcome outcome;
};  // anyone -> its sender, who may try again; otherwise -> recorder

using Effect =
    std::variant<RequestArrived, Connect, SendRequest, HangUp, ClientLeft, SynDropped, DemandCpu,
                 WithdrawCpu, ShortenCpu, WorkDone, BeginCalls, CallsDone, RequestEnded,
                 SessionBegan, SessionReconnects, SessionEnded, NeighborServed, Ping, Pong>;

class Effects {
 public:
  // Room for at least that many, rounded up so that going round the ring is a mask.
  explicit Effects(std::size_t capacity)
      : ring_(std::bit_ceil(capacity)), mask_(ring_.size() - 1) {}

  template <class What>
  void push(const What& what) {
    COTENANT_ASSERT(count_ <= mask_);
    ring_[(first_ + count_++) & mask_].template emplace<What>(what);
  }
  // Makes room for so many more: what ends at once may be any number. Not during a delivery.
  void reserve(std::size_t more) {
    if (count_ + more <= ring_.size()) return;
    Effects larger(count_ + more);
    for (std::size_t i = 0; i < count_; ++i) larger.ring_[i] = ring_[(first_ + i) & mask_];
    larger.count_ = count_;
    *this = std::move(larger);
  }
  // Calls deliver(effect) for each, also for those that are pushed meanwhile, until none is left.
  template <class Deliver>
  void deliver_all(Deliver&& deliver) {
    while (count_ > 0) {
      // Its place is not used again before it is delivered.
      deliver_one(deliver, ring_[first_], std::make_index_sequence<std::variant_size_v<Effect>>());
      first_ = (first_ + 1) & mask_;
      --count_;
    }
  }

 private:
  // As std::visit() does by a table of functions: so it becomes a switch, and they are inline.
  template <class Deliver, std::size_t... kIndex>
  static void deliver_one(Deliver& deliver, const Effect& effect, std::index_sequence<kIndex...>) {
    const std::size_t index = effect.index();
    static_cast<void>(((index == kIndex && (deliver(*std::get_if<kIndex>(&effect)), true)) || ...));
  }

  std::vector<Effect> ring_;
  std::size_t mask_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace cotenant
