// SPDX-License-Identifier: Apache-2.0
//
// What a simulation assumes that the scenario did not say.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

// In sentences, for the report.
std::vector<std::string> assumptions(const Scenario& scenario);

}  // namespace cotenant
