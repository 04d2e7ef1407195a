// SPDX-License-Identifier: Apache-2.0
//
// Ideal fair sharing: at every instant the supplied cores are divided over the group tree by
// weighted max-min fairness, infinitely finely. It is what CFS and EEVDF approximate, without their
// slices, run queues per CPU, migrations and switching costs. docs/models/cpu-fluid.md has the
// equations.
//
// The cost of a demand or completion is O(log tasks + buckets + groups), where a bucket is the
// tasks of one group and one weight. Nothing is allocated after construction, except by a copy on
// its first coincidence (FinishedList).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/cpu/core_supply.h"
#include "models/cpu/finished_list.h"
#include "models/cpu/quota_pool.h"
#include "models/cpu/scheduler.h"
#include "models/cpu/task_bucket.h"
#include "models/cpu/water_filling.h"

namespace cotenant {

class FluidScheduler {
 public:
  // quota_phases: for each group, the first refill at or after the start of the run; ignored for
  // groups without bandwidth.
  FluidScheduler(const CpuTopology& topology, std::span<const Duration> quota_phases);

  void demand(TaskId task, CpuTime work, Instant now);
  BurstTimes withdraw(TaskId task, Instant now);
  void shorten(TaskId task, CpuTime left, Instant now);
  void advance(Instant now, std::vector<Completion>& completed);
  Instant next_instant() const {
    if (!finished_.empty()) return now_;
    if (next_stale_) {
      next_ = find_next();
      next_stale_ = false;
    }
    return next_;
  }
  void set_supply(CoreId core, Speed speed, Instant now);
  Speed speed(TaskId task) const;
  bool wants(CoreId core) const;
  BurstTimes burst_so_far(TaskId task, Instant now) const;
  GroupUsage group_usage(GroupId group, Instant now) const;
  void hash_into(Hasher& hasher) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct alignas(64) Burst {  // one cache line: of many tasks each is touched once in a while
    BucketClocks start;
    CpuTime work;  // zero: the task is blocked
    Instant demanded;
  };
  struct Seat {
    std::uint32_t bucket = 0;
    std::uint32_t seat = 0;
  };
  struct Group {
    GroupId parent;
    std::uint64_t weight = 0;
    std::uint32_t pool = kNone;
    std::uint32_t first_bucket = 0;
    std::uint32_t bucket_count = 0;
    std::uint32_t first_child = 0;
    std::uint32_t child_count = 0;
    // From here on it changes during the run.
    std::uint32_t runnable = 0;  // tasks below, throttled or not
    std::uint32_t eligible = 0;  // of these, not throttled
    bool held_back = false;      // by its own pool or one above
    std::uint64_t share = 0;     // of the capacity, in units of Speed
    std::uint64_t rate = 0;      // sum of the speeds below; kept for groups under some pool only
  };

  void make_groups(const CpuTopology& topology, std::span<const Duration> quota_phases);
  void make_buckets(const CpuTopology& topology);
  void make_children();

  bool runnable(TaskId task) const { return !bursts_[task].work.is_zero(); }
  void settle(Instant now);
  void pass_until(Instant now);
  void step(std::vector<Completion>& completed);
  void finish_first(std::uint32_t bucket, std::vector<Completion>& completed);
  void count_runnable(GroupId group, std::uint32_t change);
  void rebalance();
  void apply_quotas();
  void share_capacity();
  void divide(const Group& group);
  void run_bucket(TaskBucket& bucket, Speed speed);
  void share_with_one_bucket();
  bool nobody_waits() const;
  void run_all_buckets();
  Instant find_next() const;
  bool is_below(GroupId group, GroupId ancestor) const;
  static BurstTimes times(const Burst& burst, const BucketClocks& clocks, Instant now) {
    return split(now - burst.demanded, burst.work, burst.start, clocks);
  }

  std::vector<Group> groups_;
  std::vector<GroupId> children_;  // of each group in turn
  std::vector<TaskBucket> buckets_;
  std::vector<QuotaPool> pools_;
  std::vector<TaskId> members_;              // of each bucket in turn
  std::vector<std::uint32_t> first_member_;  // of a bucket, in members_
  IdVector<TaskId, Seat> seats_;
  IdVector<TaskId, Burst> bursts_;
  CoreSupply supply_;
  FinishedList finished_;
  std::vector<Claim> claims_;  // room for the claims within one group
  Instant now_;
  std::uint32_t busy_buckets_ = 0;  // with a runnable task
  // A memo: callers ask once per instant, but the state may change several times within one. It is
  // why one scheduler must not be asked from two threads at a time; copies may.
  mutable Instant next_ = Instant::never();
  mutable bool next_stale_ = false;
};

static_assert(Scheduler<FluidScheduler>);

}  // namespace cotenant
