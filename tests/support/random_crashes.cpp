// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_crashes.h"

#include <algorithm>
#include <string>

#include "scenarios/application.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

// Any number makes these dice others than those of the rest of the scenario.
constexpr std::uint64_t kOwnDice = 0x63726173;

// Those of event loops and tasks are in the scenario already.
bool crashes(const Service& service) {
  return can_crash(service) && !can_be_blocked(service) && !takes_tasks(service);
}

void add_step(Die& die, std::vector<Step>& steps) {
  const auto at = die.whole(0, static_cast<std::int64_t>(steps.size()));
  steps.insert(steps.begin() + at, CrashStep{die.real(0, 0.1)});
}

}  // namespace

void add_random_crashes(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnDice);
  if (!die.chance(0.2)) return;
  for (auto& [name, request] : scenario.workload.requests) {
    const auto service = position_of(scenario.application, request.service);
    const std::vector<std::size_t> servers = servers_of(scenario.application, service.value());
    const bool may = std::all_of(servers.begin(), servers.end(), [&](std::size_t s) {
      return crashes(scenario.application[s].second);
    });
    if (may && !request.file && die.chance(0.6)) add_step(die, request.steps);
  }
}

}  // namespace cotenant
