// SPDX-License-Identifier: Apache-2.0
//
// What is common to all runs of a scenario, whoever makes them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/blueprint.h"
#include "models/step.h"
#include "scenarios/scenario.h"
#include "study/warmup.h"

namespace cotenant {

// Only the setups that can run.
Scenario without_unable(const Scenario& scenario);

// The whole length, without a warm-up. Seed: instead of the scenario's.
RunOptions run_options(const Scenario& scenario, std::optional<std::uint64_t> seed);

// A load that changes by design has no steady state to speak of.
bool is_stationary(const std::vector<Blueprint>& blueprints);

// Whether any run can differ from another one.
bool is_random(const std::vector<Blueprint>& blueprints);

// How many replications to begin with; more may follow where precision is asked for.
std::uint64_t first_replications(const Study& study, bool to_precision);

// The warm-up that a study of the scenario finds, if nobody says how many replications it has.
WarmupLength warmup_of_pilots(const Scenario& scenario, const std::vector<Blueprint>& blueprints,
                              const RunOptions& run, unsigned jobs);

}  // namespace cotenant
