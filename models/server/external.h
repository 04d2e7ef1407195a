// SPDX-License-Identifier: Apache-2.0
//
// A service elsewhere on the Internet: it serves any number of requests at once and takes no CPU
// here, only time. It may turn requests away, by their number or their rate. Mechanism and
// assumptions: docs/models/services.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

void start_external(World& world, const Blueprint& blueprint, ServiceId service);

// A request arrives.
void on_connect_external(World& world, const Blueprint& blueprint, RequestId request,
                         Effects& effects);
void on_external_due(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

}  // namespace cotenant
