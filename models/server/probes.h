// SPDX-License-Identifier: Apache-2.0
//
// A kubelet, which asks services whether they are well: small requests like any other, which need a
// worker and wait for one. Who fails too often gets no more requests, or is told to end, and begins
// anew. Mechanism, sources and evidence: docs/models/platforms.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// When a run begins the service has been running and well for a long time.
void start_probes(World& world, const Blueprint& blueprint, ServiceId service);

// Its container has ended, or there is a new one.
void stop_probes(World& world, const Blueprint& blueprint, ServiceId service);
void begin_probes(World& world, const Blueprint& blueprint, ServiceId service);

void on_probe_due(World& world, const Blueprint& blueprint, CallSpecId probe, Effects& effects);
void on_probe_ended(World& world, const Blueprint& blueprint, CallSpecId probe, Outcome outcome);

// The service has been told to end, and finishes what it holds.
void on_service_ends(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects);

// Nobody but the kubelet gets a new connection to a service that is not ready.
bool is_kept_away(const World& world, const Blueprint& blueprint, ServiceId service,
                  RequestId request);

}  // namespace cotenant
