// SPDX-License-Identifier: Apache-2.0
//
// What differs between one Linux kernel, machine or ablation and the next, for the schedulers that
// imitate Linux. Defaults are those of Linux 6.18 with HZ=250 in a virtual machine, where the truth
// recordings were made. kernel/sched/fair.c names the constants; measured ones name the recording.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sim/base/units.h"

namespace cotenant {

// What stops when a group is out of quota: its tasks, each when it returns to user mode (6.18 and
// later), or its whole run queue at once (6.17 and before).
enum class ThrottleLevel : std::uint8_t { task, queue };

// How the fair class picks: EEVDF since 6.6, CFS before.
enum class FairClass : std::uint8_t { eevdf, cfs };

// An idle virtual CPU sleeps the deeper the longer it has been idle, so the first task to come
// waits longer. Medians of start delays after idle times of E12_wake_C0.2_n0 and E12_quotaper_C5T50
// and C15T100; 60 to 190 us were seen in front of a server (E0). For bare metal set all to zero.
struct IdleWake {
  struct Step {
    Duration idle_at_least;
    Duration latency;
  };
  std::array<Step, 4> steps = {
      Step{Duration(0), microseconds(28)}, Step{microseconds(500), microseconds(58)},
      Step{milliseconds(8), microseconds(74)}, Step{milliseconds(32), microseconds(80)}};

  constexpr Duration latency_after(Duration idle) const {
    Duration latency;
    for (const Step& step : steps) {
      if (idle >= step.idle_at_least) latency = step.latency;
    }
    return latency;
  }
  static constexpr IdleWake none() {
    IdleWake wake;
    for (Step& step : wake.steps) step.latency = Duration(0);
    return wake;
  }
};

// Each can be switched off, to see what it is responsible for. All are on in every Linux
// since 6.12.
struct Mechanisms {
  bool lag = true;              // PLACE_LAG: what a sleeper had coming is kept
  bool delayed_dequeue = true;  // DELAY_DEQUEUE, DELAY_ZERO: a sleeper works off its negative lag
  bool run_to_parity = true;    // RUN_TO_PARITY: nobody interrupts a slice that has just begun
  bool tick_grain = true;       // off: the end of a slice or quota is noticed at once
  bool debt = true;             // off: what was run beyond the quota is forgiven
  bool timer_phase = true;      // off: a quota timer that was idle starts a new period when needed
};

// CFS before 6.6. Defaults of fair.c for one CPU; all are multiplied by tunable_scaling().
struct CfsParameters {
  Duration latency = milliseconds(6);  // in which everybody has a turn, if there are up to eight
  Duration min_granularity = microseconds(750);   // the turn of each if there are more
  Duration wakeup_granularity = milliseconds(1);  // what who wakes must be behind to preempt
};

struct KernelParameters {
  FairClass fair_class = FairClass::eevdf;
  CfsParameters cfs;

  // 1 / HZ. 4 ms at HZ=250 (Debian, Ubuntu before 24.10), 1 ms at HZ=1000 (RHEL, Fedora, Arch).
  Duration tick = milliseconds(4);

  // sysctl_sched_base_slice; none: 0.7 ms * (1 + floor(log2(min(cores, 8)))), fair.c.
  std::optional<Duration> base_slice;

  // sched_cfs_bandwidth_slice_us, and what a CPU keeps of it (min_cfs_rq_runtime).
  Duration bandwidth_slice = milliseconds(5);
  Duration kept_runtime = milliseconds(1);
  ThrottleLevel throttle_level = ThrottleLevel::task;

  // From one task to another on a busy CPU; charged to the group of the task that comes. K12 of
  // linux.md: 6.8 us for two switches with the system calls around them.
  Duration switch_cost = microseconds(3);
  IdleWake idle_wake;

  // Balancing between cores. A busy core looks every 16 (busy_factor) times the weight of its
  // domain, 2 ms per CPU of a pair, 4 ms when busy; an idle one at each tick. fair.c,
  // get_sd_balance_interval; imbalance_pct 117 and 0.5 ms of cache warmth from topology.c, core.c.
  Duration balance_interval = milliseconds(32);
  std::int64_t imbalance_percent = 117;
  Duration migration_cost = microseconds(500);

  // How often a task that charges continuously reads its clock: a system call and some arithmetic.
  Duration clock_reading = microseconds(20);

  Mechanisms mechanisms;
};

// The factor of granularities on machines with several CPUs (SCHED_TUNABLESCALING_LOG).
constexpr std::int64_t tunable_scaling(std::uint32_t cores) {
  std::int64_t factor = 1;
  for (std::uint32_t n = cores < 8 ? cores : 8; n > 1; n /= 2) ++factor;
  return factor;
}

// sysctl_sched_base_slice.
constexpr Duration default_base_slice(std::uint32_t cores) {
  return microseconds(700) * tunable_scaling(cores);
}

}  // namespace cotenant
