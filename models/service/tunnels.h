// SPDX-License-Identifier: Apache-2.0
//
// WebSockets through a proxy: the handshake opens a connection to one of the servers behind it, and
// from then on this and that to the client are one, for messages in either direction, until an end
// of either closes. Who closes what when is in models/server/parking.h; mechanism, sources and
// evidence: docs/models/websockets.md.
#pragma once

#include "models/request/outcome.h"
#include "models/world.h"

namespace cotenant {

// The request, or call, comes over a WebSocket that was opened before.
bool is_message(const World& world, RequestId request);

// What the proxy's client gets when a message has ended so behind it.
Outcome message_passed_on(Outcome outcome);

// A call has this outcome. True when its connection stays open, with that of its caller.
bool settle_tunnel(World& world, RequestId call, Outcome outcome);

// The proxy has nothing to do any more with the connection to the server.
void part_tunnel(World& world, ConnectionId onward);

// Something has come over the connection: no proxy on its way is silent.
void refresh_tunnel(World& world, ConnectionId last);

// The connection to the server that has the application; to the first proxy, if any.
ConnectionId last_of_tunnel(const World& world, ConnectionId first);
ConnectionId first_of_tunnel(const World& world, ConnectionId last);

}  // namespace cotenant
