// SPDX-License-Identifier: Apache-2.0
//
// Checks of machines, groups and placements.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {

namespace {

// Workers of one setup together. A machine that runs more server processes does not exist; pid_max
// is 32768 by default (include/linux/threads.h: PID_MAX_DEFAULT).
constexpr std::int64_t kMaxTasks = 32'768;

// The kernel admits a burst of up to one quota. The ideal fluid limit has no reason to stop there,
// and its analytic reference cases use 1.5 quotas; beyond 10 it is a typing error.
constexpr std::int64_t kMaxBurstQuotas = 10;

void check_limit(Checker& checker, const std::string& pointer, const CpuMax& limit) {
  if (limit.burst > limit.quota * kMaxBurstQuotas) {
    checker.problem(pointer + "/burst",
                    fmt::format("must be at most 10 times the quota, {}, got {}",
                                to_text(limit.quota * kMaxBurstQuotas), to_text(limit.burst)),
                    "at most " + to_text(limit.quota * kMaxBurstQuotas));
  }
  if (limit.phase.fixed && *limit.phase.fixed >= limit.period) {
    checker.problem(pointer + "/phase",
                    fmt::format("must be below the period, {}, got {}", to_text(limit.period),
                                to_text(*limit.phase.fixed)),
                    "less than " + to_text(limit.period));
  }
}

constexpr std::size_t kNoGroup = static_cast<std::size_t>(-1);

// For each group the index of its parent. Hostile files have thousands of groups, hence the map.
std::vector<std::size_t> parents_of(const Named<Group>& groups) {
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < groups.size(); ++i) index.emplace(groups[i].first, i);
  std::vector<std::size_t> parents(groups.size(), kNoGroup);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto parent = index.find(groups[i].second.parent);
    if (parent != index.end()) parents[i] = parent->second;
  }
  return parents;
}

// Each cycle is reported once, at the group of it that comes first in the file.
void check_cycles(Checker& checker, const std::string& pointer, const Named<Group>& groups) {
  const std::vector<std::size_t> parents = parents_of(groups);
  std::vector<std::size_t> seen_from(groups.size(), kNoGroup);
  for (std::size_t start = 0; start < groups.size(); ++start) {
    std::size_t at = start;
    while (at != kNoGroup && seen_from[at] == kNoGroup) {
      seen_from[at] = start;
      at = parents[at];
    }
    if (at == kNoGroup || seen_from[at] != start) continue;
    // The walk met itself at `at`; what leads from there back to there is the cycle.
    std::size_t first = at;
    for (std::size_t i = parents[at]; i != at; i = parents[i]) first = std::min(first, i);
    std::string text = groups[first].first;
    for (std::size_t i = parents[first]; i != first; i = parents[i])
      text += " → " + groups[i].first;
    checker.problem(pointer + pointer_token(groups[first].first) + "/parent",
                    "groups must not contain themselves: " + text + " → " + groups[first].first);
  }
}

void check_groups(Checker& checker, const std::string& pointer, const Named<Group>& groups) {
  for (const auto& [name, group] : groups) {
    const std::string place = pointer + pointer_token(name);
    if (group.cpu_max) check_limit(checker, place + "/cpu_max", *group.cpu_max);
    if (group.parent.empty()) continue;
    check_reference(checker, place + "/parent", "group", group.parent, names_of(groups));
  }
  check_cycles(checker, pointer, groups);
}

void check_fifo(Checker& checker, const std::string& pointer, const Setup& setup) {
  const std::string advice = "the fifo scheduler has no weights or limits: use \"fluid\"";
  if (!setup.groups.empty()) checker.problem(pointer + "/groups", advice);
  for (const auto& [name, placement] : setup.services) {
    const std::string place = pointer + "/services" + pointer_token(name);
    if (placement.nice != 0) checker.problem(place + "/nice", advice);
    if (placement.task_weight) checker.problem(place + "/task_weight", advice);
  }
  if (!setup.neighbors.empty()) {
    checker.problem(pointer + "/neighbors",
                    "under the fifo scheduler a neighbor would hold its core for ever: use "
                    "\"fluid\"");
  }
}

// The kernel refuses a larger burst (cpu.max.burst, kernel/sched/core.c); only the ideal fluid
// allows it.
void check_kernel_limits(Checker& checker, const std::string& pointer, const Setup& setup) {
  for (const auto& [name, group] : setup.groups) {
    if (!group.cpu_max || group.cpu_max->burst <= group.cpu_max->quota) continue;
    checker.problem(pointer + "/groups" + pointer_token(name) + "/cpu_max/burst",
                    "must be at most the quota under this scheduler, as in the kernel");
  }
}

void check_tasks(Checker& checker, const std::string& pointer, const Setup& setup) {
  std::int64_t tasks = 0;
  for (const auto& [name, service] : checker.scenario().application) {
    const Placement* placement = find_named(setup.services, name);
    std::int64_t workers = std::get<GunicornSync>(service.server).workers;
    if (placement != nullptr && placement->workers) workers = *placement->workers;
    tasks += workers;
  }
  const std::string of_neighbors = setup.neighbors.empty() ? "" : " and neighbors";
  for (const auto& [name, neighbor] : setup.neighbors) tasks += neighbor.threads;
  if (tasks > kMaxTasks) {
    checker.problem(pointer,
                    fmt::format("has {} workers in all services{} together; at most {} fit", tasks,
                                of_neighbors, kMaxTasks));
  }
}

void check_group(Checker& checker, const std::string& pointer, const std::string& place,
                 const std::string& group, const Setup& setup) {
  if (group.empty() || !checker.names_known(pointer + "/groups") || !checker.sound(place)) return;
  check_reference(checker, place + "/group", "group", group, names_of(setup.groups));
}

void check_pattern(Checker& checker, const std::string& pointer, const OnOff& pattern) {
  check_law(checker, pointer + "/on", pattern.on, false);
  check_law(checker, pointer + "/off", pattern.off, false);
}
void check_pattern(Checker&, const std::string&, const RecordedBursts&) {}

void check_neighbors(Checker& checker, const std::string& pointer, const Setup& setup) {
  for (const auto& [name, neighbor] : setup.neighbors) {
    const std::string place = pointer + "/neighbors" + pointer_token(name);
    check_group(checker, pointer, place, neighbor.group, setup);
    if (!neighbor.pattern) continue;
    std::visit([&](const auto& kind) { check_pattern(checker, place + "/pattern", kind); },
               *neighbor.pattern);
  }
}

void check_setup(Checker& checker, const std::string& pointer, const Setup& setup) {
  if (checker.sound(pointer + "/groups")) check_groups(checker, pointer + "/groups", setup.groups);
  const bool services_known = checker.names_known("/application");
  for (const auto& [name, placement] : setup.services) {
    const std::string place = pointer + "/services" + pointer_token(name);
    if (services_known && checker.sound(place)) {
      check_reference(checker, place, "service", name, names_of(checker.scenario().application));
    }
    check_group(checker, pointer, place, placement.group, setup);
  }
  check_neighbors(checker, pointer, setup);
  if (!checker.sound(pointer)) return;
  if (setup.machine.scheduler == "fifo") check_fifo(checker, pointer, setup);
  if (setup.machine.scheduler == "eevdf" || setup.machine.scheduler == "cfs") {
    check_kernel_limits(checker, pointer, setup);
  }
  if (checker.sound("/application")) check_tasks(checker, pointer, setup);
}

}  // namespace

void check_setups(Checker& checker) {
  for (const auto& [name, setup] : checker.scenario().setups) {
    check_setup(checker, "/setups" + pointer_token(name), setup);
  }
}

}  // namespace cotenant
