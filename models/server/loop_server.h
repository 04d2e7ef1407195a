// SPDX-License-Identifier: Apache-2.0
//
// uvicorn and hypercorn: in each process one thread runs an event loop that accepts every
// connection, reads requests, runs asynchronous handlers between their waits and replies; a pool of
// threads runs the other handlers. All of them share Python's global lock. gunicorn's gevent
// worker: the same without a pool, in the order of a hub (models/server/hub.h). The order of what
// the loop does is in models/server/event_loop.h, the pool in models/server/loop_pool.h. Mechanism,
// sources and evidence: docs/models/event-loop.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/server/server_thread.h"
#include "models/world.h"

namespace cotenant {

// All loops sleep until a connection comes.
void start_loops(World& world, const Blueprint& blueprint, const LoopSpec& server);

// A connection has entered the accept queue: loops that sleep wake up.
void wake_loops(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects);

// The loop's thread has got the CPU it asked for, or has slept as long as it meant to.
void on_loop_ran(World& world, const Blueprint& blueprint, ThreadId loop, const BurstTimes& burst,
                 Effects& effects);
void on_loop_slept(World& world, const Blueprint& blueprint, ThreadId loop, Effects& effects);

// What the request called has answered.
void on_loop_calls_done(World& world, const Blueprint& blueprint, RequestId request,
                        Effects& effects);
// What the request waits for outside of the loop is there; its sleep is over.
void on_loop_io(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);
void on_loop_timer(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

// On a connection that the loop keeps a request has come; its client has closed it; one may have
// been idle for long enough.
void on_loop_request(const ServerThread& loop, RequestId request);
void on_loop_hung_up(const ServerThread& loop, ConnectionId connection);
void on_loop_idle_due(const ServerThread& loop);
// The same of a proxy, for a WebSocket on which nothing has come.
void on_tunnel_due(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

// The client of a WebSocket has sent a ping; the server has to send one.
void on_ping(World& world, const Blueprint& blueprint, ConnectionId first, Effects& effects);
void on_ping_due(World& world, const Blueprint& blueprint, ConnectionId websocket,
                 Effects& effects);

// A loop that has found no file descriptor for a connection may look again.
void on_listen_due(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

// The loop is about to end: it closes what it has kept (h11_impl.py, shutdown).
void close_parked_soon(const ServerThread& loop);

// The application is told to give up its request, of which the client gets no reply.
bool forget_request(const ServerThread& loop);

// A thread of the pool has run the handler of the request, and tells the loop.
void on_loop_call_done(const ServerThread& loop, RequestId request);

}  // namespace cotenant
