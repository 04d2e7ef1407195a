// SPDX-License-Identifier: Apache-2.0
//
// Checks of plans, and of setups that buy one.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/catalog.h"
#include "scenarios/checker.h"
#include "scenarios/computers.h"
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
  if ((plan.limits.io || plan.limits.iops) && !is_account(plan)) {
    checker.problem(pointer + "/limits",
                    "of IO are those of an account on a host: of a machine of one's own say what "
                    "its disk can do (disk.instance_bandwidth, disk.instance_iops)");
  }
}

// A hosting of a setup: the setup itself, or the node of that name.
struct Buyer {
  const Setup& setup;
  std::string of_setup;  // its pointer
  std::string node;
  const Hosting& hosting;

  std::string pointer() const { return hosting_pointer(of_setup, node); }
};

void check_bought(Checker& checker, const Buyer& buyer) {
  const std::string pointer = buyer.pointer();
  if (!buyer.hosting.groups.empty()) checker.problem(pointer + "/groups", "are those of the plan");
  if (!buyer.hosting.guests.empty()) checker.problem(pointer + "/guests", "are those of the plan");
  for (const auto& [name, placement] : buyer.setup.services) {
    if (placement.node != buyer.node) continue;
    const std::string place = buyer.of_setup + "/services" + pointer_token(name);
    if (!placement.guest.empty()) checker.problem(place + "/guest", "is that of the plan");
    if (placement.container) {
      checker.problem(place + "/container", "is for a machine that is said, not for a plan");
    }
    if (!placement.scheduling.group.empty()) {
      checker.problem(place + "/group", "is that of the plan");
    }
  }
  for (const auto& [name, neighbor] : buyer.hosting.neighbors) {
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
void check_assumptions(Checker& checker, const std::string& pointer, const Hosting& hosting,
                       const Plan& plan) {
  const Plan assumed = as_assumed(plan, hosting.assume);
  const auto unknown = [&](std::string_view key, std::string_view what) {
    checker.problem(pointer + "/plan",
                    fmt::format("the provider of {} does not say {}: assume it (assume.{})",
                                in_quotes(hosting.plan), what, key));
  };
  if (!assumed.vcpus) unknown("vcpus", "how many vCPUs it is worth");
  const auto* credits = std::get_if<CreditCpu>(&assumed.cpu);
  if (credits == nullptr) {
    if (hosting.assume.baseline || hosting.assume.credits) {
      checker.problem(pointer + "/assume", "says something of credits, and the plan has none");
    }
    return;
  }
  if (!credits->baseline) unknown("baseline", "its baseline");
  if (!credits->most) unknown("credits", "how many credits it can have");
}

void check_buyer(Checker& checker, const Buyer& buyer,
                 const std::vector<std::string_view>& catalog) {
  const std::string pointer = buyer.pointer();
  const Hosting& hosting = buyer.hosting;
  if (!hosting.neighborhood.empty() && hosting.neighborhood != "none" &&
      find_named(hosting.neighbors, kNeighborhoodName) != nullptr) {
    checker.problem(pointer + "/neighbors" + pointer_token(kNeighborhoodName),
                    "must have another name: this is that of the neighborhood");
  }
  if (hosting.plan.empty()) {
    if (!(hosting.assume == PlanAssumptions())) {
      checker.problem(pointer + "/assume", buyer.node.empty()
                                               ? "is about a plan, and the setup has none"
                                               : "is about a plan, and the node has none");
    }
    return;
  }
  const Scenario& scenario = checker.scenario();
  if (!checker.names_known("/plans")) return;
  const Plan* plan = find_named(scenario.plans, hosting.plan);
  if (plan == nullptr) {
    std::vector<std::string_view> names = names_of(scenario.plans);
    names.insert(names.end(), catalog.begin(), catalog.end());
    return check_reference(checker, pointer + "/plan", "plan", hosting.plan, names);
  }
  check_bought(checker, buyer);
  check_assumptions(checker, pointer, hosting, *plan);
}

// What it costs in all cannot be said for them.
void check_currencies(Checker& checker, const std::string& pointer, const Setup& setup) {
  if (setup.price) return;
  const std::vector<std::string> currencies = currencies_of(checker.scenario(), setup);
  if (currencies.size() < 2) return;
  checker.problem(pointer, fmt::format("its parts are paid in {}, which cannot be added: say the "
                                       "price of the setup",
                                       fmt::join(currencies, " and ")));
}

}  // namespace

void check_plans(Checker& checker, const std::vector<std::string_view>& catalog) {
  const Scenario& scenario = checker.scenario();
  for (const auto& [name, plan] : scenario.plans) {
    check_plan(checker, "/plans" + pointer_token(name), plan);
  }
  for (const auto& named : scenario.setups) {
    const Setup& setup = named.second;
    const std::string pointer = "/setups" + pointer_token(named.first);
    if (!checker.sound(pointer)) continue;
    for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
      check_buyer(checker, {setup, pointer, node, hosting}, catalog);
    });
    check_currencies(checker, pointer, setup);
  }
}

}  // namespace cotenant
