// SPDX-License-Identifier: Apache-2.0
//
// Threads that accept for themselves, as in uWSGI: of the idle threads of a process one, the
// leader, waits for a connection; the others follow, and one of them leads when it has accepted.
// Nothing waits inside of a process. The server's own code runs outside of Python's lock, except
// for what calls the application. Mechanism, sources and evidence: docs/models/uwsgi.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// All threads wait for their turn to accept.
void start_leader_followers(World& world, const Blueprint& blueprint, ServiceId service);

// A connection has entered the accept queue: whoever waits for one wakes up.
void wake_leaders(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects);

// The process is of this kind.
bool accepts_for_itself(const Blueprint& blueprint, ProcessId process);

// The process has ended. If one of its threads was about to accept, another one does.
void pass_turn_on(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

// The thread has got the CPU it asked for.
void on_follower_ran(World& world, const Blueprint& blueprint, ThreadId thread,
                     const BurstTimes& burst, Effects& effects);

// The wait step of the thread's request is over.
void on_follower_slept(World& world, const Blueprint& blueprint, ThreadId thread, Effects& effects);

}  // namespace cotenant
