// SPDX-License-Identifier: Apache-2.0
//
// Scarce memory in random scenarios: files that the page cache may have, swap, and groups that
// reclaim spares or holds back. From dice of its own, so that scenarios without it stay as they
// are.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"

namespace cotenant {

// After memory and files have been added.
void add_random_reclaim(Scenario& scenario, std::uint64_t seed);

}  // namespace cotenant
