// SPDX-License-Identifier: Apache-2.0
//
// Checks of what neighbors want, and when.
#pragma once

#include <string>

#include "scenarios/checker.h"

namespace cotenant {

// Of a setup or a node, whose place is `pointer`.
void check_neighbors(Checker& checker, const std::string& pointer,
                     const Named<Neighbor>& neighbors);

}  // namespace cotenant
