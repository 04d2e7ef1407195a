// SPDX-License-Identifier: Apache-2.0
//
// A service whose main process ends, and all others with it: what is connected is reset, what wants
// to connect is refused, until it is started again. When that is, is said by its policy
// (models/server/restarts.h). Mechanism, sources and evidence: docs/models/restarts.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Requests in its processes end like that; those that none of them has accepted see a reset.
void begin_outage(World& world, const Blueprint& blueprint, ServiceId service, Outcome outcome,
                  Effects& effects);

// It listens no more: those who are in the accept queue see a reset.
void close_accept_queue(World& world, ServiceId service, Effects& effects);

// All of its processes end, and nobody replaces them for now.
void end_all_processes(World& world, const Blueprint& blueprint, ServiceId service, Outcome outcome,
                       Effects& effects);

// It is started again.
void on_service_starts(World& world, const Blueprint& blueprint, ServiceId service,
                       Effects& effects);

// The first process of a new main process has imported the application, and with it that one.
void end_preload(World& world, const Blueprint& blueprint, ServiceId service);

// What a new process computes before it can serve: after an outage the first one also what the main
// process does before that, because they have the same CPU limit and one after the other.
inline CpuTime cost_of_boot(const World& world, const Blueprint& blueprint, ServiceId service) {
  const ArbiterSpec& arbiter = blueprint.services[service].arbiter();
  if (!world.services[service].outage.preloads) return arbiter.boot;
  return arbiter.preload + arbiter.boot;
}

}  // namespace cotenant
