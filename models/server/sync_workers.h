// SPDX-License-Identifier: Apache-2.0
//
// gunicorn's sync workers: each worker accepts a connection, serves it to the end and accepts the
// next. All idle workers are woken by a new connection; the first to run gets it. Mechanism,
// sources and evidence: docs/models/sync-workers.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// All workers wait in select().
void start_sync_workers(World& world, const Blueprint& blueprint, ServiceId service);

// A connection has entered the accept queue.
void wake_sync_workers(World& world, const Blueprint& blueprint, ServiceId service,
                       Effects& effects);

// The worker has got the CPU it asked for.
void on_worker_ran(World& world, const Blueprint& blueprint, WorkerId worker,
                   const BurstTimes& burst, Effects& effects);

// The wait step of the worker's request is over.
void on_worker_waited(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects);

// The process ends, wherever it is in its request.
void kill_worker(World& world, const Blueprint& blueprint, WorkerId worker, Outcome outcome,
                 Effects& effects);

// The worker is a new process, which has to get ready.
void on_worker_forked(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects);

}  // namespace cotenant
