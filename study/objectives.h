// SPDX-License-Identifier: Apache-2.0
//
// Objectives against results: met or missed only where the interval says so, otherwise it cannot be
// told yet. A bound on a percentile is missed, too, where more requests fail than may be slower
// than it: who got no reply did not get a fast one.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "study/report.h"

namespace cotenant {

// Fills in setup.objectives from its metrics.
void judge(SetupReport& setup, const std::vector<Objective>& objectives);

// Whether that value, which is certain, meets it where that part of the requests fails.
bool is_met(const ObjectiveReport& objective, double value, double error_ratio);

// Of the requests of that class, or of all where it is empty or the only one; null: there is none
// of that name.
const Metrics* metrics_of(const SetupReport& setup, const std::string& request_class);

// The verdict on all objectives of a setup: missed if any is, met only if all are.
Verdict verdict_of(const SetupReport& setup);

// Whether any setup misses any objective: what an exit code tells a script.
bool misses_an_objective(const Report& report);

}  // namespace cotenant
