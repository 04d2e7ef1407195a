// SPDX-License-Identifier: Apache-2.0
//
// What calls need where they are made: each connection of one service to another has a local port
// of its machine, and a file descriptor of its process. Who closes first keeps the port for a
// while. Those of a proxy need ports, too; its descriptors are in models/server/sockets.h. Clients
// have addresses of their own. Mechanism, sources and evidence: docs/models/sockets.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// What a new connection of a process that calls to what it calls would occupy. Of a call to a
// database its connections say whether they are new (models/service/connections.h).
LocalEnd end_of_call(const World& world, const Blueprint& blueprint, RequestId call);

// The call opens a connection, which its caller keeps or not. False: no port or descriptor is left,
// and that fails (EADDRNOTAVAIL, EMFILE).
bool open_end(World& world, const Blueprint& blueprint, RequestId call);

// It has its outcome, and with that the connection is closed unless its caller keeps it.
void return_end(World& world, const RequestEnded& call);

}  // namespace cotenant
