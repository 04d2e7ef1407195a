// SPDX-License-Identifier: Apache-2.0
//
// The main process of a server. It kills workers that do not report in time, and forks a new one
// for each that has ended. When workers report, what dies with them and how a new one starts is
// theirs to say: models/server/place.h. Mechanism, sources and evidence: docs/models/arbiter.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/server/place.h"
#include "models/world.h"

namespace cotenant {

void start_arbiter(World& world, ServiceId service);

// The first of the instants of a rhythm that is later than `at`.
Instant first_after(Instant at, Instant first, Duration period);

// The arbiter will look when a worker that has just reported could hang, unless it looks earlier:
// then it will find out when to look next.
void look_when_it_hangs(World& world, ServiceId service, Instant hangs);
inline void watch(World& world, ServiceId service, const ArbiterSpec& arbiter, Instant reported) {
  if (!arbiter.timeout || arbiter.times_requests) return;
  const bool looks = world.events.scheduled_at(world.slot(service)) != Instant::never();
  if (!looks) look_when_it_hangs(world, service, reported + *arbiter.timeout);
}

// The same where it may have to look earlier than it meant to.
void look_by(World& world, ServiceId service, Instant hangs);

// The arbiter looks for workers that hang, and whether there are enough of them.
void on_arbiter_due(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects);

// The process there has ended; a new one is forked as soon as the arbiter gets to it.
void replace_process(World& world, const Blueprint& blueprint, Place place);

// A new main process forks one there, with its first ones.
void fork_first(World& world, const Blueprint& blueprint, Place place);

// How many requests the present process there may serve; 0: any number.
std::uint32_t requests_allowed(World& world, const Blueprint& blueprint, Place place);

}  // namespace cotenant
