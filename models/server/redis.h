// SPDX-License-Identifier: Apache-2.0
//
// Redis: one thread executes the commands of all clients, one after the other in the order in which
// they arrive. A slow one holds up all others. Mechanism and assumptions: docs/models/services.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

void start_redis(World& world, const Blueprint& blueprint, ServiceId service);

// A command arrives.
void on_connect_redis(World& world, const Blueprint& blueprint, RequestId request,
                      Effects& effects);

// The thread has got the CPU that it asked for, or a wait step is over.
void on_redis_ran(World& world, const Blueprint& blueprint, WorkerId worker,
                  const BurstTimes& burst, Effects& effects);
void on_redis_waited(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects);

}  // namespace cotenant
