// SPDX-License-Identifier: Apache-2.0
//
// Random credits of groups, and boxes, changing loads and slowdowns of neighbors, added to a random
// scenario.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

// In about every fourth scenario, with dice of its own.
void add_random_hosts(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
