// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_nodes.h"

#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

// Any number makes these dice others than those of the rest of the scenario.
constexpr std::uint64_t kOwnDice = 0x6e6f646573;

// As it would be said in a file, whether it makes sense.
bool is_accepted(const Scenario& scenario) { return decode(encode(scenario)).ok(); }

// Makes the change, unless it makes no sense.
template <class Change>
void try_to(Scenario& scenario, Change change) {
  const Scenario before = scenario;
  change();
  if (!is_accepted(scenario)) scenario = before;
}

Placement& placement_of(Setup& setup, const std::string& service) {
  for (auto& [name, placement] : setup.services) {
    if (name == service) return placement;
  }
  return setup.services.emplace_back(service, Placement()).second;
}

Hosting random_node(Die& die, const Machine& like) {
  Hosting node;
  node.machine = like;
  node.machine.cores = die.whole(1, 3);
  node.machine.memory.reset();
  node.machine.swap.reset();
  return node;
}

Balancer random_balancer(Die& die) {
  Balancer balancer;
  balancer.method =
      die.pick<const char*>({"round_robin", "least_conn", "random", "random_two", "ip_hash"});
  balancer.max_fails = die.whole(0, 2);
  balancer.fail_timeout = Duration(die.whole(1, 2'000) * 1'000'000);
  balancer.keep_alive = die.whole(0, 4);
  balancer.buffers = die.chance(0.5);
  if (die.chance(0.3)) balancer.timeout = Duration(die.whole(1, 2'000) * 1'000'000);
  return balancer;
}

}  // namespace

void add_random_nodes(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnDice);
  if (!die.chance(0.3)) return;
  for (std::size_t s = 0; s < scenario.setups.size(); ++s) {
    Setup& setup = scenario.setups[s].second;
    setup.network_rtt = die.chance(0.2) ? Duration() : Duration(die.whole(1, 20'000'000));
    setup.nodes.emplace_back("apart", random_node(die, setup.machine));
    for (std::size_t a = 0; a < scenario.application.size(); ++a) {
      if (!die.chance(0.5)) continue;
      try_to(scenario, [&] {
        Placement& placement =
            placement_of(scenario.setups[s].second, scenario.application[a].first);
        placement.node = "apart";
        placement.guest.clear();
        placement.scheduling.group.clear();
      });
    }
    if (!die.chance(0.5)) continue;
    const std::int64_t replicas = die.whole(1, 3);
    const Balancer balancer = random_balancer(die);
    try_to(scenario, [&] {
      scenario.setups[s].second.replicas = replicas;
      scenario.setups[s].second.balancer = balancer;
    });
  }
}

}  // namespace cotenant
