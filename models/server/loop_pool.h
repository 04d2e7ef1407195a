// SPDX-License-Identifier: Apache-2.0
//
// The pool of threads beside an event loop, for handlers that are not asynchronous: each runs all
// steps of a request and tells the loop. Which request gets a thread is decided by the loop
// (models/server/loop_server.h).
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// The loop gives a request to a thread that is idle.
void begin_loop_call(const ServerThread& pool, RequestId request);

// The thread has got the CPU it asked for; the wait step of its request is over.
void on_loop_pool_ran(World& world, const Blueprint& blueprint, ThreadId thread,
                      const BurstTimes& burst, Effects& effects);
void on_loop_pool_slept(World& world, const Blueprint& blueprint, ThreadId thread,
                        Effects& effects);

}  // namespace cotenant
