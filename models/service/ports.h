// SPDX-License-Identifier: Apache-2.0
//
// The local ports of calls: each connection of one service to another needs one, those of a proxy
// included, and who closes it first keeps its port for a while. Clients have addresses of their
// own. Mechanism, sources and evidence: docs/models/sockets.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// From where a process that calls connects to what it calls; none: that needs no port. Of a call to
// a database its connections say whether they are new (models/service/connections.h).
PortsId ports_of_call(const World& world, const Blueprint& blueprint, RequestId call);

// The call opens a connection, which its caller keeps or not. False: no port is left, and connect()
// fails (EADDRNOTAVAIL).
bool take_port(World& world, const Blueprint& blueprint, RequestId call);

// The other end has turned the connection down or closed it; or this one closes it first. Nothing
// happens for none.
void free_port(World& world, PortsId ports);
void close_port(World& world, PortsId ports);

// It has its outcome, and with that the connection is closed unless its caller keeps it.
void return_port(World& world, const RequestEnded& call);

}  // namespace cotenant
