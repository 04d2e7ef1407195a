// SPDX-License-Identifier: Apache-2.0
#include "models/network/connections.h"

#include <utility>

namespace cotenant {

ConnectionId Connections::open(KeeperId keeper, ServiceId service, RequestId request) {
  const ConnectionId id = table_.add();
  Connection& connection = table_[id];
  connection.ordinal = opened_++;
  connection.service = service;
  connection.keeper = keeper;
  connection.request = request;
  connection.requests = 1;
  return id;
}

ConnectionId Connections::find_unused(KeeperId keeper, ServiceId service) const {
  ConnectionId id = unused_[keeper].latest;
  while (!id.is_none() && table_[id].service != service) id = table_[id].unused.earlier;
  return id;
}

ConnectionId Connections::take(KeeperId keeper, ServiceId service, RequestId request) {
  const ConnectionId id = find_unused(keeper, service);
  if (id.is_none()) return id;
  unused_[keeper].remove(table_, &Connection::unused, id);
  table_[id].unused_by_client = false;
  COTENANT_ASSERT(table_[id].request.is_none() && table_[id].at_server);
  table_[id].request = request;
  ++table_[id].requests;
  return id;
}

void Connections::use(ConnectionId id, RequestId request) {
  COTENANT_ASSERT(table_[id].request.is_none());
  table_[id].request = request;
  ++table_[id].requests;
}

void Connections::keep(ConnectionId id, Instant now) {
  table_[id].unused_by_client = true;
  table_[id].unused_since = now;
  unused_[table_[id].keeper].push(table_, &Connection::unused, id);
}

void Connections::close_by_client(ConnectionId id, Instant now) {
  close_end(id, now);
  table_[id].keeper = KeeperId::none();
  forget_if_closed(id);
}

bool Connections::hang_up(ConnectionId id, Instant now) {
  close_end(id, now);
  table_[id].keeper = KeeperId::none();
  return begin_closing(id);
}

bool Connections::open_end(const LocalEnd& end, Instant now) {
  if (!take_descriptor(end.descriptors)) return false;
  if (end.ports.is_none() || ports_[end.ports].take(now)) return true;
  free_descriptor(end.descriptors);
  return false;
}

void Connections::close_end(const LocalEnd& end, Instant now) {
  if (!end.ports.is_none()) ports_[end.ports].close(now);
  if (!end.descriptors.is_none()) descriptors_[end.descriptors].free(end.life);
}

void Connections::free_end(const LocalEnd& end) {
  if (!end.ports.is_none()) ports_[end.ports].free();
  if (!end.descriptors.is_none()) descriptors_[end.descriptors].free(end.life);
}

void Connections::free_end(ConnectionId id) { free_end(std::exchange(table_[id].end, {})); }

void Connections::close_end(ConnectionId id, Instant now) {
  close_end(std::exchange(table_[id].end, {}), now);
}

ConnectionId Connections::give_up_one(KeeperId keeper) {
  ConnectionList& list = unused_[keeper];
  const ConnectionId id = list.earliest;
  list.remove(table_, &Connection::unused, id);
  table_[id].unused_by_client = false;
  return id;
}

void Connections::release(ConnectionId id) {
  COTENANT_ASSERT(!table_[id].request.is_none());
  table_[id].request = RequestId::none();
}

void Connections::close_by_server(ConnectionId id) {
  Connection& connection = table_[id];
  connection.at_server = false;
  connection.idle = false;
  if (std::exchange(connection.unused_by_client, false)) {
    unused_[connection.keeper].remove(table_, &Connection::unused, id);
    connection.keeper = KeeperId::none();
    free_end(id);
  }
  forget_if_closed(id);
}

void Connections::park(ConnectionId id, ConnectionList& at, Instant now) {
  Connection& connection = table_[id];
  connection.idle = true;
  connection.idle_since = now;
  at.push(table_, &Connection::parked, id);
}

void Connections::unpark(ConnectionId id, ConnectionList& at) {
  COTENANT_ASSERT(table_[id].idle);
  at.remove(table_, &Connection::parked, id);
  table_[id].idle = false;
}

void Connections::end_closing(ConnectionId id) {
  table_[id].closing = false;
  forget_if_closed(id);
}

void Connections::end_ping(ConnectionId id) {
  --table_[id].pings;
  forget_if_closed(id);
}

void Connections::join(ConnectionId origin, ConnectionId onward, std::uint32_t peer) {
  table_[origin].onward = onward;
  table_[onward].origin = origin;
  table_[onward].peer = peer;
}

void Connections::part(ConnectionId onward) {
  table_[std::exchange(table_[onward].origin, ConnectionId::none())].onward = ConnectionId::none();
}

void Connections::give_up_onward(ConnectionId id) {
  free_end(id);
  table_[id].keeper = KeeperId::none();
}

void Connections::close_parked(ConnectionId id, ConnectionList& at) {
  at.remove(table_, &Connection::parked, id);
  close_by_server(id);
}

void Connections::forget_if_closed(ConnectionId id) {
  const Connection& connection = table_[id];
  const bool open = !connection.keeper.is_none() || connection.at_server;
  if (open || connection.closing || connection.pings > 0) return;
  if (!connection.request.is_none()) return;
  table_.remove(id);
}

Bytes Connections::memory() const {
  Bytes sum = table_.memory();
  for (const LocalPorts& ports : ports_) sum += ports.memory();
  return sum;
}

void Connections::hash_into(Hasher& hasher) const {
  for (const LocalPorts& ports : ports_) ports.hash_into(hasher);
  for (const Descriptors& descriptors : descriptors_) descriptors.hash_into(hasher);
  if (unused_.empty()) return;
  hasher.add(opened_);
  table_.hash_into(hasher);
  for (const ConnectionList& unused : unused_) hasher.add(unused.latest.index());
}

}  // namespace cotenant
