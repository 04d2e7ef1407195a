// SPDX-License-Identifier: Apache-2.0
//
// Clients that send pings over their WebSockets, and give up one on which no answer comes in time:
// what libraries do, and browsers do not. Mechanism, sources and evidence:
// docs/models/websockets.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// A request over it has its reply, and the client keeps it.
void begin_pings(World& world, const Blueprint& blueprint, ConnectionId websocket);

// The client has closed the connection.
void stop_pings(World& world, ConnectionId websocket);
// Whichever the session has.
void stop_pings(World& world, SessionId session);

void on_client_ping_due(World& world, const Blueprint& blueprint, SessionId session,
                        Effects& effects);

// The server has answered one, over the connection at its end.
void on_pong(World& world, const Blueprint& blueprint, ConnectionId last);

}  // namespace cotenant
