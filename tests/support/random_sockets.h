// SPDX-License-Identifier: Apache-2.0
//
// What kernels allow the services of a random scenario: it is added to a scenario that is complete,
// by a die of its own, so that nothing else of it depends on that.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

void add_sockets(Scenario& scenario, std::uint64_t seed);

// What their processes keep for later calls.
void add_kept(Scenario& scenario, std::uint64_t seed);

// How many file descriptors their processes may open.
void add_descriptors(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
