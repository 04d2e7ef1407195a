// SPDX-License-Identifier: Apache-2.0
//
// Files for a random scenario: steps that use them, disks of all kinds, and limits and weights of
// groups.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

// In two of five seeds, with chances of its own: the others stay what they were.
void add_random_files(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
