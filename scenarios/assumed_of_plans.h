// SPDX-License-Identifier: Apache-2.0
//
// What is assumed of plans, because no provider says it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

// In sentences, for the report.
std::vector<std::string> assumed_of_plans(const Scenario& scenario);

}  // namespace cotenant
