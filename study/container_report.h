// SPDX-License-Identifier: Apache-2.0
//
// What becomes of containers, for the report: their requests and limits do not show it.
#pragma once

#include "scenarios/scenario.h"
#include "study/report.h"

namespace cotenant {

// Fills in `containers` of the setups that have some, as the user said them.
void add_containers(Report& report, const Scenario& said);

}  // namespace cotenant
