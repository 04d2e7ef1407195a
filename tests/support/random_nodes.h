// SPDX-License-Identifier: Apache-2.0
//
// Nodes and replicas of random scenarios.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

// In some of them services are placed on a computer of their own, and setups have replicas.
void add_random_nodes(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
