// SPDX-License-Identifier: Apache-2.0
//
// Whether an application can run on a plan at all. An answer, not a mistake: the setup stands in
// the report with the reasons instead of numbers.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

// Why the application cannot run on the plan of the setup, in clauses; empty: it can.
std::vector<std::string> reasons_against(const Scenario& scenario, const Setup& setup);

}  // namespace cotenant
