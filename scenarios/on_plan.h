// SPDX-License-Identifier: Apache-2.0
//
// From a plan to the machine that it is. What providers do not say about their hosts is assumed
// here, once, and said in docs/models/plans.md.
#pragma once

#include <optional>
#include <string>

#include "scenarios/scenario.h"

namespace cotenant {

// With what a setup assumes instead of what the plan says.
Plan as_assumed(const Plan& plan, const PlanAssumptions& assume);

// What the setup costs: as the user said, else as the plan says.
std::optional<Money> price_of(const Scenario& scenario, const Setup& setup);

// The neighborhood of the setup: as the user said, else by the plan; empty: none.
std::string neighborhood_of(const Scenario& scenario, const Setup& setup);

// The scenario in which every setup says its machine: groups, guests, placements and neighbors of
// its plan and of its neighborhood included. Setups whose plan is not in the scenario, or does not
// say how much CPU it has, stay as they are.
Scenario on_plans(const Scenario& scenario);

}  // namespace cotenant
