// SPDX-License-Identifier: Apache-2.0
#include "models/server/parking.h"

#include <algorithm>
#include <variant>

#include "models/service/tunnels.h"

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

const ProxySpec* proxy_of(const ServerThread& thread) {
  const auto* loop = std::get_if<LoopSpec>(&thread.service_spec().server);
  return loop != nullptr && loop->proxy ? &*loop->proxy : nullptr;
}

// A proxy has nothing to keep one for where no server has.
bool keeps_websocket(const ServerThread& thread, const Connection& connection, Outcome outcome) {
  const bool leads_on = proxy_of(thread) == nullptr || !connection.onward.is_none();
  return leads_on && outcome == Outcome::completed && goes_on(thread);
}

bool keeps(const ServerThread& thread, const Connection& connection, Outcome outcome) {
  if (connection.is_websocket() && !connection.keeper.is_none()) {
    return keeps_websocket(thread, connection, outcome);
  }
  const std::optional<KeepAliveSpec>& keep_alive = thread.service_spec().keep_alive;
  if (!keep_alive || connection.keeper.is_none()) return false;
  return may_follow(thread, outcome) && goes_on(thread) &&
         thread.process().parked.size < keep_alive->most &&
         connection.requests < keep_alive->requests;
}

// A loop hears of it that the other end was closed.
void tell(World& world, ConnectionId closed) {
  world.events.start_timer(world.events.now(), order(Phase::server),
                           {EventKind::hung_up, closed.index()});
}

// What a proxy has closed towards its client it closes towards the server, too.
void close_onward(World& world, ConnectionId id) {
  const ConnectionId onward = world.connections[id].onward;
  if (onward.is_none()) return;
  part_tunnel(world, onward);
  if (world.connections.hang_up(onward, world.events.now())) tell(world, onward);
}

// And the other way round.
void close_origin(World& world, ConnectionId onward) {
  const ConnectionId origin = world.connections[onward].origin;
  part_tunnel(world, onward);
  world.connections.give_up_onward(onward);
  if (world.connections.begin_closing(origin)) tell(world, origin);
}

// The client of a WebSocket waits for nothing, and has to be told.
void tell_client(World& world, const Connection& connection) {
  world.events.start_timer(world.events.now(), order(Phase::client),
                           {EventKind::websocket_lost, connection.session.index()});
}

// A proxy's list is in the order in which something came over them.
void watch_websocket(const ServerThread& thread, ConnectionId id) {
  if (proxy_of(thread) != nullptr) {
    if (!thread.process().tunnel_timer.is_none()) return;
    return look_at_tunnels(thread, expiry_of(thread, thread.process().websockets.earliest));
  }
  const bool sends_pings =
      std::get<LoopSpec>(thread.service_spec().server).ping_interval.has_value();
  if (!sends_pings || thread.world.connections[id].requests > 1) return;
  thread.world.connections.begin_ping(id);
  ping_later(thread, id);
}

}  // namespace

ConnectionList& list_of(ProcessState& process, const Connection& connection) {
  return connection.is_websocket() ? process.websockets : process.parked;
}

void close_kept(World& world, ProcessState& process, ConnectionId id) {
  const Connection& connection = world.connections[id];
  const bool is_awaited = !connection.keeper.is_none() && connection.request.is_none();
  close_onward(world, id);
  if (is_awaited && !connection.origin.is_none()) {
    close_origin(world, id);
  } else if (is_awaited && connection.is_websocket()) {
    tell_client(world, connection);
  }
  world.connections.close_parked(id, list_of(process, connection));
}

bool keep_or_close(const ServerThread& thread, ConnectionId id, Outcome outcome) {
  Connections& connections = thread.world.connections;
  connections.release(id);
  if (!keeps(thread, connections[id], outcome)) {
    close_onward(thread.world, id);
    connections.close_by_server(id);
    return false;
  }
  connections.park(id, list_of(thread.process(), connections[id]), thread.now());
  if (connections[id].is_websocket()) {
    watch_websocket(thread, id);
    return true;
  }
  if (thread.process().idle_timer.is_none()) {
    const Instant first = expiry_of(thread, thread.process().parked.earliest);
    look_at_parked(thread, std::max(first, thread.now()));
  }
  return true;
}

Instant expiry_of(const ServerThread& thread, ConnectionId parked) {
  const Connection& connection = thread.world.connections[parked];
  if (!connection.is_websocket()) {
    return connection.idle_since + thread.service_spec().keep_alive->longest;
  }
  const ProxySpec* proxy = proxy_of(thread);
  return proxy == nullptr ? Instant::never() : connection.idle_since + proxy->read_timeout;
}

// A proxy's WebSocket also when it leads nowhere any more.
bool has_expired(const ServerThread& thread, ConnectionId parked) {
  const Connection& connection = thread.world.connections[parked];
  const bool is_tunnel = connection.is_websocket() && proxy_of(thread) != nullptr;
  if (is_tunnel && connection.onward.is_none()) return true;
  return expiry_of(thread, parked) <= thread.now();
}

// One timer for all of them, in the order in which they were parked: requests come and go without
// touching it.
void look_at_parked(const ServerThread& thread, Instant at) {
  const ProcessId process = thread.spec().process;
  thread.process().idle_timer = thread.world.events.start_timer(
      at, order(Phase::server), {EventKind::idle_due, process.index()});
}

void ping_later(const ServerThread& loop, ConnectionId websocket) {
  const Duration interval = std::get<LoopSpec>(loop.service_spec().server).ping_interval.value();
  loop.world.events.start_timer(loop.now() + interval, order(Phase::server),
                                {EventKind::ping_due, websocket.index()});
}

void look_at_tunnels(const ServerThread& proxy, Instant at) {
  const ProcessId process = proxy.spec().process;
  proxy.process().tunnel_timer = proxy.world.events.start_timer(
      at, order(Phase::server), {EventKind::tunnel_due, process.index()});
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
      if (callback.is_ping()) return connections.end_ping(callback.connection);
      if (!callback.connection.is_none()) connections.end_closing(callback.connection);
    });
  }
  stop_timer(world, process.idle_timer);
}

CpuTime cost_of_closing(const ServerThread& thread) {
  return std::max(thread.cost(ServerPhase::finish) - thread.cost(ServerPhase::keep), CpuTime(0));
}

}  // namespace cotenant
