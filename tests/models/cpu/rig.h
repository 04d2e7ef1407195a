// SPDX-License-Identifier: Apache-2.0
//
// What the tests of CPU schedulers share: a topology written in a few words, and a driver that does
// what the caller of a scheduler must do and notes when each task finished.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/cpu/scheduler.h"

namespace cotenant::cpu_test {

constexpr std::int64_t kMs = 1'000'000;

struct Host {
  CpuTopology topology;
  std::vector<Duration> phases;

  explicit Host(std::uint32_t cores) {
    topology.cores = cores;
    topology.groups.push_back({});
    phases.push_back(Duration(0));
  }

  GroupId group(GroupId parent, std::int64_t weight) {
    phases.push_back(Duration(0));
    return topology.groups.push_back({parent, weight, std::nullopt});
  }
  GroupId limited_group(GroupId parent, std::int64_t weight, Bandwidth bandwidth,
                        Duration phase = Duration(0)) {
    phases.push_back(phase);
    return topology.groups.push_back({parent, weight, bandwidth});
  }
  TaskId task(GroupId group = kRootGroup, std::int64_t weight = 1024) {
    return topology.tasks.push_back({group, weight});
  }
  std::vector<TaskId> tasks(int count, GroupId group = kRootGroup) {
    std::vector<TaskId> ids;
    for (int i = 0; i < count; ++i) ids.push_back(task(group));
    return ids;
  }
};

struct Finish {
  TaskId task;
  Instant at;
  BurstTimes times;
};

// Advances at every instant that the scheduler names, up to and including `until`.
template <class S>
std::vector<Finish> run_until(S& scheduler, Instant until) {
  std::vector<Finish> finishes;
  std::vector<Completion> completed;
  while (scheduler.next_instant() <= until) {
    const Instant at = scheduler.next_instant();
    scheduler.advance(at, completed);
    for (const Completion& done : completed) finishes.push_back({done.task, at, done.times});
    completed.clear();
  }
  scheduler.advance(until, completed);
  return finishes;
}

// The instant at which the task finished, in ns; -1 when it did not.
inline std::int64_t finish_of(const std::vector<Finish>& finishes, TaskId task) {
  for (const Finish& finish : finishes) {
    if (finish.task == task) return finish.at.ns();
  }
  return -1;
}

inline double cores(Speed speed) {
  return static_cast<double>(speed) / static_cast<double>(kFullSpeed);
}

inline Duration elapsed(const BurstTimes& times) {
  return times.running + times.queued + times.throttled + times.stolen;
}

constexpr CpuTime cpu_ms(std::int64_t ms) { return CpuTime(ms * kMs); }
constexpr Instant at_ms(std::int64_t ms) { return Instant(ms * kMs); }

}  // namespace cotenant::cpu_test
