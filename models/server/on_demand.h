// SPDX-License-Identifier: Apache-2.0
//
// Processes that are started when they are needed and serve one request at a time, behind a router
// that holds the queue: Passenger's and FastCGI's, which stay for a while, and CGI's, which are
// started for one request. Mechanism, sources and evidence: docs/models/on-demand.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Those that are kept are there.
void start_on_demand(World& world, const Blueprint& blueprint, ServiceId service);

// A request arrives at the router.
void on_connect_on_demand(World& world, const Blueprint& blueprint, RequestId request,
                          Effects& effects);

// The process has got the CPU that it asked for, or a wait step is over.
void on_instance_ran(World& world, const Blueprint& blueprint, WorkerId worker,
                     const BurstTimes& burst, Effects& effects);
void on_instance_waited(World& world, const Blueprint& blueprint, WorkerId worker,
                        Effects& effects);

// It has had nothing to do for as long as it may.
void on_instance_idle(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects);

// The platform ends all of them, and none is started until it runs the service again.
void stop_on_demand(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects);
void resume_on_demand(World& world, const Blueprint& blueprint, ServiceId service,
                      Effects& effects);

// By the kernel, for its memory.
void kill_instance(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects);

}  // namespace cotenant
