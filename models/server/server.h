// SPDX-License-Identifier: Apache-2.0
//
// What all kinds of servers share, and the choice between them: a request is answered 503, or it is
// the kind's turn. Of those with a listening socket a SYN is admitted to its accept queue, or
// dropped. A kind of server is a file beside this one; its threads are kinds of TaskOwner.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Every server waits for connections.
void start_services(World& world, const Blueprint& blueprint);

// A request arrives: a SYN, or a call to a service that is always connected.
void on_connect(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

// A request arrives on a connection that the server has kept; the client of one has closed it.
void on_request_sent(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);
void on_hung_up(World& world, const Blueprint& blueprint, ConnectionId connection,
                Effects& effects);

// The client of a request that a server holds has given up, and closed its connection.
void on_client_left(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

// A connection that a process keeps may have been idle for long enough.
void on_idle_due(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

}  // namespace cotenant
