// SPDX-License-Identifier: Apache-2.0
#include "models/server/parking.h"

#include <algorithm>
#include <variant>

namespace cotenant {
namespace {

// After anything but success servers close: uvicorn says so in the 503 of its limit and after an
// exception of the application (h11_impl.py), gunicorn after an exception (gthread.py, handle).
// nginx does not for what it passes on, nor for its limits (ngx_http_special_response.c).
bool may_follow(const ServerThread& thread, Outcome outcome) {
  const auto* loop = std::get_if<LoopSpec>(&thread.service_spec().server);
  if (loop != nullptr && loop->proxy) {
    return outcome != Outcome::reset && outcome != Outcome::rejected_413;
  }
  return outcome == Outcome::completed;
}

// A gthread or gevent worker that has begun its last request keeps nothing any more (gthread.py,
// finish_request; base_async.py, handle_request); other event loops find out later, and then close
// what they have kept.
bool goes_on(const ServerThread& thread) {
  const ProcessState& process = thread.process();
  if (process.phase == ProcessPhase::running) return true;
  return process.loop && process.accepts() && !process.loop->is_hub();
}

bool keeps(const ServerThread& thread, const Connection& connection, Outcome outcome) {
  if (connection.is_websocket() && !connection.keeper.is_none()) {
    return may_follow(thread, outcome) && goes_on(thread);
  }
  const std::optional<KeepAliveSpec>& keep_alive = thread.service_spec().keep_alive;
  if (!keep_alive || connection.keeper.is_none()) return false;
  return may_follow(thread, outcome) && goes_on(thread) &&
         thread.process().parked.size < keep_alive->most &&
         connection.requests < keep_alive->requests;
}

}  // namespace

ConnectionList& list_of(ProcessState& process, const Connection& connection) {
  return connection.is_websocket() ? process.websockets : process.parked;
}

// The client of a WebSocket waits for nothing, and has to be told.
void close_kept(World& world, ProcessState& process, ConnectionId id) {
  const Connection& connection = world.connections[id];
  const bool is_awaited = !connection.keeper.is_none() && connection.request.is_none();
  if (connection.is_websocket() && is_awaited) {
    world.events.start_timer(world.events.now(), order(Phase::client),
                             {EventKind::websocket_lost, connection.session.index()});
  }
  world.connections.close_parked(id, list_of(process, connection));
}

bool keep_or_close(const ServerThread& thread, ConnectionId id, Outcome outcome) {
  Connections& connections = thread.world.connections;
  connections.release(id);
  if (!keeps(thread, connections[id], outcome)) {
    connections.close_by_server(id);
    return false;
  }
  connections.park(id, list_of(thread.process(), connections[id]), thread.now());
  if (connections[id].is_websocket()) return true;
  if (thread.process().idle_timer.is_none()) {
    const Instant first = expiry_of(thread, thread.process().parked.earliest);
    look_at_parked(thread, std::max(first, thread.now()));
  }
  return true;
}

Instant expiry_of(const ServerThread& thread, ConnectionId parked) {
  return thread.world.connections[parked].idle_since + thread.service_spec().keep_alive->longest;
}

bool has_expired(const ServerThread& thread, ConnectionId parked) {
  if (thread.world.connections[parked].is_websocket()) return false;
  return expiry_of(thread, parked) <= thread.now();
}

// One timer for all of them, in the order in which they were parked: requests come and go without
// touching it.
void look_at_parked(const ServerThread& thread, Instant at) {
  const ProcessId process = thread.spec().process;
  thread.process().idle_timer = thread.world.events.start_timer(
      at, order(Phase::server), {EventKind::idle_due, process.index()});
}

// Requests on them have nobody who would read them.
void lose_connections(World& world, ProcessId id) {
  Connections& connections = world.connections;
  ProcessState& process = world.processes[id];
  while (process.parked.size > 0) close_kept(world, process, process.parked.earliest);
  while (process.websockets.size > 0) close_kept(world, process, process.websockets.earliest);
  process.readable.for_each([&](ConnectionId readable) {
    if (connections[readable].request.is_none()) connections.end_closing(readable);
  });
  process.readable.clear();
  if (process.loop) {
    process.loop->for_each([&](const Callback& callback, bool) {
      if (!callback.connection.is_none()) connections.end_closing(callback.connection);
    });
  }
  stop_timer(world, process.idle_timer);
}

CpuTime cost_of_closing(const ServerThread& thread) {
  return std::max(thread.cost(ServerPhase::finish) - thread.cost(ServerPhase::keep), CpuTime(0));
}

}  // namespace cotenant
