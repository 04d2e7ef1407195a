// SPDX-License-Identifier: Apache-2.0
//
// The workload's part of a step: sources and closed users produce requests, which have classes that
// say what they need. What the client of a request does is in client.h.
#pragma once

#include <cstdint>
#include <vector>

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Schedules the first arrival of every source and the first think time of every user.
void start_workload(World& world, const Blueprint& blueprint);

void on_source_due(World& world, const Blueprint& blueprint, SourceId source, Effects& effects);
void on_user_ready(World& world, const Blueprint& blueprint, UserId user, Effects& effects);

// The request has its outcome: ends its attempt and lets a closed user think again, or a session go
// on.
void on_request_ended(World& world, const Blueprint& blueprint, RequestId request, Outcome outcome,
                      Effects& effects);

// Sends the request of that number.
struct NewRequest {
  SourceId source;
  ClassId request_class;
  UserId user;
  std::uint64_t ordinal;
};
void produce_request(World& world, const Blueprint& blueprint, const NewRequest& what,
                     Effects& effects);

// Of request `ordinal` of a source that shares out its requests to classes.
ClassId draw_class(const World& world, const Blueprint& blueprint, SourceId source,
                   std::uint64_t ordinal);
// Of fixed size, or drawn.
std::uint64_t draw_size(const BatchSize& size, Stream stream, std::uint64_t ordinal);

// Request k of user or session u of a source has the number (u, k), and so has the time to think
// before it: the same whatever the others do.
inline std::uint64_t ordinal_of(std::uint64_t user, std::uint32_t number) {
  return user << 32 | number;
}

// Whether what may happen at a step does, an error or a crash.
bool strikes(const World& world, const std::vector<StepSpec>& steps, const Request& request,
             std::uint16_t step);

// Draws whether the application fails at the steps that say so, from `step` on, and passes them.
// Then `step` is the next thing to do, or beyond the last one: nothing is left, or it has failed,
// there or in a call.
void draw_errors(const World& world, const std::vector<StepSpec>& steps, Request& request,
                 std::uint16_t& step);
inline void pass_errors(const World& world, const std::vector<StepSpec>& steps, Request& request,
                        std::uint16_t& step) {
  const bool may_fail = step < steps.size() && steps[step].kind == StepSpec::Kind::error;
  if (may_fail || request.failed()) draw_errors(world, steps, request, step);
}

// What step `step` of the request needs.
Duration demand_of(const World& world, const Blueprint& blueprint, const Request& request,
                   std::size_t step);

}  // namespace cotenant
