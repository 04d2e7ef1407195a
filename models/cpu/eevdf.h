// SPDX-License-Identifier: Apache-2.0
//
// The CPU scheduler of Linux 6.18: EEVDF run queues per core and group (EevdfTree), bandwidth
// control, slices and quotas that end at ticks, wake-up placement and balancing between cores. This
// class owns what has to do with time: demands, cores, ticks, and where the time of a burst went.
// All in whole nanoseconds. docs/models/cpu-eevdf.md has the rules, their sources and what is left
// out.
//
// Nothing is allocated after construction. A demand or completion costs O(log tasks of the queue)
// per level of the group tree.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/cpu/eevdf_tree.h"
#include "models/cpu/fine_time.h"
#include "models/cpu/finished_list.h"
#include "models/cpu/scheduler.h"
#include "sim/engine/winner_tree.h"

namespace cotenant {

class EevdfScheduler {
 public:
  // quota_phases: by group, the first refill at or after the start of the run, ignored without
  // bandwidth. tick_phases: by core, its first tick, less than a tick; empty: all zero.
  EevdfScheduler(const CpuTopology& topology, std::span<const Duration> quota_phases,
                 std::span<const Duration> tick_phases = {});

  void demand(TaskId task, CpuTime work, Instant now);
  BurstTimes withdraw(TaskId task, Instant now);
  void shorten(TaskId task, CpuTime left, Instant now);
  void advance(Instant now, std::vector<Completion>& completed) {
    COTENANT_ASSERT(now >= now_);
    if (now == now_ || !finished_.empty()) return advance_from_finished(now, completed);
    run_to(now, completed);
  }
  Instant next_instant() const {
    if (!finished_.empty() || (done_cores_ > 0 && waiting_ > 0)) return now_;
    return due_.empty() ? Instant::never() : instant_due();
  }
  void set_supply(CoreId core, Speed speed, Instant now);
  Speed speed(TaskId task) const;
  bool wants(CoreId core) const;
  BurstTimes burst_so_far(TaskId task, Instant now) const;
  GroupUsage group_usage(GroupId group, Instant now) const;
  void hash_into(Hasher& hasher) const;

 private:
  // A task that has got what it wanted stays on its core until time passes, because it may want
  // more at the same instant: then it has not slept. Until it is reported it cannot know.
  enum class Done : std::uint8_t { no, unreported, reported };

  // Finding a core or a burst by its number is a shift.
  struct alignas(128) Core {
    CoreId id;
    TaskId current;  // none: idle
    Done done = Done::no;
    Speed speed = kFullSpeed;
    std::uint64_t fraction = 0;  // of a nanosecond of supply, 2^-32
    std::int64_t overhead = 0;   // of the switch, to be run before the task's own work
    Instant settled;             // its clock is as of here; later than now: it is waking up
    Instant idle_since;
    Instant next_tick;
    bool ticks_later = false;  // ticks that change nothing visible are made up for when it matters
    Instant balance_due;
    std::uint32_t failed_balances = 0;
    TaskId first_waiting;  // the tasks that wait here, longest first
    TaskId last_waiting;

    // What it provides from its settlement until then.
    std::int64_t supplied(Instant until) const {
      if (until <= settled) return 0;
      const Duration time = until - settled;
      return speed == kFullSpeed ? time.count() : floor_ns(supplied_in_part(time));
    }
    // When its clock has run `time` further than it has at its settlement.
    Instant clock_instant(std::int64_t time) const {
      if (time <= 0) return settled;
      if (speed != kFullSpeed) return part_clock_instant(time);
      std::int64_t ns = 0;
      return __builtin_add_overflow(settled.ns(), time, &ns) ? Instant::never() : Instant(ns);
    }

    // The same for a core with part of its speed, as virtual CPUs have at times. Arithmetic of 128
    // bits and its registers stay out of the functions that every event goes through.
    [[gnu::noinline]] FineTime supplied_in_part(Duration time) const {
      return service(speed, time) + fraction;
    }
    // The same, and remembers what is less than a nanosecond.
    [[gnu::noinline]] std::int64_t supply_in_part(Duration time) {
      const FineTime all = supplied_in_part(time);
      fraction = static_cast<std::uint64_t>(all) & (kFullSpeed - 1);
      return floor_ns(all);
    }
    [[gnu::noinline]] Instant part_clock_instant(std::int64_t time) const {
      return served_at(settled, fine(CpuTime(time)) - fraction, speed);
    }
  };
  struct alignas(128) Burst {
    std::int64_t work = 0;  // 0: the task is blocked
    std::int64_t ran = 0;
    Instant demanded;
    Duration throttled;  // until it last began to wait
    Duration stolen;
    Duration throttled_clock;  // of its queue, when it began to wait
    CoreId core;               // where it is, or was last
    Instant last_ran = Instant(-1'000'000'000);
    bool waits = false;
    Instant waits_since;
    TaskId previous;  // in the list of those that wait on the core
    TaskId next;

    BurstTimes times_until(Instant now) const {
      const Duration running(ran);
      return {running, now - demanded - running - stolen - throttled, throttled, stolen};
    }
  };
  struct Pressure {
    std::uint32_t waiting = 0;  // tasks
    Instant since;
    Duration some;
    Duration run_queue_wait;
  };

  Instant instant_due() const { return Instant(static_cast<std::int64_t>(due_.winner_key())); }

  // Time; eevdf.cpp.
  void move_to(Instant now) {
    if (now != now_) move_on_to(now);
  }
  void move_on_to(Instant now);
  void run_to(Instant now, std::vector<Completion>& completed);
  void advance_from_finished(Instant now, std::vector<Completion>& completed);
  void set_now(Instant now);
  inline void happen(std::vector<Completion>& completed);
  inline void core_due(Core& core, std::vector<Completion>& completed);
  void pool_due(std::uint32_t pool);
  inline void settle(Core& core);
  inline void run_until(Core& core, Instant until);
  void plan(Core& core);
  void plan_pools();

  // Cores; eevdf_cores.cpp.
  void wake(TaskId task);
  void choose(Core& core);
  void start(Core& core, TaskId next);
  void block_done(Core& core);
  void block_all_done();
  void tick(Core& core);
  Instant tick_after(const Core& core, Instant at) const;
  void begin_wait(TaskId task);
  void end_wait(TaskId task);
  void link_waiting(TaskId task);
  void unlink_waiting(TaskId task);

  // Between cores; eevdf_balance.cpp.
  CoreId core_for(TaskId task) const;
  bool is_idle(CoreId core) const;
  bool may_use(TaskId task, CoreId core) const;
  CoreId least_loaded_for(TaskId task) const;
  CoreId busiest_but(CoreId core) const;
  void serve_idle_cores();
  bool pull_one(CoreId to);
  void balance(CoreId to);
  bool may_move(TaskId task, CoreId to) const;
  void move(TaskId task, CoreId to);

  bool runnable(TaskId task) const { return bursts_[task].work != 0; }
  bool is_current(TaskId task) const;
  BurstTimes times(TaskId task, Instant now) const;

  EevdfTree tree_;
  IdVector<TaskId, Burst> bursts_;
  IdVector<CoreId, Core> cores_;
  IdVector<GroupId, Pressure> pressures_;
  std::vector<Duration> tick_phases_;
  std::vector<std::uint64_t> masks_;  // of cpusets, words per set
  IdVector<TaskId, CpuSetId> cpusets_;
  IdVector<TaskId, char> followed_;  // CpuTask::speed_is_followed
  std::uint32_t mask_words_;
  KernelParameters kernel_;
  FinishedList finished_;
  WinnerTree<std::uint64_t> due_;  // cores, then pools
  std::uint32_t done_cores_ = 0;
  std::uint32_t waiting_ = 0;  // tasks, throttled ones included
  Instant now_;
};

// Runs the clock of a core up to now_.
inline void EevdfScheduler::settle(Core& core) {
  while (core.ticks_later && core.next_tick <= now_) {
    run_until(core, core.next_tick);
    tree_.tick(core.current);
    core.next_tick = core.next_tick + kernel_.tick;
  }
  if (now_ > core.settled) run_until(core, now_);
}

inline void EevdfScheduler::run_until(Core& core, Instant until) {
  const Duration elapsed = until - core.settled;
  const std::int64_t got =
      core.speed == kFullSpeed ? elapsed.count() : core.supply_in_part(elapsed);
  core.settled = until;
  tree_.run_clock(core.id, got);
  if (core.current.is_none()) return;
  Burst& burst = bursts_[core.current];
  const std::int64_t overhead = std::min(core.overhead, got);
  core.overhead -= overhead;
  burst.ran += got - overhead;
  if (core.speed != kFullSpeed) burst.stolen += elapsed - Duration(got);
}

static_assert(Scheduler<EevdfScheduler>);

}  // namespace cotenant
