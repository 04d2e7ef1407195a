// SPDX-License-Identifier: Apache-2.0
//
// How a gthread process ends that has served max_requests: gunicorn/workers/gthread.py, run(). The
// main thread goes round in a loop: it reports to the arbiter, waits for a connection for at most a
// second, and looks whether it is to go on. When it is not, it accepts no more, and the process
// ends when the pool has served what was accepted. Evidence: docs/models/arbiter.md.
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// The longest that a main thread waits for a connection before it looks around.
inline constexpr Duration kRound = seconds(1);

// A thread of the pool begins with a request.
void count_request(const ServerThread& pool);

// The main thread accepts no more. The process ends when the pool has served what it holds.
void stop_accepting(const ServerThread& main);

// The main thread begins its next round. False when there is none, and it waits for the pool.
bool begin_round(const ServerThread& main);

// The last request of a process that accepts no more has left.
void end_when_empty(const ServerThread& pool);

// The main thread's round ends that had begun when the process had served enough, or the last
// request has left.
void on_gthread_due(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

}  // namespace cotenant
