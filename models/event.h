// SPDX-License-Identifier: Apache-2.0
//
// Everything that can be due: the closed set of events, and the order among those of one instant.
// The folder named beside a kind owns it and handles it; models/step.cpp only routes.
#pragma once

#include <cstdint>

#include "sim/base/hash.h"

namespace cotenant {

enum class EventKind : std::uint8_t {
  cpu_due,           // cpu: the next_instant() of the scheduler of machine `entity` has come
  wait_done,         // server: the wait step of worker `entity` is over
  client_timeout,    // workload: the client of request `entity` gives up
  syn_due,           // workload: the client of request `entity` sends its SYN again
  source_due,        // workload: source `entity` produces its next request
  user_ready,        // workload: closed user `entity` has finished thinking
  neighbor_due,      // neighbor: thread `entity` wakes up, or means to sleep
  thread_slept,      // server: Python thread `entity` has slept as long as it meant to
  gil_timeout,       // python: thread `entity` has waited for its lock, or been woken for it
  retry_due,         // workload: the client of request `entity` tries again
  arbiter_due,       // server: the arbiter of service `entity` looks for workers that hang
  worker_forked,     // server: the process of worker `entity` is replaced by a new one
  loop_io,           // server: what request `entity` waits for outside of its event loop is there
  loop_timer,        // server: a timer of an event loop, that of request `entity`, is due
  hedge_due,         // service: call `entity` has gone without a reply for as long as it may
  process_due,       // server: something in the life of process `entity` is due
  external_due,      // server: an external service goes on with request `entity`
  pool_timeout,      // service: call `entity` has waited for a connection for as long as it may
  idle_due,          // server: process `entity` may have kept a connection for long enough
  instance_idle,     // server: the process of worker `entity` has had nothing to do for too long
  task_overdue,      // server: task `entity` has been worked on for as long as it may
  keep_due,          // workload: the process in row `entity` looks at connections that it keeps
  session_ready,     // workload: session `entity` has finished thinking
  transfer_done,     // workload: what the client of request `entity` sends or gets is all there
  task_visible,      // server: task `entity` has not been acknowledged for too long
  websocket_lost,    // workload: the server has closed the WebSocket of session `entity`
  disk_due,          // disk: the next_instant() of the disk of machine `entity` has come
  writeback_due,     // disk: the kernel of machine `entity` looks for old dirty pages
  pages_cleaned,     // disk: the task of request `entity` may have dirty pages again
  oom_kill,          // server: the kernel kills the process in place `entity` for lack of memory
  memory_leaks,      // server: the process in place `entity` has leaked some more
  stall_over,        // disk: the task of request `entity` has slept for memory.high
  neighbor_cleaned,  // disk: neighbor `entity` may have dirty pages again
  log_cleaned,       // disk: the log daemon of machine `entity` may have dirty pages again
  listen_due,        // server: the event loop of process `entity` tries to accept again
  service_starts,    // server: service `entity` is started again, after its main process had ended
  trip_done,         // service: call `entity` has come to the computer that it is for
  hung_up,           // server: the other end of connection `entity` was closed by a proxy
  tunnel_due,        // server: proxy process `entity` may have passed on nothing for long enough
  ping_due,          // server: the server sends a ping on WebSocket `entity`
  client_ping_due,   // workload: session `entity` sends a ping, or has waited for its answer
  idle_stop_due,     // server: the platform looks whether anybody has asked for service `entity`
  probe_due,         // server: a kubelet sends the probe that is call `entity`
  service_ends,      // server: service `entity`, told to end, looks whether its workers are done
};

struct Event {
  EventKind kind;
  std::uint32_t entity;

  void hash_into(Hasher& hasher) const {
    hasher.add(static_cast<std::uint64_t>(kind) << 32 | entity);
  }
};

// Events of one instant happen in the order of their phases; within a phase in the order in which
// they were scheduled, and no conclusion may depend on that (a test permutes it).
enum class Phase : std::uint8_t {
  cpu,      // work that is done at an instant is done before anything else sees that instant
  server,   // then what waited for time to pass continues
  client,   // a reply at the very instant of the timeout is in time, so timeouts come after it
  arrival,  // a new request finds the system as its predecessors left it
};

constexpr std::uint8_t order(Phase phase) { return static_cast<std::uint8_t>(phase); }

}  // namespace cotenant
