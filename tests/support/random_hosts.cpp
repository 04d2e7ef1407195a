// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_hosts.h"

#include <algorithm>

#include "scenarios/application.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

// Any number makes these dice others than those of the rest of the scenario.
constexpr std::uint64_t kOwnDice = 0x686f737473;
constexpr std::uint64_t kDiceOfLoads = 0x6c6f6164;

void add_banks(Die& die, Named<Group>& groups) {
  for (auto& [name, group] : groups) {
    if (!group.cpu_max || !die.chance(0.5)) continue;
    CpuBank bank;
    bank.most = CpuTime(die.whole(1, 2'000'000'000));
    if (die.chance(0.5)) bank.initial = CpuTime(die.whole(0, bank.most.count()));
    group.cpu_max->burst = Duration();
    group.cpu_max->bank = bank;
  }
}

// Of a few seconds, with times without any load.
LoadProfile random_load(Die& die) {
  LoadProfile profile{{{Duration(), die.real(0.01, 3)}}, false};
  for (std::int64_t more = die.whole(0, 4); more > 0; --more) {
    const Duration later(die.whole(1, 2'000'000'000));
    profile.points.push_back(
        {profile.points.back().at + later, die.chance(0.3) ? 0 : die.real(0.01, 3)});
  }
  profile.repeat = profile.points.size() > 1 && die.chance(0.5);
  return profile;
}

// Users who do not think would come back at the same instant.
bool may_be_turned_away(const Scenario& scenario) {
  const auto is_open = [](const std::optional<Arrivals>& arrivals) {
    return !arrivals || std::holds_alternative<PoissonArrivals>(*arrivals) ||
           std::holds_alternative<ConstantArrivals>(*arrivals);
  };
  const Workload& workload = scenario.workload;
  return !workload.clients.retries && is_open(workload.arrivals) &&
         std::all_of(workload.requests.begin(), workload.requests.end(),
                     [&](const auto& named) { return is_open(named.second.arrivals); });
}

}  // namespace

void add_random_hosts(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnDice);
  if (!die.chance(0.25)) return;
  Die of_loads(seed ^ kDiceOfLoads);
  for (auto& [name, setup] : scenario.setups) {
    add_banks(die, setup.groups);
    for (auto& [guest_name, guest] : setup.guests) add_banks(die, guest.groups);
    for (auto& [service_name, placement] : setup.services) {
      const auto at = position_of(scenario.application, service_name);
      if (!is_web_server(scenario.application[at.value()].second) || !die.chance(0.2)) continue;
      if (may_be_turned_away(scenario)) placement.entry_processes = die.whole(1, 20);
    }
    for (auto& [neighbor_name, neighbor] : setup.neighbors) {
      const bool varies = neighbor.pattern && std::holds_alternative<OnOff>(*neighbor.pattern);
      if (varies && die.chance(0.5)) neighbor.box_cv = die.real(0.01, 3);
      if (varies && of_loads.chance(0.5)) neighbor.load = random_load(of_loads);
      if (!neighbor.files && of_loads.chance(0.3)) neighbor.slowdown = of_loads.real(0, 2);
    }
  }
}

}  // namespace cotenant
