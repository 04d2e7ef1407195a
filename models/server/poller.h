// SPDX-License-Identifier: Apache-2.0
//
// Processes that look for work themselves: a management command in a loop, a worker of RQ, a
// consumer of SQS, a cron job. Each visits the queues of its service in turn, does what it takes
// from them, and sleeps when there was nothing. Mechanism and assumptions: docs/models/pollers.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Every process begins with its first cycle.
void start_poller(World& world, const Blueprint& blueprint, ServiceId service);

// A task comes into its queue, where nobody notices.
void on_connect_poller(World& world, const Blueprint& blueprint, RequestId task);

// A process has got the CPU that it asked for, or what it has waited for has come.
void on_poller_ran(World& world, const Blueprint& blueprint, WorkerId worker,
                   const BurstTimes& burst, Effects& effects);
void on_poller_waited(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects);

}  // namespace cotenant
