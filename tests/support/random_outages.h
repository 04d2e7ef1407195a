// SPDX-License-Identifier: Apache-2.0
//
// Services that end as a whole in a random scenario that is complete: groups of which all processes
// are killed at once, and who starts their services again. What platforms do to them. And garbage
// collections, of the same processes. Dice of their own, so that they change nothing else of the
// scenario of a seed.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

void add_random_outages(Scenario& scenario, std::uint64_t seed);
void add_random_platforms(Scenario& scenario, std::uint64_t seed);
void add_random_garbage(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
