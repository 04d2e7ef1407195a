// SPDX-License-Identifier: Apache-2.0
//
// Calls from one computer to another take time on the network between them. A reply takes as long
// as the call has, so all of the time is spent on the way there: whoever calls waits as long, and
// whoever is called sees all calls later by the same time. Mechanism and assumptions:
// docs/models/nodes.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Round trips until the reply: to open a connection by TCP, and to ask over it.
inline constexpr std::int64_t kTripsOverNew = 2;
inline constexpr std::int64_t kTripsOverKept = 1;
// PostgreSQL asks for a password by SCRAM, which takes three messages and their answers: the
// start-up, and two of SASL (PostgreSQL 15, 55.2 and 55.3).
inline constexpr std::int64_t kTripsToDatabase = kTripsOverNew + 3;

// Of a call that opens a connection. Those of Redis are open already, and whether those of a
// database are is known when the call has one: none, until then.
std::int64_t trips_over_new(const World& world, const Blueprint& blueprint, RequestId call);

// The call sets out for the computer of its service. False: that is the same one, or nothing has to
// be sent, or the call is a task, which some broker keeps in between.
bool sets_out(World& world, const Blueprint& blueprint, RequestId call, std::int64_t round_trips);

// It is there.
void on_trip_done(World& world, const Blueprint& blueprint, RequestId call, Effects& effects);

// It has not come to its server yet.
inline bool is_on_its_way(const Request& request) { return request.state == WaitState::network; }

}  // namespace cotenant
