// SPDX-License-Identifier: Apache-2.0
//
// gunicorn's gthread workers: in each process the main thread accepts connections as long as the
// process holds fewer than it may, also when all threads are busy, and puts them into a queue of
// the process, from which a pool of threads serves them. Connections never move to another process.
// All threads of a process share Python's global lock (models/python/thread.h). Mechanism, sources
// and evidence: docs/models/gthread.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/server/server_thread.h"
#include "models/world.h"

namespace cotenant {

// All main threads wait in select(), all others for something to do.
void start_gthread(World& world, const Blueprint& blueprint, const GthreadSpec& server);

// A connection has entered the accept queue: select() returns in the main threads that wait for
// one.
void wake_gthread(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects);

// The thread has got the CPU it asked for.
void on_gthread_main_ran(World& world, const Blueprint& blueprint, ThreadId thread,
                         const BurstTimes& burst, Effects& effects);
void on_gthread_pool_ran(World& world, const Blueprint& blueprint, ThreadId thread,
                         const BurstTimes& burst, Effects& effects);

// On a connection that a process keeps a request has come; its client has closed it; one may have
// been idle for long enough.
void on_gthread_request(const ServerThread& main, RequestId request);
void on_gthread_hung_up(const ServerThread& main, ConnectionId connection);
void on_gthread_idle_due(const ServerThread& main);

// The wait step of the thread's request is over.
void on_gthread_slept(World& world, const Blueprint& blueprint, ThreadId thread, Effects& effects);

}  // namespace cotenant
