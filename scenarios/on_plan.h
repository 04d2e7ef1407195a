// SPDX-License-Identifier: Apache-2.0
//
// From a plan to the machine that it is. What providers do not say about their hosts is assumed
// here, once, and said in docs/models/plans.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

// What the virtual machine is called that a plan becomes.
inline constexpr std::string_view kPlanGuest = "vm";

// It becomes a group of a host, and no machine of its own.
bool is_account(const Plan& plan);

// With what a setup assumes instead of what the plan says.
Plan as_assumed(const Plan& plan, const PlanAssumptions& assume);

// What the setup costs: as the user said, else the sum over what it consists of, each replica
// included, as said or as the plans say. Nothing where a price is missing, but for that of a load
// balancer, which counts as not included.
std::optional<Money> price_of(const Scenario& scenario, const Setup& setup);

// In which what it consists of is paid, each once.
std::vector<std::string> currencies_of(const Scenario& scenario, const Setup& setup);

// The neighborhood of a setup or node: as the user said, else by the plan; empty: none.
std::string neighborhood_of(const Scenario& scenario, const Hosting& hosting);

// The scenario in which every setup and node says its machine: groups, guests, placements and
// neighbors of its plan and of its neighborhood included. Those whose plan is not in the scenario,
// or does not say how much CPU it has, stay as they are.
Scenario on_plans(const Scenario& scenario);

}  // namespace cotenant
