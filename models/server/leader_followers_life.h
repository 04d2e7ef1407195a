// SPDX-License-Identifier: Apache-2.0
//
// How processes of threads that accept for themselves end, and how many of them there are: uWSGI's
// harakiri, max-requests and cheaper, mod_wsgi's request-timeout and maximum-requests. Evidence:
// docs/models/uwsgi.md, docs/models/mod-wsgi.md.
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// A thread has read a request; and it has closed its connection.
void request_begins(const ServerThread& thread);
void request_is_over(const ServerThread& thread);

// The process is overdue. True where it is told so, and ends by itself.
bool told_to_end(World& world, const Blueprint& blueprint, ProcessId process);

// It has finished what it held, or has taken too long.
void on_leader_process_due(World& world, const Blueprint& blueprint, ProcessId process,
                           Effects& effects);

// The number of processes changes with the load.
bool adapts(const ServiceSpec& service);
// The process is not there at first.
bool begins_stopped(const Blueprint& blueprint, ProcessId process);
// The main process looks whether there are enough.
void adapt(World& world, const Blueprint& blueprint, ServiceId service);

}  // namespace cotenant
