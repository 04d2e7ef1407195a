// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_outages.h"

#include <algorithm>

#include "scenarios/application.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

// Any numbers make these dice others than those of the rest of the scenario.
constexpr std::uint64_t kOwnDice = 0x6f757461;
constexpr std::uint64_t kDiceOfPlatforms = 0x706c6174;
constexpr std::uint64_t kDiceOfGarbage = 0x67617262;
constexpr std::uint64_t kDiceOfDatabases = 0x6462;

Restart random_restart(Die& die) {
  Restart restart;
  restart.preset = die.pick({"no", "kubernetes", "docker", "systemd"});
  if (restart.preset == "no" || die.chance(0.5)) return restart;
  restart.first_delay = Duration(die.whole(0, 500'000'000));
  restart.delay = Duration(die.whole(0, 1'000'000'000));
  restart.factor = die.whole(1, 3);
  restart.max_delay = Duration(die.whole(0, 4'000'000'000));
  restart.reset_after = Duration(die.whole(0, 5'000'000'000));
  restart.start = Duration(die.whole(0, 600'000'000));
  return restart;
}

Probe random_probe(Die& die) {
  Probe probe;
  probe.cpu = Duration(die.whole(0, 5'000'000));
  probe.wait = Duration(die.chance(0.5) ? 0 : die.whole(0, 20'000'000));
  probe.initial_delay = Duration(die.whole(0, 500'000'000));
  probe.period = Duration(die.whole(100'000'000, 500'000'000));
  probe.timeout = Duration(die.whole(100'000'000, 400'000'000));
  probe.failure_threshold = die.whole(1, 3);
  return probe;
}

Probes random_probes(Die& die) {
  Probes probes;
  if (die.chance(0.3)) probes.startup = random_probe(die);
  if (die.chance(0.6)) probes.liveness = random_probe(die);
  if (die.chance(0.5) || !(probes.startup || probes.liveness)) {
    probes.readiness = random_probe(die);
    probes.readiness->success_threshold = die.whole(1, 2);
  }
  probes.grace = Duration(die.whole(0, 500'000'000));
  return probes;
}

IdleStop random_idle_stop(Die& die) {
  return {Duration(die.whole(5'000'000, 500'000'000)), Duration(die.whole(0, 200'000'000))};
}

// A celery in it may not die as a whole, and all others say who starts them again.
bool may_die_as_a_whole(const Scenario& scenario, const Setup& setup) {
  return std::all_of(setup.services.begin(), setup.services.end(), [&](const auto& named) {
    const Service& service = *find_named(scenario.application, named.first);
    return !is_celery(service) || !service.memory || named.second.scheduling.group.empty();
  });
}

}  // namespace

void add_random_outages(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnDice);
  if (!die.chance(0.4)) return;
  Die of_databases(seed ^ kDiceOfDatabases);
  for (auto& [name, setup] : scenario.setups) {
    for (auto& [service, placement] : setup.services) {
      const Service& placed = *find_named(scenario.application, service);
      if (is_database(placed)) placement.restart = random_restart(of_databases);
      if (has_main_process(placed)) placement.restart = random_restart(die);
    }
    if (!may_die_as_a_whole(scenario, setup)) continue;
    for (auto& [group, what] : setup.groups) what.oom_group = die.chance(0.5);
    for (auto& [guest, machine] : setup.guests) {
      for (auto& [group, what] : machine.groups) what.oom_group = die.chance(0.5);
    }
  }
}

void add_random_platforms(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kDiceOfPlatforms);
  if (!die.chance(0.4)) return;
  for (auto& [name, setup] : scenario.setups) {
    if (die.chance(0.4)) {
      setup.router = Router{Duration(die.whole(10'000'000, 2'000'000'000)), die.whole(503, 504)};
    }
    for (auto& [service, placement] : setup.services) {
      const Service& what = *find_named(scenario.application, service);
      if (is_web_server(what) && die.chance(0.4)) {
        placement.idle_stop = random_idle_stop(die);
      } else if (has_main_process(what) && die.chance(0.5)) {
        if (!placement.restart) placement.restart = random_restart(die);
        placement.probes = random_probes(die);
      }
    }
  }
}

void add_random_garbage(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kDiceOfGarbage);
  if (!die.chance(0.25)) return;
  for (auto& [name, service] : scenario.application) {
    const bool has_lock = std::visit(
        [](const auto& server) {
          if constexpr (requires { server.gil; }) return bool{server.gil};
          return true;
        },
        service.server);
    if (!has_processes(service) || !has_lock || die.chance(0.3)) continue;
    GarbageCollection gc;
    gc.python = die.pick({"3.9", "3.11", "3.12", "3.13", "3.14.5"});
    gc.objects = die.whole(0, 500'000);
    gc.objects_per_request = die.whole(0, 20'000);
    gc.cycles_per_request = die.whole(0, gc.objects_per_request);
    gc.freeze = die.chance(0.3);
    service.gc = gc;
  }
}

}  // namespace cotenant
