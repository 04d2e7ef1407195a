// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic of the pool and of its two timers.
#include "models/cpu/bandwidth.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

// cfs_bandwidth_slack_period and min_bandwidth_expiration, fair.c: returned quota is handed to
// others after 5 ms, unless a refill comes within 2 ms anyway.
constexpr Duration kSlackPeriod = milliseconds(5);
constexpr Duration kWorthwhile = milliseconds(2);

}  // namespace

BandwidthPool::BandwidthPool(const Bandwidth& bandwidth, Duration phase,
                             const KernelParameters& kernel)
    : quota_(bandwidth.quota.count()),
      burst_(bandwidth.burst.count()),
      slice_(kernel.bandwidth_slice.count()),
      kept_(kernel.kept_runtime.count()),
      period_(bandwidth.period),
      keeps_phase_(kernel.mechanisms.timer_phase),
      saves_while_off_(bandwidth.credits.has_value()),
      level_(bandwidth.credits ? bandwidth.credits->count() : quota_ + burst_),
      level_at_refill_(level_),
      least_level_(level_),
      last_due_(phase.count() - period_.count()) {
  COTENANT_ASSERT(quota_ > 0 && burst_ >= 0 && period_ > Duration(0));
  COTENANT_ASSERT(phase >= Duration(0) && phase < period_);
}

std::int64_t BandwidthPool::fetch(std::int64_t remaining, std::int64_t target, Instant now) {
  COTENANT_ASSERT(remaining <= 0 && target > 0);
  start_timer(now);
  if (level_ <= 0) return remaining;
  const std::int64_t amount = std::min(level_, target - remaining);
  level_ -= amount;
  used_ = true;
  return remaining + amount;
}

std::int64_t BandwidthPool::give_back(std::int64_t remaining, bool waiting, Instant now) {
  const std::int64_t slack = remaining - kept_;
  if (slack <= 0) return remaining;
  level_ += slack;
  if (waiting && level_ > slice_ && slack_due_ == Instant::never() && due_ != Instant::never() &&
      due_ - now >= kSlackPeriod + kWorthwhile) {
    slack_due_ = now + kSlackPeriod;
  }
  return kept_;
}

bool BandwidthPool::timer_due(Instant now, bool anyone_throttled) {
  if (slack_due_ <= now) {
    slack_due_ = Instant::never();
    const bool refill_is_near = due_ != Instant::never() && due_ - now < kWorthwhile;
    if (due_ > now) return anyone_throttled && !refill_is_near && level_ > slice_;
  }
  COTENANT_ASSERT(due_ == now);
  ++nr_periods_;
  refill();
  last_due_ = now;
  if (!used_ && !anyone_throttled) {
    due_ = Instant::never();  // nobody wanted anything for a whole period
    return false;
  }
  due_ = now + period_;
  used_ = anyone_throttled;
  if (anyone_throttled) ++nr_throttled_;
  return anyone_throttled;
}

std::int64_t BandwidthPool::pay_debt(std::int64_t remaining) {
  COTENANT_ASSERT(remaining <= 0 && level_ > 0);
  const std::int64_t amount = std::min(1 - remaining, level_);
  level_ -= amount;
  return remaining + amount;
}

void BandwidthPool::count_into(GroupUsage& usage, Instant now) const {
  usage.nr_periods = nr_periods_;
  usage.nr_throttled = nr_throttled_;
  usage.nr_bursts = nr_bursts_;
  usage.burst_time = burst_time_;
  if (!saves_while_off_) return;
  const bool is_off = due_ == Instant::never();
  usage.credits = CpuTime(is_off ? level_after(periods_without_timer(now)) : level_);
  usage.least_credits = CpuTime(std::min(least_level_, level_));
}

void BandwidthPool::hash_into(Hasher& hasher) const {
  hasher.add_signed(level_);
  hasher.add_signed(level_at_refill_);
  hasher.add_signed(due_.ns());
  hasher.add_signed(slack_due_.ns());
  hasher.add_signed(last_due_.ns());
  hasher.add(used_ ? 1 : 0);
  hasher.add(nr_periods_);
  hasher.add(nr_throttled_);
}

// start_cfs_bandwidth(): hrtimer_forward_now() moves it by whole periods, so it keeps its phase.
void BandwidthPool::start_timer(Instant now) {
  if (due_ != Instant::never()) return;
  if (!keeps_phase_) last_due_ = now;
  const std::int64_t missed = periods_without_timer(now);
  due_ = last_due_ + period_ * (missed + 1);
  if (!saves_while_off_) return;
  level_ = level_after(missed);
  level_at_refill_ = level_;
}

std::int64_t BandwidthPool::periods_without_timer(Instant now) const {
  return (now - last_due_).count() / period_.count();
}

std::int64_t BandwidthPool::level_after(std::int64_t periods) const {
  return std::min(level_ + quota_ * periods, quota_ + burst_);
}

// __refill_cfs_bandwidth_runtime().
void BandwidthPool::refill() {
  least_level_ = std::min(least_level_, level_);
  level_ += quota_;
  const std::int64_t beyond_quota = level_at_refill_ - level_;
  if (beyond_quota > 0) {
    burst_time_ += CpuTime(beyond_quota);
    ++nr_bursts_;
  }
  level_ = std::min(level_, quota_ + burst_);
  level_at_refill_ = level_;
}

}  // namespace cotenant
