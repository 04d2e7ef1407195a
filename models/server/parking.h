// SPDX-License-Identifier: Apache-2.0
//
// What a server does with a connection when the reply is out: it closes it, or parks it until the
// next request comes, or nothing for too long. Who watches parked connections and when the server
// gets to close one is said by each kind. Mechanism, sources and evidence:
// docs/models/connections.md.
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// The reply on the connection is out. True when it stays open.
bool keep_or_close(const ServerThread& thread, ConnectionId connection, Outcome outcome);

// Where it is parked at its process: WebSockets apart, because they expire at proxies only.
ConnectionList& list_of(ProcessState& process, const Connection& connection);

// The process closes a connection that is parked there.
void close_kept(World& world, ProcessState& process, ConnectionId connection);

// From when on a parked connection may be closed.
Instant expiry_of(const ServerThread& thread, ConnectionId parked);
bool has_expired(const ServerThread& thread, ConnectionId parked);

// The process will look at its parked connections by then, or earlier.
void look_at_parked(const ServerThread& thread, Instant at);
// The same of a proxy, at WebSockets.
void look_at_tunnels(const ServerThread& proxy, Instant at);
// The server of a WebSocket sends a ping over it when its interval is over.
void ping_later(const ServerThread& loop, ConnectionId websocket);

// The process has ended, and closes what it has kept. What it was about to do with that is
// forgotten.
void lose_connections(World& world, ProcessId process);

// What closing a connection costs that has been kept: what was left undone of the finish phase.
CpuTime cost_of_closing(const ServerThread& thread);

}  // namespace cotenant
