// SPDX-License-Identifier: Apache-2.0
//
// nginx's worker_connections: each process has a fixed number of connections for clients and
// servers together. What is idle counts, too, and is given up first where it is a client's;
// servers' stay, and so do WebSockets. The rules are those of ngx_get_connection() and
// ngx_drain_connections() (core/ngx_connection.c): docs/models/nginx.md.
#pragma once

#include "models/blueprint.h"
#include "models/world.h"

namespace cotenant {

// A file descriptor for another connection.
bool proxy_has_descriptor(const World& world, const Blueprint& blueprint, ProcessId process);

// The proxy's process opens another connection for the request. False: it has no more.
bool open_socket(World& world, const Blueprint& blueprint, ProcessId process, RequestId request);

// One that was idle is the request's now.
void hold_socket(World& world, ProcessId process, RequestId request);

// That to a server is not the request's any more; none of them is.
void close_socket(World& world, const Blueprint& blueprint, RequestId request);
void close_sockets(World& world, const Blueprint& blueprint, RequestId request);

}  // namespace cotenant
