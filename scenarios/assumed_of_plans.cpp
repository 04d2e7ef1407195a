// SPDX-License-Identifier: Apache-2.0
#include "scenarios/assumed_of_plans.h"

#include <fmt/format.h>

#include <map>

#include "scenarios/on_plan.h"
#include "scenarios/quantity.h"

namespace cotenant {

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// "0.5 vCPUs": what the user took for granted.
std::string assumed_text(const PlanAssumptions& assume) {
  std::vector<std::string> parts;
  if (assume.vcpus) parts.push_back(to_text(*assume.vcpus) + " vCPUs");
  if (assume.baseline) parts.push_back("a baseline of " + to_text(*assume.baseline));
  if (assume.credits) parts.push_back("at most " + to_text(*assume.credits) + " of credits");
  return joined(parts);
}

}  // namespace

std::vector<std::string> assumed_of_plans(const Scenario& scenario) {
  std::vector<std::string> sentences;
  std::map<std::string, std::vector<std::string>> neighborhoods;
  for (const auto& [name, setup] : scenario.setups) {
    if (const std::string others = neighborhood_of(scenario, setup); !others.empty()) {
      neighborhoods[others].push_back(name);
    }
    if (!(setup.assume == PlanAssumptions())) {
      sentences.push_back(fmt::format("you assumed of {} in \"{}\": {}", setup.plan, name,
                                      assumed_text(setup.assume)));
    }
  }
  for (const auto& [others, setups] : neighborhoods) {
    sentences.push_back(fmt::format(
        "who else is on the host is assumed, \"{}\" in {}: no provider says it, and each "
        "replication is another box that might be given to you",
        others, joined(setups)));
  }
  return sentences;
}

}  // namespace cotenant
