// SPDX-License-Identifier: Apache-2.0
//
// A request from its intended arrival to its outcome, and the account of where its time went.
// Latency is counted from the intended arrival, not from the first moment the server notices (no
// coordinated omission). A client may make several attempts: each has a row of its own in the
// table, and the last one is the request; earlier rows stay only while the server still works on
// them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "models/disk/io.h"
#include "models/ids.h"
#include "models/machine/machine.h"
#include "models/memory/spec.h"
#include "models/request/outcome.h"
#include "models/request/wait_state.h"
#include "sim/base/hash.h"
#include "sim/base/row_table.h"
#include "sim/base/units.h"
#include "sim/engine/event_set.h"

namespace cotenant {

// How a CPU burst divides whose state is `cpu`. The server's own code may run in the same burst as
// the application's, when nothing happens between them that anybody could see.
struct BurstPlan {
  Duration before;                         // the server's code, before the application
  Duration application = Duration::max();  // and then the server's code again
};

// Of a replayed recording: what says how much a request needs. None: no recording does.
struct RecordedRow {
  SourceId source;
  std::uint32_t row = 0;
};

struct Request {
  std::uint64_t ordinal = 0;  // its number in its source: the key of everything random about it
  SourceId source;            // none: another service calls
  RecordedRow recorded;       // of a call, that of the client at the other end
  ClassId request_class;
  UserId user;              // closed workloads only
  ConnectionId connection;  // that it is on; none: one of its own, which is closed after it

  Instant arrival;             // intended
  Instant attempted;           // when the current attempt began: the arrival, unless it is a retry
  std::uint32_t attempts = 1;  // begun so far
  Timer timeout;               // the client's, until it gives up
  Timer syn_timer;             // the client's, until its next SYN; of a call, until it is there
  std::uint8_t syns_dropped = 0;
  bool ended = false;      // it has its outcome; what is left of it burns capacity in vain
  bool at_server = false;  // the server holds it, queued or in a worker
  bool has_temporary_files = false;
  Outcome reply = Outcome::completed;  // or an error, once it has failed
  std::uint16_t step = 0;              // of the application, where a thread serves several in turns
  TaskRef task;                        // that works on it; none: it has not been accepted
  Timer wait;  // of an event loop: until what it waits for is there; of a task: its time limit
  Bytes held;  // memory, in a process
  ResidentId holder;  // which that is, if it holds any
  HeapId heap;        // that its Python objects are in; none: they do not count

  // The account. `state` is where it is since `since`; a CPU burst is booked when it is over,
  // because only then is it known how it divides into running, queued, throttled and stolen.
  WaitState state = WaitState::accept_queue;
  Instant since;
  WaitTimes times{};
  BurstPlan burst;  // of the CPU burst that it is in, if that is the application's

  void hash_into(Hasher& hasher) const;

  // The client waits to try again.
  bool pausing() const { return state == WaitState::retry; }
  bool failed() const { return reply != Outcome::completed; }
  bool is_call() const { return source.is_none(); }
};

// Books the time since the last booking under the current state and goes on in another one.
inline void enter(Request& request, WaitState next, Instant now) {
  request.times[static_cast<std::size_t>(request.state)] += now - request.since;
  request.state = next;
  request.since = now;
}

// Books a finished CPU burst that began at the last booking. The state that the request is in says
// whose instructions they were, the server's (server_cpu), the application's (cpu) or those of
// Python's garbage collector (gc).
inline void book_burst(Request& request, const BurstTimes& burst, Instant now) {
  COTENANT_ASSERT(burst.running + burst.queued + burst.throttled + burst.stolen ==
                  now - request.since);
  const auto book = [&](WaitState state, Duration time) {
    request.times[static_cast<std::size_t>(state)] += time;
  };
  const BurstPlan plan = std::exchange(request.burst, {});
  if (request.state == WaitState::cpu || request.state == WaitState::gc) {
    const Duration after = std::max(burst.running - plan.before, Duration(0));
    const Duration application = std::min(after, plan.application);
    book(request.state, application);
    book(WaitState::server_cpu, burst.running - application);
  } else {
    COTENANT_ASSERT(request.state == WaitState::server_cpu);
    book(WaitState::server_cpu, burst.running);
  }
  book(WaitState::run_queue, burst.queued);
  book(WaitState::throttled, burst.throttled);
  book(WaitState::stolen, burst.stolen);
  request.since = now;
}

// Books a finished IO that began at the last booking.
inline void book_io(Request& request, const IoTimes& io, Instant now) {
  COTENANT_ASSERT(io.total() == now - request.since);
  request.times[static_cast<std::size_t>(WaitState::disk_throttled)] += io.throttled;
  request.times[static_cast<std::size_t>(WaitState::disk_queue)] += io.queued;
  request.times[static_cast<std::size_t>(WaitState::disk_service)] += io.served;
  request.since = now;
}

// The server may have got the request, or a part of it, of an attempt that ends so now.
inline bool was_sent(const Request& request, Outcome outcome) {
  if (outcome != Outcome::timed_out) return outcome != Outcome::refused;
  return request.state != WaitState::syn_retry && request.state != WaitState::connection_pool;
}

// The requests in the system.
using RequestTable = RowTable<RequestId, Request>;

}  // namespace cotenant
