// SPDX-License-Identifier: Apache-2.0
//
// Checks of the cgroups of one computer.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/checker.h"
#include "scenarios/computers.h"
#include "scenarios/quantity.h"

namespace cotenant {

namespace {

// The kernel admits a burst of up to one quota (cpu.max.burst, kernel/sched/core.c). The ideal
// fluid limit has no reason to stop there, and its analytic reference cases use 1.5 quotas; beyond
// 10 it is a typing error.
constexpr std::int64_t kMaxBurstQuotas = 10;

void check_burst(Checker& checker, const std::string& pointer, const Computer& computer,
                 const CpuMax& limit) {
  const bool linux = computer.imitates_linux();
  const Duration most = linux ? limit.quota : limit.quota * kMaxBurstQuotas;
  if (limit.burst <= most) return;
  checker.problem(pointer,
                  fmt::format("must be at most {}, {}, got {}",
                              linux ? "the quota, as in the kernel" : "10 times the quota",
                              to_text(most), to_text(limit.burst)),
                  "at most " + to_text(most));
}

void check_limit(Checker& checker, const std::string& pointer, const Computer& computer,
                 const CpuMax& limit) {
  if (checker.sound(computer.pointer + "/machine")) {
    check_burst(checker, pointer + "/burst", computer, limit);
  }
  if (limit.bank && limit.bank->initial > limit.bank->most) {
    checker.problem(pointer + "/bank/initial",
                    fmt::format("must be at most {}, got {}", to_text(limit.bank->most),
                                to_text(limit.bank->initial)),
                    "at most " + to_text(limit.bank->most));
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

// In cgroup v2 a group cannot have cores that the one around it has not.
void check_cpus(Checker& checker, const std::string& place, const Computer& computer,
                const Group& group) {
  const std::int64_t last = computer.machine.cores - 1;
  if (group.cpus->cores.back() > last) {
    checker.problem(place + "/cpus",
                    fmt::format("names core {}, but the machine has {} (0 to {})",
                                group.cpus->cores.back(), computer.machine.cores, last));
  }
  const Group* around = find_named(computer.groups, group.parent);
  if (around == nullptr || !around->cpus) return;
  const std::vector<std::int64_t>& allowed = around->cpus->cores;
  if (std::includes(allowed.begin(), allowed.end(), group.cpus->cores.begin(),
                    group.cpus->cores.end())) {
    return;
  }
  checker.problem(place + "/cpus",
                  fmt::format("must be among the cores of \"{}\", {}, got {}", group.parent,
                              to_text(*around->cpus), to_text(*group.cpus)));
}

void check_group(Checker& checker, const std::string& place, const Computer& computer,
                 const Group& group) {
  if (group.cpu_max) check_limit(checker, place + "/cpu_max", computer, *group.cpu_max);
  if (group.cpus && checker.sound(computer.pointer + "/machine")) {
    check_cpus(checker, place, computer, group);
  }
  if (group.shares_conversion != "none" && !group.cpu_shares) {
    checker.problem(place + "/shares_conversion", "converts cpu_shares, which is not given");
  }
  if (group.parent.empty()) return;
  check_reference(checker, place + "/parent", "group", group.parent, names_of(computer.groups));
}

}  // namespace

void check_groups(Checker& checker, const Computer& computer) {
  const std::string pointer = computer.pointer + "/groups";
  if (!checker.sound(pointer)) return;
  for (const auto& [name, group] : computer.groups) {
    check_group(checker, pointer + pointer_token(name), computer, group);
  }
  check_cycles(checker, pointer, computer.groups);
}

}  // namespace cotenant
