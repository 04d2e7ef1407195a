// SPDX-License-Identifier: Apache-2.0
//
// Checks of plans, and of setups that buy one.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/catalog.h"
#include "scenarios/checker.h"
#include "scenarios/nearest.h"
#include "scenarios/neighborhood.h"
#include "scenarios/on_plan.h"

namespace cotenant {

namespace {

void check_plan(Checker& checker, const std::string& pointer, const Plan& plan) {
  if (!checker.sound(pointer)) return;
  if (plan.as_of != "unknown" && !days_of(plan.as_of)) {
    checker.problem(pointer + "/as_of",
                    "must be a date such as 2026-05-27 or 2026-05, or \"unknown\", got " +
                        in_quotes(plan.as_of),
                    "a date such as 2026-05-27");
  }
  if (plan.kind == "dedicated" && !std::holds_alternative<DedicatedCpu>(plan.cpu)) {
    checker.problem(pointer + "/cpu", "must be dedicated, as the plan is", "dedicated");
  }
}

void check_bought(Checker& checker, const std::string& pointer, const Setup& setup) {
  if (!setup.groups.empty()) checker.problem(pointer + "/groups", "are those of the plan");
  if (!setup.guests.empty()) checker.problem(pointer + "/guests", "are those of the plan");
  for (const auto& [name, placement] : setup.services) {
    const std::string place = pointer + "/services" + pointer_token(name);
    if (!placement.guest.empty()) checker.problem(place + "/guest", "is that of the plan");
    if (!placement.scheduling.group.empty()) {
      checker.problem(place + "/group", "is that of the plan");
    }
  }
  for (const auto& [name, neighbor] : setup.neighbors) {
    const std::string place = pointer + "/neighbors" + pointer_token(name);
    if (!neighbor.guest.empty()) {
      checker.problem(place + "/guest", "must be left out: others are on the host of a plan");
    }
    if (!neighbor.scheduling.group.empty()) {
      checker.problem(place + "/group", "must be left out: the groups are those of the plan");
    }
  }
}

// What the provider does not publish has to be assumed by somebody.
void check_assumptions(Checker& checker, const std::string& pointer, const Setup& setup,
                       const Plan& plan) {
  const Plan assumed = as_assumed(plan, setup.assume);
  const auto unknown = [&](std::string_view key, std::string_view what) {
    checker.problem(pointer + "/plan",
                    fmt::format("the provider of {} does not say {}: assume it (assume.{})",
                                in_quotes(setup.plan), what, key));
  };
  if (!assumed.vcpus) unknown("vcpus", "how many vCPUs it is worth");
  const auto* credits = std::get_if<CreditCpu>(&assumed.cpu);
  if (credits == nullptr) {
    if (setup.assume.baseline || setup.assume.credits) {
      checker.problem(pointer + "/assume", "says something of credits, and the plan has none");
    }
    return;
  }
  if (!credits->baseline) unknown("baseline", "its baseline");
  if (!credits->most) unknown("credits", "how many credits it can have");
}

void check_buyer(Checker& checker, const std::string& pointer, const Setup& setup,
                 const std::vector<std::string_view>& catalog) {
  if (!setup.neighborhood.empty() && setup.neighborhood != "none" &&
      find_named(setup.neighbors, kNeighborhoodName) != nullptr) {
    checker.problem(pointer + "/neighbors" + pointer_token(kNeighborhoodName),
                    "must have another name: this is that of the neighborhood");
  }
  if (setup.plan.empty()) {
    if (!(setup.assume == PlanAssumptions())) {
      checker.problem(pointer + "/assume", "is about a plan, and the setup has none");
    }
    return;
  }
  const Scenario& scenario = checker.scenario();
  if (!checker.names_known("/plans")) return;
  const Plan* plan = find_named(scenario.plans, setup.plan);
  if (plan == nullptr) {
    std::vector<std::string_view> names = names_of(scenario.plans);
    names.insert(names.end(), catalog.begin(), catalog.end());
    return check_reference(checker, pointer + "/plan", "plan", setup.plan, names);
  }
  check_bought(checker, pointer, setup);
  check_assumptions(checker, pointer, setup, *plan);
}

}  // namespace

void check_plans(Checker& checker, const std::vector<std::string_view>& catalog) {
  const Scenario& scenario = checker.scenario();
  for (const auto& [name, plan] : scenario.plans) {
    check_plan(checker, "/plans" + pointer_token(name), plan);
  }
  for (const auto& [name, setup] : scenario.setups) {
    const std::string pointer = "/setups" + pointer_token(name);
    if (checker.sound(pointer)) check_buyer(checker, pointer, setup, catalog);
  }
}

}  // namespace cotenant
