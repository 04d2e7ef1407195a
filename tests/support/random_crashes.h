// SPDX-License-Identifier: Apache-2.0
//
// Requests that take along the worker or thread's process that serves them, in a random scenario
// that is complete, by a die of its own, so that nothing else of it depends on that.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

void add_random_crashes(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
