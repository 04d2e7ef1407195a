// SPDX-License-Identifier: Apache-2.0
#include "models/workload/pings.h"

#include "models/service/tunnels.h"
#include "models/workload/client.h"
#include "models/workload/sessions.h"

namespace cotenant {
namespace {

const std::optional<PingSpec>& spec_of(const Blueprint& blueprint, const Session& session) {
  return blueprint.sources[session.source].sessions->websocket->ping;
}

void look_after(World& world, SessionId id, Duration time, bool awaits_pong) {
  Session& session = world.sessions[id];
  session.awaits_pong = awaits_pong;
  session.ping = world.events.start_timer(world.events.now() + time, order(Phase::arrival),
                                          {EventKind::client_ping_due, id.index()});
}

void hear_pong(World& world, const Blueprint& blueprint, ConnectionId id) {
  if (world.connections[id].keeper.is_none()) return;
  const SessionId session = world.connections[id].session;
  if (world.sessions[session].websocket != id || !world.sessions[session].awaits_pong) return;
  stop_timer(world, world.sessions[session].ping);
  look_after(world, session, spec_of(blueprint, world.sessions[session])->interval, false);
}

}  // namespace

void begin_pings(World& world, const Blueprint& blueprint, ConnectionId id) {
  if (!world.connections[id].is_websocket()) return;
  const SessionId session = world.connections[id].session;
  const std::optional<PingSpec>& ping = spec_of(blueprint, world.sessions[session]);
  if (!ping || world.sessions[session].websocket == id) return;
  world.sessions[session].websocket = id;
  look_after(world, session, ping->interval, false);
}

void stop_pings(World& world, ConnectionId id) {
  if (!world.connections[id].is_websocket()) return;
  const SessionId session = world.connections[id].session;
  if (world.sessions[session].websocket == id) stop_pings(world, session);
}

void stop_pings(World& world, SessionId id) {
  stop_timer(world, world.sessions[id].ping);
  world.sessions[id].websocket = ConnectionId::none();
}

// A client that has waited for too long closes the connection; while a reply comes it has no reason
// to.
void on_client_ping_due(World& world, const Blueprint& blueprint, SessionId id, Effects& effects) {
  Session& session = world.sessions[id];
  session.ping = Timer::none();
  const PingSpec& ping = spec_of(blueprint, session).value();
  const Connection& connection = world.connections[session.websocket];
  const bool receives = connection.request.is_none() && !connection.unused_by_client;
  if (receives) return look_after(world, id, ping.interval, false);
  if (!session.awaits_pong) {
    look_after(world, id, ping.timeout, true);
    return effects.push(Ping{session.websocket});
  }
  if (!connection.request.is_none()) {
    return effects.push(RequestEnded{connection.request, Outcome::timed_out});
  }
  close_connections(world, blueprint, id, effects);
  on_websocket_lost(world, blueprint, id, effects);
}

void on_pong(World& world, const Blueprint& blueprint, ConnectionId last) {
  hear_pong(world, blueprint, first_of_tunnel(world, last));
  world.connections.end_ping(last);
}

}  // namespace cotenant
