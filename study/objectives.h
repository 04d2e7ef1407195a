// SPDX-License-Identifier: Apache-2.0
//
// Objectives against results: met or missed only where the interval says so, otherwise it cannot be
// told yet.
#pragma once

#include <vector>

#include "scenarios/scenario.h"
#include "study/report.h"

namespace cotenant {

// Fills in setup.objectives from its metrics.
void judge(SetupReport& setup, const std::vector<Objective>& objectives);

// Whether any setup misses any objective: what an exit code tells a script.
bool misses_an_objective(const Report& report);

}  // namespace cotenant
