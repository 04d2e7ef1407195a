// SPDX-License-Identifier: Apache-2.0
//
// Checks of replicas and the balancer in front of them.
#pragma once

#include "scenarios/checker.h"

namespace cotenant {

// The scenario is sound otherwise, and on machines.
void check_replicas(Checker& checker, const Node& document);

}  // namespace cotenant
