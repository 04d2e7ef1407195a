// SPDX-License-Identifier: Apache-2.0
//
// First come, first served on c cores: tasks are served in the order of their demands, each runs on
// one core to its end. The classical M/G/c station, and a peer for the fair schedulers. Weights,
// groups and quotas do not exist here (the scenario check refuses them), nor does migration: a task
// stays on its core even if that core is no longer supplied.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cpu/core_supply.h"
#include "models/cpu/fine_time.h"
#include "models/cpu/finished_list.h"
#include "models/cpu/scheduler.h"

namespace cotenant {

class FifoScheduler {
 public:
  explicit FifoScheduler(const CpuTopology& topology);

  void demand(TaskId task, CpuTime work, Instant now);
  BurstTimes withdraw(TaskId task, Instant now);
  void shorten(TaskId task, CpuTime left, Instant now);
  void advance(Instant now, std::vector<Completion>& completed);
  Instant next_instant() const { return finished_.empty() ? next_ : now_; }
  void set_supply(CoreId core, Speed speed, Instant now);
  Speed speed(TaskId task) const;
  bool wants(CoreId core) const;
  BurstTimes burst_so_far(TaskId task, Instant now) const;
  GroupUsage group_usage(GroupId group, Instant now) const;
  void hash_into(Hasher& hasher) const;

 private:
  struct Burst {
    CpuTime work;  // zero: the task is blocked
    Instant demanded;
    Instant started;
    CoreId core;  // none: it waits
    TaskId previous;
    TaskId next;  // neighbors in the queue while it waits
  };
  struct Core {
    TaskId task;    // none: idle
    Instant since;  // `got` is as of this instant
    FineTime got = 0;
  };

  bool runnable(TaskId task) const { return !bursts_[task].work.is_zero(); }
  void settle(Instant now);
  void finish_due(std::vector<Completion>& completed);
  void finish(CoreId core, std::vector<Completion>& completed);
  void start_waiting();
  void start(TaskId task, CoreId core);
  CoreId fastest_idle_core() const;
  void release(CoreId core);
  void plan(CoreId core);
  Instant first_finish() const;
  void enqueue(TaskId task);
  void dequeue(TaskId task);
  FineTime got_until(CoreId core, Instant now) const;
  BurstTimes times(const Burst& burst, CpuTime running, Instant now) const;

  IdVector<TaskId, Burst> bursts_;
  IdVector<CoreId, Core> cores_;
  std::vector<Instant> finishes_;  // by core, side by side because all are looked at; never: idle
  CoreSupply supply_;
  FinishedList finished_;
  TaskId first_;
  TaskId last_;
  std::uint32_t idle_cores_;
  Instant now_;
  Instant next_ = Instant::never();
  FineTime served_ = 0;  // to tasks that are on no core any more
};

static_assert(Scheduler<FifoScheduler>);

}  // namespace cotenant
