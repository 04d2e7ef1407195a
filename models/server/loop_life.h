// SPDX-License-Identifier: Apache-2.0
//
// What keeps the process of an event loop alive, and ends it: uvicorn/server.py, main_loop(). Every
// 0.1 s the loop looks after itself, if it gets round to it: at every tenth of these ticks it may
// report to gunicorn, at each it looks whether it has served enough, and when it has, it accepts no
// more and ends once it holds nothing. hypercorn needs no ticks for that; what a hub does instead
// is in models/server/hub.h. Evidence: docs/models/arbiter.md.
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// A loop that begins to serve ticks at once, one that was there before the run at some other time.
void begin_ticking(World& world, const Blueprint& blueprint, ProcessId process);
void begin_ticking_anywhere(World& world, const Blueprint& blueprint, ProcessId process);

// The timer of the next tick is due; of a loop that stops, that of its next look.
void on_loop_tick_due(World& world, const Blueprint& blueprint, ProcessId process,
                      Effects& effects);

// The loop has got round to it. False when that ends the process.
bool tick(const ServerThread& loop);

// To gunicorn's main process: it is alive.
void report(const ServerThread& loop, Instant at);

// It accepts no more, and is to finish what it holds.
void stop_loop(const ServerThread& loop);

// It has read a request; it has replied to one; it has closed a connection.
void count_read(const ServerThread& loop);
void count_reply(const ServerThread& loop);
void look_whether_over(const ServerThread& loop);

}  // namespace cotenant
