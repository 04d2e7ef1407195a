// SPDX-License-Identifier: Apache-2.0
//
// A connection that may outlive the request on it, between its two ends: the client that keeps it
// for its next request, and the server process that has accepted it. One that is closed after its
// only request has no row: it is a part of that request. Mechanism, sources and evidence:
// docs/models/connections.md.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "models/network/descriptors.h"
#include "sim/base/hash.h"
#include "sim/base/row_table.h"
#include "sim/base/units.h"

namespace cotenant {

// The neighbors of a connection in a list, by the time at which they came into it.
struct ConnectionLinks {
  ConnectionId earlier, later;
};

struct Connection {
  std::uint64_t ordinal = 0;  // connections opened before it: tells those apart that shared a row
  ServiceId service;          // to which it is
  LocalEnd end;               // of a service that keeps it; none: a client elsewhere does
  KeeperId keeper;            // whose it is; none: its client has closed it
  ProcessId process;          // of the server, once that has accepted it; for good
  RequestId request;          // that is on it, until its reply
  SessionId session;          // of a WebSocket: that it stays open for
  bool at_server = false;     // the server has not closed it, nor turned it down
  bool idle = false;          // the server has replied and has not read the next request
  bool unused_by_client = false;  // its client keeps it, and has no request for it
  bool closing = false;           // the server is about to look whether to close it
  std::uint32_t requests = 0;     // so far; what was served tells, so it is not hashed
  // Of a WebSocket that a proxy passes on: that to the server behind it, and of that one the other.
  ConnectionId onward, origin;
  std::uint32_t peer = 0;  // which of the proxy's servers it is to
  std::uint8_t pings = 0;  // that are due, or that the server is about to see to
  Instant idle_since;      // as the server sees it
  Instant unused_since;    // as its client does, which may get the reply later
  ConnectionLinks unused;  // while its client has no request for it
  ConnectionLinks parked;  // while it is idle

  bool is_websocket() const { return !session.is_none(); }

  void hash_into(Hasher& hasher) const;
};

using ConnectionTable = RowTable<ConnectionId, Connection>;

// Connections in the order in which they came, linked by one of the members of their rows: each can
// leave at once, wherever it is.
struct ConnectionList {
  ConnectionId earliest, latest;
  std::uint32_t size = 0;

  void push(ConnectionTable& table, ConnectionLinks Connection::*links, ConnectionId id);
  void remove(ConnectionTable& table, ConnectionLinks Connection::*links, ConnectionId id);
};

}  // namespace cotenant
