// SPDX-License-Identifier: Apache-2.0
//
// An event loop whose process has no file descriptor left for a connection: accept() fails, and the
// loop stops listening for a while. The pauses are those of asyncio (selector_events.py,
// _accept_connection), gevent (baseserver.py, _do_read) and nginx (ngx_event_accept.c). Mechanism,
// sources and evidence: docs/models/sockets.md.
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// What accept() needs before it looks for a connection.
bool has_descriptor(const ServerThread& loop);

// The connection that the loop has just accepted has one.
void take_descriptor(const ServerThread& loop);

// Without: the loop listens no more for a while. True when failing costs nothing.
bool fail_to_accept(const ServerThread& loop);
// It has failed for as long as it does, and will try once more.
void end_failing(const ServerThread& loop);

// Nothing is left of that in a new process.
void listen_anew(World& world, ProcessId process);

}  // namespace cotenant
