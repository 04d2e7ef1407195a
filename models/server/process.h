// SPDX-License-Identifier: Apache-2.0
//
// The life of a process with several threads, of whatever kind: it ends and takes everything that
// it holds with it, and another one boots in its place. When it ends is said by the arbiter
// (models/server/arbiter.h) and by the kinds; when it is forked, by the arbiter. Mechanism,
// sources and evidence: docs/models/arbiter.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// The first one, when a run begins.
void begin_life(World& world, const Blueprint& blueprint, ProcessId process);

// All threads but the first wait for something to do.
void fill_pool(World& world, const Blueprint& blueprint, ProcessId process);

// Whatever its threads are doing, they stop. The clients of its requests see what the arbiter's
// victims see; connections that it has not accepted wait for others.
void end_process(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);
// The same, and they see that.
void end_process(World& world, const Blueprint& blueprint, ProcessId process, Outcome outcome,
                 Effects& effects);

// By the kernel, for its memory.
void kill_process(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

// A request takes its process along: it ends when what happens now has been delivered.
void crash(World& world, ProcessId process);

// A booting process has imported the application, and serves from now on. False: there is no memory
// for it, and it does nothing more.
bool begin_serving(World& world, const Blueprint& blueprint, ProcessId process);

// Something in the life of the process is due.
void schedule_in_life(World& world, ProcessId process, Instant at);
void on_process_due(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

}  // namespace cotenant
