// SPDX-License-Identifier: Apache-2.0
//
// The workload's part of a step: sources and closed users produce requests, which have classes that
// say what they need. What the client of a request does is in client.h.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Schedules the first arrival of every source and the first think time of every user.
void start_workload(World& world, const Blueprint& blueprint);

void on_source_due(World& world, const Blueprint& blueprint, SourceId source, Effects& effects);
void on_user_ready(World& world, const Blueprint& blueprint, UserId user, Effects& effects);

// The request has its outcome: ends its attempt and lets a closed user think again.
void on_request_ended(World& world, const Blueprint& blueprint, RequestId request);

// The step that is to be done when all before `step` are: `step` itself, unless it asks whether the
// application fails. The number of steps when nothing is left to do, or the application has failed.
std::size_t next_step(const World& world, const Blueprint& blueprint, Request& request,
                      std::size_t step);

// What step `step` of the request needs.
Duration demand_of(const World& world, const Blueprint& blueprint, const Request& request,
                   std::size_t step);

}  // namespace cotenant
