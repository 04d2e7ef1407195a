// SPDX-License-Identifier: Apache-2.0
//
// Probes of a kubelet as calls that nobody waits for.
#pragma once

#include <string>

#include "models/blueprint.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Of the service, whose name and number they are; it is the one that is added last.
void compile_probes(Blueprint& blueprint, ServiceSpec& spec, ServiceId service,
                    const Probes& probes);

}  // namespace cotenant
