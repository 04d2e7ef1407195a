// SPDX-License-Identifier: Apache-2.0
//
// The ideal CPU bandwidth control of one group (cpu.max and cpu.max.burst): a pool of CPU time,
// drained at the speed of everything below the group, refilled at fixed instants. It leaves out
// what Linux does per CPU: slices, slack that goes back, overrun until the next tick.
//
// Refill: pool = min(pool + quota, quota + burst), Documentation/scheduler/sched-bwc.rst.
#pragma once

#include <cstdint>

#include "models/cpu/fine_time.h"
#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"

namespace cotenant {

class QuotaPool {
 public:
  // Refills happen at phase + k * period, 0 <= phase < period. The group was idle long before.
  QuotaPool(const Bandwidth& bandwidth, Duration phase);

  // Time passes; below the group something runs at `rate` (the sum of speeds).
  void pass(Duration time, std::uint64_t rate);
  // Some of what was drained was not used after all.
  void give_back(FineTime unused) { level_ += static_cast<Int128>(unused); }
  // Does the refills that are due.
  void refill_until(Instant now);
  // Says whether the group has a runnable task from now on; decides whether it is held back.
  void set_active(bool active);

  bool held_back() const { return held_back_; }
  // When held_back() or the refills need attention, given that the group stays at `rate`.
  Instant next_instant(Instant now, std::uint64_t rate) const;

  // Adds the counters of this pool, at `now`, which is `ahead` after the last pass().
  void count_into(GroupUsage& usage, Instant now, Duration ahead) const;
  void hash_into(Hasher& hasher) const;

 private:
  Int128 level_after(std::int64_t refills) const;
  std::int64_t refills_due(Instant now) const;

  Int128 level_;     // 2^-32 ns; below zero by less than what is drained within 1 ns
  Int128 quota_;     // 2^-32 ns
  Int128 capacity_;  // quota + burst, 2^-32 ns
  Int128 least_level_;
  Duration period_;
  Instant next_refill_;
  Duration throttled_time_;
  std::uint64_t nr_periods_ = 0;
  std::uint64_t nr_throttled_ = 0;
  bool is_bank_ = false;
  bool active_ = false;
  bool held_back_ = false;
  bool period_counted_ = false;     // the period in progress is in nr_periods_
  bool throttled_counted_ = false;  // and in nr_throttled_
};

}  // namespace cotenant
