// SPDX-License-Identifier: Apache-2.0
#include "models/service/tunnels.h"

namespace cotenant {
namespace {

bool is_open_for(const World& world, RequestId caller) {
  const Request& request = world.requests[caller];
  return !request.ended && !world.connections[request.connection].keeper.is_none();
}

// It counts as open at its server, and among the connections of the proxy's process.
void join(World& world, const Call& call, ConnectionId onward) {
  const ConnectionId origin = world.requests[call.caller].connection;
  world.connections.join(origin, onward, call.peer);
  ++world.processes[world.connections[origin].process].sockets;
}

}  // namespace

bool is_message(const World& world, RequestId id) {
  const ConnectionId over = world.requests[id].connection;
  if (over.is_none() || !world.connections[over].is_websocket()) return false;
  return world.connections[over].requests > 1;
}

Outcome message_passed_on(Outcome outcome) {
  const bool is_answer = outcome == Outcome::completed || outcome == Outcome::error_500;
  return is_answer ? outcome : Outcome::reset;
}

bool settle_tunnel(World& world, RequestId id, Outcome outcome) {
  const ConnectionId over = world.requests[id].connection;
  if (over.is_none() || !world.connections[over].is_websocket()) return false;
  const Connection& connection = world.connections[over];
  const Call& call = world.calls[id];
  const bool is_free = connection.idle && connection.request.is_none();
  const bool is_wanted = !call.caller.is_none() && is_open_for(world, call.caller);
  const bool stays = outcome == Outcome::completed && is_free && is_wanted;
  const bool is_joined = !connection.origin.is_none();
  if (stays && !is_joined) join(world, call, over);
  if (!stays && is_joined) part_tunnel(world, over);
  return stays;
}

void part_tunnel(World& world, ConnectionId onward) {
  const Connection& connection = world.connections[onward];
  const ProcessId proxy = world.connections[connection.origin].process;
  world.upstreams[proxy].end_well(connection.peer);
  --world.processes[proxy].sockets;
  world.connections.part(onward);
}

void refresh_tunnel(World& world, ConnectionId last) {
  for (ConnectionId id = last; !id.is_none(); id = world.connections[id].origin) {
    const Connection& connection = world.connections[id];
    if (connection.onward.is_none() || !connection.idle) continue;
    ConnectionList& list = world.processes[connection.process].websockets;
    world.connections.unpark(id, list);
    world.connections.park(id, list, world.events.now());
  }
}

ConnectionId last_of_tunnel(const World& world, ConnectionId first) {
  while (!world.connections[first].onward.is_none()) first = world.connections[first].onward;
  return first;
}

ConnectionId first_of_tunnel(const World& world, ConnectionId last) {
  while (!world.connections[last].origin.is_none()) last = world.connections[last].origin;
  return last;
}

}  // namespace cotenant
