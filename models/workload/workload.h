// SPDX-License-Identifier: Apache-2.0
//
// The workload's part of a step: sources and closed users produce requests, clients time out and
// send dropped SYNs again.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Schedules the first arrival of every source and the first think time of every user.
void start_workload(World& world, const Blueprint& blueprint);

void on_source_due(World& world, const Blueprint& blueprint, SourceId source, Effects& effects);
void on_user_ready(World& world, const Blueprint& blueprint, UserId user, Effects& effects);

void on_client_timeout(World& world, RequestId request, Effects& effects);
void on_syn_due(World& world, RequestId request, Effects& effects);
void on_syn_dropped(World& world, RequestId request);

// The request has its outcome: stops the client's timers, lets a closed user think again, and frees
// the request unless the server still works on it.
void on_request_ended(World& world, const Blueprint& blueprint, RequestId request);

// What step `step` of the request needs.
Duration demand_of(const World& world, const Blueprint& blueprint, const Request& request,
                   std::size_t step);

}  // namespace cotenant
