// SPDX-License-Identifier: Apache-2.0
//
// Memory in random scenarios: what services occupy, steps that take some, and limits near what is
// needed. It has dice of its own, so that it changes nothing else of the scenario of a seed.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

// In about a third of the scenarios.
void add_random_memory(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
