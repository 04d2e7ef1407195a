// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_memory.h"

#include <algorithm>

#include "scenarios/application.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMib = 1 << 20;

// Any number makes these dice others than those of the rest of the scenario.
constexpr std::uint64_t kOwnDice = 0x6d656d6f7279;
constexpr std::uint64_t kOtherDice = 0x736f636b6574;

Bytes some(Die& die, std::int64_t most_kib) { return Bytes(die.whole(0, most_kib) * 1024); }

ServiceMemory random_memory(Die& die) {
  ServiceMemory memory;
  memory.base = some(die, 40'000);
  if (die.chance(0.5)) memory.main = some(die, 60'000);
  if (die.chance(0.5)) memory.copied = Bytes(die.whole(0, memory.main.count()));
  memory.copied_over = die.whole(1, 300);
  if (die.chance(0.6)) memory.per_request = some(die, 30'000);
  if (die.chance(0.3)) memory.leak_per_request = some(die, 1'000);
  if (die.chance(0.3)) memory.leak_per_hour = some(die, 100'000'000);
  if (die.chance(0.3)) {
    memory.cache_per_request = some(die, 1'000);
    if (die.chance(0.5)) memory.cache_max = some(die, 20'000);
  }
  if (die.chance(0.4)) memory.retained = die.real(0, 1);
  return memory;
}

// Dice of their own: whoever has rolled before rolls as before.
void add_connections(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOtherDice);
  if (die.chance(0.5)) return;
  for (auto& [name, service] : scenario.application) {
    if (is_other_software(service) && die.chance(0.5)) {
      service.memory.emplace().base = some(die, 20'000);
      if (die.chance(0.5)) service.memory->main = some(die, 20'000);
      if (die.chance(0.5) && !is_proxy(service)) service.memory->per_request = some(die, 5'000);
    }
    if (!service.memory || !holds_connections(service) || die.chance(0.3)) continue;
    if (die.chance(0.7)) service.memory->per_connection = some(die, 2'000);
    if (die.chance(0.7)) service.memory->per_socket = some(die, 100);
  }
  for (auto& [name, setup] : scenario.setups) {
    for (auto& [neighbor_name, neighbor] : setup.neighbors) {
      if (die.chance(0.5)) neighbor.memory = some(die, 1'000'000);
    }
  }
}

// What neighbors hold has to fit.
void give_room(Scenario& scenario) {
  for (auto& [name, setup] : scenario.setups) {
    Bytes held;
    for (const auto& [neighbor_name, neighbor] : setup.neighbors) held += neighbor.memory;
    const auto add = [&](std::optional<Bytes>& limit) {
      if (limit) *limit += held;
    };
    const auto add_all = [&](Machine& machine, Named<Group>& groups) {
      add(machine.memory);
      for (auto& [group_name, group] : groups) add(group.memory_max);
    };
    add_all(setup.machine, setup.groups);
    for (auto& [guest_name, guest] : setup.guests) add_all(guest.machine, guest.groups);
  }
}

// All who may take the steps of the class.
bool all_occupy_memory(const Scenario& scenario, const RequestClass& request) {
  const auto service = position_of(scenario.application, request.service);
  const std::vector<std::size_t> servers = servers_of(scenario.application, service.value());
  return std::all_of(servers.begin(), servers.end(), [&](std::size_t s) {
    return scenario.application[s].second.memory.has_value();
  });
}

void add_step(Die& die, std::vector<Step>& steps) {
  const auto at = die.whole(0, static_cast<std::int64_t>(steps.size()));
  Step step = HoldStep{some(die, 60'000)};
  if (die.chance(0.3)) step = LeakStep{some(die, 2'000)};
  steps.insert(steps.begin() + at, step);
}

void add_limits(Die& die, Machine& machine, Named<Group>& groups) {
  if (die.chance(0.4)) machine.memory = Bytes(die.whole(1, 400) * kMib);
  for (auto& [name, group] : groups) {
    if (die.chance(0.6)) group.memory_max = Bytes(die.whole(1, 300) * kMib);
  }
}

}  // namespace

void add_random_memory(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnDice);
  if (die.chance(0.65)) return;
  for (auto& [name, service] : scenario.application) {
    if (!has_processes(service) || die.chance(0.2)) continue;
    service.memory = random_memory(die);
    auto* uwsgi = std::get_if<Uwsgi>(&service.server);
    if (uwsgi != nullptr && die.chance(0.5)) uwsgi->reload_on_rss = some(die, 60'000);
    for (auto& [operation, does] : service.operations) {
      if (die.chance(0.4)) add_step(die, does.steps);
    }
  }
  for (auto& [name, request] : scenario.workload.requests) {
    if (request.file) continue;
    if (all_occupy_memory(scenario, request) && die.chance(0.6)) add_step(die, request.steps);
  }
  for (auto& [name, setup] : scenario.setups) {
    add_limits(die, setup.machine, setup.groups);
    for (auto& [guest_name, guest] : setup.guests) add_limits(die, guest.machine, guest.groups);
    for (auto& [service, placement] : setup.services) {
      const bool counts = find_named(scenario.application, service)->memory.has_value();
      if (counts && die.chance(0.3)) placement.oom_score_adj = die.whole(-999, 1000);
    }
  }
  add_connections(scenario, seed);
  give_room(scenario);
}

}  // namespace cotenant
