// SPDX-License-Identifier: Apache-2.0
//
// What every CPU scheduler of a machine is: it shares the machine's cores among tasks. Fluid fair
// share, FIFO, and Linux's EEVDF and CFS implement it. A task asks for an amount of CPU time with
// demand() and is reported completed once it has got it. What happens at an instant is decided by
// the caller: a scheduler never schedules events, it says in next_instant() when advance() has
// something to do.
//
// A core may itself be a virtual CPU: then set_supply() tells how much of it the layer below
// provides at the moment, and time without it is reported as stolen. A task may be such a virtual
// CPU of a guest: it demands without end (kEndless) while wants() of the guest's core is true, and
// its speed() is that core's supply.
//
// Units: CpuTime is work at full speed of one core, ns. Instants passed in never go back.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/cpu/kernel_parameters.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

using TaskId = Id<struct TaskTag>;
using GroupId = Id<struct GroupTag>;
using CoreId = Id<struct CoreTag>;

// cpu.max of a group. The pool is refilled at phase + k * period, as in Linux:
// pool = min(pool + quota, quota + burst).
struct Bandwidth {
  CpuTime quota;
  Duration period;
  CpuTime burst;
  // Credits: what is not used is saved up to the burst also while nobody runs, which Linux does not
  // do; and this much is there before the first refill. nullopt: a burst of Linux, of which all is
  // there.
  std::optional<CpuTime> credits{};
};

// The cores that a task may use, by number; empty: all of them.
using CpuSet = std::vector<CoreId>;
using CpuSetId = Id<struct CpuSetTag>;

struct CpuGroup {
  GroupId parent;  // none for the root only
  std::int64_t weight =
      0;  // relative to its siblings (groups and tasks alike), 1024 = one nice-0 task
  std::optional<Bandwidth> bandwidth;

  // From here on for schedulers that imitate Linux.
  bool idle = false;   // cpu.idle=1
  CpuSetId cpus = {};  // cpuset.cpus of the tasks directly in it; none: all cores
};

// sched(7). Anything else than normal matters only to schedulers that imitate Linux.
enum class SchedulingPolicy : std::uint8_t { normal, batch, idle };

struct CpuTask {
  GroupId group;
  std::int64_t weight = 1024;  // load weight, 1024 = nice 0

  // From here on for schedulers that imitate Linux.
  SchedulingPolicy policy = SchedulingPolicy::normal;
  CpuSetId cpus = {};   // its affinity; none: as its group
  Duration slice = {};  // of its own (sched_setattr); zero: the base slice
  // It reads its own CPU clock all the time, which makes the kernel charge its run queue each
  // time: the end of a quota or slice of that queue is noticed at once instead of at a tick.
  bool charges_continuously = false;
  // As that of a virtual CPU is by its guest: next_instant() includes every change of speed().
  bool speed_is_followed = false;
};

// The immutable part: it belongs to the Blueprint. Group 0 is the root; parents come before
// children.
struct CpuTopology {
  std::uint32_t cores = 1;
  IdVector<GroupId, CpuGroup> groups;
  IdVector<TaskId, CpuTask> tasks;
  IdVector<CpuSetId, CpuSet> cpusets = {};
  KernelParameters kernel = {};
};

inline constexpr GroupId kRootGroup{0};
inline constexpr CpuTime kEndless = CpuTime::max();

// How fast something runs, as a 32-bit fixed-point share of one core: kFullSpeed is a whole core.
using Speed = std::uint64_t;
inline constexpr Speed kFullSpeed = Speed{1} << 32;

// Where the time from demand() to completion went. The four sum to the elapsed time exactly.
struct BurstTimes {
  Duration running;    // its instructions were executed
  Duration queued;     // runnable, others had the core
  Duration throttled;  // a group above it was out of quota
  Duration stolen;     // the core itself was not supplied
};

struct Completion {
  TaskId task;
  BurstTimes times;
};

// Counters as in cpu.stat of a cgroup; children are included.
struct GroupUsage {
  CpuTime usage;
  std::uint64_t nr_periods = 0;    // quota periods in which the group was active
  std::uint64_t nr_throttled = 0;  // of these, periods in which it was held back
  Duration throttled_time;         // time during which it was held back; Linux sums it over CPUs

  // Of a group with credits: what it has, and the least that it has had since the start of the run.
  CpuTime credits = {};
  CpuTime least_credits = kNoCredits;
  static constexpr CpuTime kNoCredits = CpuTime::max();
  bool has_credits() const { return least_credits != kNoCredits; }

  // From here on by schedulers that imitate Linux only.
  std::uint64_t nr_bursts = 0;   // periods that used what earlier ones had left
  CpuTime burst_time = {};       // and how much of it
  Duration run_queue_wait = {};  // sum over tasks: runnable, not throttled, on no core
  Duration pressure_some = {};   // PSI: time in which some task was runnable and on no core

  GroupUsage& operator+=(const GroupUsage& more) {
    usage += more.usage;
    nr_periods += more.nr_periods;
    nr_throttled += more.nr_throttled;
    throttled_time += more.throttled_time;
    credits += more.credits;
    least_credits = std::min(least_credits, more.least_credits);
    nr_bursts += more.nr_bursts;
    burst_time += more.burst_time;
    run_queue_wait += more.run_queue_wait;
    pressure_some += more.pressure_some;
    return *this;
  }
  // Of counters that were read earlier.
  GroupUsage& operator-=(const GroupUsage& earlier) {
    usage -= earlier.usage;
    nr_periods -= earlier.nr_periods;
    nr_throttled -= earlier.nr_throttled;
    throttled_time -= earlier.throttled_time;
    nr_bursts -= earlier.nr_bursts;
    burst_time -= earlier.burst_time;
    run_queue_wait -= earlier.run_queue_wait;
    pressure_some -= earlier.pressure_some;
    return *this;
  }
};

template <class S>
concept Scheduler = requires(S s, const S c, TaskId task, GroupId group, CoreId core, CpuTime work,
                             Speed speed, Instant now, std::vector<Completion>& completed,
                             Hasher& hasher) {
  // The blocked task becomes runnable and wants `work` > 0 (or kEndless).
  s.demand(task, work, now);
  // The task stops wanting CPU (it is killed, or an endless one goes idle).
  { s.withdraw(task, now) } -> std::same_as<BurstTimes>;
  // The task is done after at most `left` > 0 of further work, as soon as it gets that. Nothing
  // happens to a task that is done already.
  s.shorten(task, work, now);
  // Moves to `now` and appends the tasks that have got what they asked for, in the order in which
  // they got it, ties by task id. Completed tasks are blocked until their next demand.
  s.advance(now, completed);
  // The earliest instant at which advance() has something to do; Instant::never() when idle.
  { c.next_instant() } -> std::same_as<Instant>;
  // What the layer below gives this core from now on. All cores start at kFullSpeed.
  s.set_supply(core, speed, now);
  // The speed at which a runnable task runs at the moment; 0 when blocked, waiting or throttled.
  { c.speed(task) } -> std::same_as<Speed>;
  // Whether there is something to run on that core, so that a virtual one has to be supplied.
  { c.wants(core) } -> std::same_as<bool>;
  // Times of the burst in progress, for requests cut off by the end of the run.
  { c.burst_so_far(task, now) } -> std::same_as<BurstTimes>;
  { c.group_usage(group, now) } -> std::same_as<GroupUsage>;
  c.hash_into(hasher);
};

}  // namespace cotenant
