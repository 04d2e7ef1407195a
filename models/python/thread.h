// SPDX-License-Identifier: Apache-2.0
//
// Threads that run Python: they compute with the lock of their process or outside of it, hand it
// over when asked, and sleep without it. What they compute and when they sleep is said by the
// server they belong to. In a build without the lock (free-threaded) they are threads like any
// other. Mechanism, sources and evidence: docs/models/gthread.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// The thread, which is awake or is woken by this, computes `work` for its request or its server,
// with the lock or outside of it. True when there is nothing to wait for: it needs none, and has
// the lock if it needs that. Otherwise on_thread_ran() will say when it is done.
bool compute(World& world, const Blueprint& blueprint, ThreadId thread, CpuTime work,
             WaitState executing, Effects& effects);
bool compute_outside(World& world, const Blueprint& blueprint, ThreadId thread, CpuTime work,
                     WaitState executing, Effects& effects);

// The same for a system call that is no part of a larger one: when somebody on another core waits
// for the lock, telling him comes first.
bool call_kernel(World& world, const Blueprint& blueprint, ThreadId thread, CpuTime work,
                 WaitState executing, Effects& effects);
// Somebody waits who may run while the thread makes a system call.
bool may_lose_lock(const World& world, const Blueprint& blueprint, ThreadId thread);

// The thread goes to sleep, without the lock: it waits for a connection, another thread, or time.
void block(World& world, const Blueprint& blueprint, ThreadId thread, Effects& effects);

// The thread has got the CPU it asked for. True when it has done what it was told to compute.
bool on_thread_ran(World& world, const Blueprint& blueprint, ThreadId thread,
                   const BurstTimes& burst, Effects& effects);

// It has waited for a whole switch interval, or has woken up because the lock was free.
void on_gil_timeout(World& world, const Blueprint& blueprint, ThreadId thread, Effects& effects);

}  // namespace cotenant
