// SPDX-License-Identifier: Apache-2.0
//
// The fluid scheduler once more, as plainly as possible: time goes nanosecond by nanosecond, every
// task has its own account, shares are found by sorting. No virtual clock, no buckets, no search
// for the next event. It shares only the definition with models/cpu/fluid.h (speeds rounded down
// per group and task), so the two must agree exactly.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cpu/scheduler.h"
#include "sim/base/int128.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {

class FluidReference {
 public:
  explicit FluidReference(const Host& host);

  // At one instant: first step(), then any of these, then shares() is up to date.
  void demand(TaskId task, CpuTime work);
  BurstTimes withdraw(TaskId task);
  void set_supply(CoreId core, Speed speed);

  // One nanosecond passes. Returns the tasks that are done after it, by task id.
  std::vector<Completion> step();

  std::int64_t now() const { return now_; }
  bool runnable(TaskId task) const { return tasks_[task.index()].work > 0; }
  Speed speed(TaskId task) const { return tasks_[task.index()].speed; }
  BurstTimes burst_so_far(TaskId task) const;
  // In units of 2^-32 ns, of the group's own tasks and all below.
  Uint128 served(GroupId group) const;
  GroupUsage counters(GroupId group) const { return groups_[group.index()].counters; }
  std::uint64_t eligible() const;
  std::uint64_t usable() const;
  Speed fastest() const;

 private:
  struct Task {
    std::int64_t work = 0;
    std::int64_t demanded = 0;
    std::int64_t throttled = 0;
    Uint128 got = 0;
    Uint128 stolen = 0;
    Uint128 served_before = 0;
    Speed speed = 0;
    bool held_back = false;
  };
  struct Group {
    Int128 pool = 0;
    GroupUsage counters;
    bool held_back = false;
    bool period_counted = false;
    bool throttled_counted = false;
  };
  struct Member {
    std::uint64_t weight = 0;
    std::uint64_t cap = 0;
    std::uint64_t share = 0;
  };

  bool below(GroupId group, GroupId ancestor) const;
  bool held(GroupId group) const;
  bool active(GroupId group) const;
  std::uint64_t cap(GroupId group) const;
  void update();
  void divide(GroupId group, std::uint64_t capacity);

  const Host& host_;
  std::vector<Task> tasks_;
  std::vector<Group> groups_;
  std::vector<Speed> supply_;
  std::int64_t now_ = 0;
};

}  // namespace cotenant::cpu_test
