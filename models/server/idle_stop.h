// SPDX-License-Identifier: Apache-2.0
//
// A service that its platform stops when nobody has asked for it for long enough, and starts again
// when somebody does: that request waits, as if in the accept queue, until a process has booted.
// Mechanism, sources and evidence: docs/models/platforms.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// When a run begins it runs, and was asked for a moment ago.
void start_idle_stop(World& world, const Blueprint& blueprint, ServiceId service);

// Somebody asks for it: a stopped one is started.
void wake(World& world, const Blueprint& blueprint, ServiceId service);
inline void note_traffic(World& world, const Blueprint& blueprint, ServiceId service) {
  if (!blueprint.services[service].idle_stop) return;
  world.services[service].idle_stop.last = world.events.now();
  if (world.services[service].idle_stop.stopped) wake(world, blueprint, service);
}

// The platform looks whether it has been asked for.
void on_idle_stop_due(World& world, const Blueprint& blueprint, ServiceId service,
                      Effects& effects);

}  // namespace cotenant
