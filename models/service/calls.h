// SPDX-License-Identifier: Apache-2.0
//
// Services call one another: a step of a request begins requests to other services and goes on when
// they have answered. A call is a request like any other, whose sender waits in a worker instead of
// at home (models/workload/client.h). What a server does while it waits is its own business.
// Mechanism and assumptions: docs/models/calls.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// The request has come to a step of calls. Effect: BeginCalls, or CallsDone where none is made.
void begin_calls(World& world, const Blueprint& blueprint, RequestId caller, const StepSpec& step,
                 Effects& effects);
void on_begin_calls(World& world, const Blueprint& blueprint, RequestId caller, Effects& effects);

// A kubelet asks.
void send_probe(World& world, const Blueprint& blueprint, CallSpecId probe, std::uint64_t number,
                Effects& effects);

// The call has its outcome. Effect: CallsDone, when it was the last that its caller waited for.
void on_call_ended(World& world, const Blueprint& blueprint, RequestId call, Outcome outcome,
                   Effects& effects);

// An attempt at a call has begun, which may get a twin when it takes too long.
void start_hedging(World& world, const Blueprint& blueprint, RequestId call);
void on_hedge_due(World& world, const Blueprint& blueprint, RequestId call, Effects& effects);

// The request is gone, or wants no answers any more: nobody waits for its calls, which go on.
void abandon_calls(World& world, RequestId caller);

// A call that failed goes on in another row.
Call take_call(World& world, RequestId call);
void put_call(World& world, RequestId next, const Call& call);

inline bool is_abandoned(const World& world, RequestId id) {
  if (!world.requests[id].is_call()) return false;
  return world.calls[id].caller.is_none() && !world.calls[id].is_sent;
}

}  // namespace cotenant
