// SPDX-License-Identifier: Apache-2.0
//
// CPU bandwidth control as Linux does it (cpu.max, cpu.max.burst): a pool of CPU time per group,
// refilled by a timer with a phase of its own, from which each CPU fetches slices and runs on
// until it notices that nothing is left. What a CPU overran is a debt that later refills pay. What
// it does not know: tasks and run queues; those are stopped and started by EevdfTree.
//
// kernel/sched/fair.c of Linux 6.18 from sched_cfs_bandwidth_slice() on;
// Documentation/scheduler/sched-bwc.rst.
#pragma once

#include <cstdint>

#include "models/cpu/kernel_parameters.h"
#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"

namespace cotenant {

class BandwidthPool {
 public:
  // The timer fires at instants phase + k * period only, 0 <= phase < period. Full at the start.
  BandwidthPool(const Bandwidth& bandwidth, Duration phase, const KernelParameters& kernel);

  // A CPU that has `remaining` <= 0 fetches what brings it to `target`, as far as there is some.
  // Starts the timer. Returns what it has then. __assign_cfs_rq_runtime().
  std::int64_t fetch(std::int64_t remaining, std::int64_t target, Instant now);

  // The queue of a CPU is empty: it keeps a little and returns the rest. `waiting`: some CPU is out
  // of quota and could use it. Returns what the CPU has then. __return_cfs_rq_runtime().
  std::int64_t give_back(std::int64_t remaining, bool waiting, Instant now);

  // When timer_due() has to be called.
  Instant next_instant() const { return due_ < slack_due_ ? due_ : slack_due_; }

  // Does what is due at `now`; true: whoever is out of quota is to be served with pay_debt().
  // do_sched_cfs_period_timer(), do_sched_cfs_slack_timer().
  bool timer_due(Instant now, bool anyone_throttled);
  // Gives a CPU out of quota what lifts it just above zero, if the pool has that; returns what the
  // CPU has then. distribute_cfs_runtime().
  std::int64_t pay_debt(std::int64_t remaining);
  bool empty() const { return level_ <= 0; }

  void count_into(GroupUsage& usage, Instant now) const;
  void hash_into(Hasher& hasher) const;

 private:
  void start_timer(Instant now);
  std::int64_t level_after(std::int64_t periods) const;
  std::int64_t periods_without_timer(Instant now) const;
  void refill();

  std::int64_t quota_;
  std::int64_t burst_;
  std::int64_t slice_;
  std::int64_t kept_;
  Duration period_;
  bool keeps_phase_;
  bool saves_while_off_;  // periods in which the timer is off count, too

  std::int64_t level_;
  std::int64_t level_at_refill_;
  std::int64_t least_level_;
  Instant last_due_;                      // some instant at which the timer fired or would have
  Instant due_ = Instant::never();        // never: the timer is off
  Instant slack_due_ = Instant::never();  // returned quota is handed out then
  bool used_ = false;                     // something was fetched in this period (!cfs_b->idle)
  std::uint64_t nr_periods_ = 0;
  std::uint64_t nr_throttled_ = 0;
  std::uint64_t nr_bursts_ = 0;
  CpuTime burst_time_;
};

}  // namespace cotenant
