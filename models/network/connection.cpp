// SPDX-License-Identifier: Apache-2.0
#include "models/network/connection.h"

namespace cotenant {

// When its client got the last reply, unused_since, is not in here: what happened tells.
void Connection::hash_into(Hasher& hasher) const {
  hasher.add(ordinal);
  hasher.add(keeper.index());
  hasher.add(process.index());
  hasher.add(request.index());
  hasher.add(std::uint64_t{at_server} << 2 | std::uint64_t{idle} << 1 | std::uint64_t{closing});
  hasher.add_signed(idle_since.ns());
  hasher.add(unused.later.index());
  hasher.add(parked.later.index());
  if (is_websocket()) hasher.add(session.index());
  if (!onward.is_none()) hasher.add(onward.index());
  if (pings > 0) hasher.add(std::uint64_t{pings});
}

void ConnectionList::push(ConnectionTable& table, ConnectionLinks Connection::*links,
                          ConnectionId id) {
  table[id].*links = {latest, ConnectionId::none()};
  (latest.is_none() ? earliest : (table[latest].*links).later) = id;
  latest = id;
  ++size;
}

void ConnectionList::remove(ConnectionTable& table, ConnectionLinks Connection::*links,
                            ConnectionId id) {
  const ConnectionLinks around = table[id].*links;
  (around.earlier.is_none() ? earliest : (table[around.earlier].*links).later) = around.later;
  (around.later.is_none() ? latest : (table[around.later].*links).earlier) = around.earlier;
  table[id].*links = {};
  --size;
}

}  // namespace cotenant
