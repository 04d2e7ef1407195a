// SPDX-License-Identifier: Apache-2.0
//
// What a control group of a world has, added up process by process and request by request.
#pragma once

#include "models/world.h"
#include "tests/support/invariants.h"

namespace cotenant {

MemoryCounts memory_counts(const World& world, const Blueprint& blueprint, MachineId machine,
                           GroupId group);

}  // namespace cotenant
