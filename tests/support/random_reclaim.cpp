// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_reclaim.h"

#include <algorithm>

#include "scenarios/application.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMib = 1 << 20;

// Any number makes these dice others than those of the rest of the scenario.
constexpr std::uint64_t kOwnDice = 0x7265636c61696d;

bool reads_files(const Step& step) {
  const auto* read = std::get_if<ReadStep>(&step);
  return read != nullptr && !read->direct;
}

bool reads_files(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& s) { return reads_files(s); });
}

// How often it finds something follows from the memory that is left.
void forget_hits(std::vector<Step>& steps) {
  for (Step& step : steps) {
    if (auto* read = std::get_if<ReadStep>(&step)) read->cache_hit = 0;
  }
}

// All who serve the class, or nobody: a class behind a proxy has one kind of reads.
void add_files(Die& die, Scenario& scenario) {
  const auto random_files = [&] {
    Files files{Bytes(die.whole(1, 200) * kMib)};
    if (die.chance(0.3)) files.order = "sequential";
    files.cold = die.chance(0.3);
    return files;
  };
  for (auto& [name, service] : scenario.application) {
    for (auto& [operation, does] : service.operations) {
      if (reads_files(does.steps) && !service.files) service.files = random_files();
    }
  }
  for (auto& [name, request] : scenario.workload.requests) {
    if (!reads_files(request.steps)) continue;
    const auto first = position_of(scenario.application, request.service);
    for (const std::size_t server : servers_of(scenario.application, first.value())) {
      Service& service = scenario.application[server].second;
      if (!service.files) service.files = random_files();
    }
  }
  for (auto& [name, service] : scenario.application) {
    for (auto& [operation, does] : service.operations) forget_hits(does.steps);
  }
  for (auto& [name, request] : scenario.workload.requests) forget_hits(request.steps);
}

void protect(Die& die, const Machine& machine, Named<Group>& groups) {
  for (auto& [name, group] : groups) {
    if (die.chance(0.4)) group.memory_min = Bytes(die.whole(0, 60) * kMib);
    if (die.chance(0.4)) group.memory_low = Bytes(die.whole(0, 100) * kMib);
    if (die.chance(0.4)) group.memory_high = Bytes(die.whole(1, 300) * kMib);
    if (machine.swap && die.chance(0.4)) group.swap_max = Bytes(die.whole(0, 100) * kMib);
  }
}

void add_swap(Die& die, Machine& machine, Named<Group>& groups, bool has_disk) {
  if (has_disk && die.chance(0.6)) {
    machine.swap = Swap{Bytes(die.whole(1, 400) * kMib), die.whole(0, 200)};
  }
  protect(die, machine, groups);
}

}  // namespace

void add_random_reclaim(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnDice);
  if (!die.chance(0.4)) return;
  add_files(die, scenario);
  for (auto& [name, service] : scenario.application) {
    if (!service.memory) continue;
    service.memory->working_set = Bytes(die.whole(0, 20'000) * 1024);
    if (die.chance(0.5) && !is_proxy(service)) {
      service.memory->touched_per_request =
          Bytes(die.whole(0, service.memory->working_set->count()));
    }
  }
  for (auto& [name, setup] : scenario.setups) {
    const bool has_disk = setup.machine.disk.has_value();
    add_swap(die, setup.machine, setup.groups, has_disk);
    for (auto& [guest, what] : setup.guests) {
      add_swap(die, what.machine, what.groups, has_disk || what.machine.disk);
    }
  }
}

}  // namespace cotenant
