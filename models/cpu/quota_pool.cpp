// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic of the pool. A pool that runs dry between two nanoseconds stops the group at the later
// one; the overdraft stays in the pool and the next refill pays it, so that in the long run the
// group gets its quota exactly.
#include "models/cpu/quota_pool.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace cotenant {

QuotaPool::QuotaPool(const Bandwidth& bandwidth, Duration phase)
    : quota_(static_cast<Int128>(fine(bandwidth.quota))),
      capacity_(quota_ + static_cast<Int128>(fine(bandwidth.burst))),
      period_(bandwidth.period),
      next_refill_(phase.count()) {
  COTENANT_ASSERT(bandwidth.quota > CpuTime(0) && bandwidth.burst >= CpuTime(0));
  COTENANT_ASSERT(phase >= Duration(0) && phase < period_);
  level_ = bandwidth.credits ? static_cast<Int128>(fine(*bandwidth.credits)) : capacity_;
  least_level_ = level_;
  is_bank_ = bandwidth.credits.has_value();
}

void QuotaPool::pass(Duration time, std::uint64_t rate) {
  level_ -= static_cast<Int128>(service(rate, time));
  if (held_back_) throttled_time_ += time;
}

void QuotaPool::refill_until(Instant now) {
  const std::int64_t refills = refills_due(now);
  if (refills == 0) return;
  least_level_ = std::min(least_level_, level_);
  level_ = level_after(refills);
  next_refill_ = next_refill_ + period_ * refills;
  period_counted_ = false;
  throttled_counted_ = false;
}

// An idle group asks for no events, so many may be due at once.
std::int64_t QuotaPool::refills_due(Instant now) const {
  return now < next_refill_ ? 0 : (now - next_refill_).count() / period_.count() + 1;
}

Int128 QuotaPool::level_after(std::int64_t refills) const {
  return std::min(level_ + quota_ * refills, capacity_);
}

void QuotaPool::set_active(bool active) {
  active_ = active;
  held_back_ = active && level_ <= 0;
  if (active_ && !period_counted_) {
    ++nr_periods_;
    period_counted_ = true;
  }
  if (held_back_ && !throttled_counted_) {
    ++nr_throttled_;
    throttled_counted_ = true;
  }
}

Instant QuotaPool::next_instant(Instant now, std::uint64_t rate) const {
  if (!active_) return Instant::never();
  if (held_back_) return next_refill_;
  return std::min(next_refill_, served_at(now, static_cast<FineTime>(level_), rate));
}

void QuotaPool::count_into(GroupUsage& usage, Instant now, Duration ahead) const {
  usage.nr_periods = nr_periods_;
  usage.nr_throttled = nr_throttled_;
  usage.throttled_time = throttled_time_ + (held_back_ ? ahead : Duration(0));
  if (!is_bank_) return;
  const auto credits = [](Int128 level) {
    return CpuTime(static_cast<std::int64_t>(std::max<Int128>(level, 0) >> 32));
  };
  usage.credits = credits(level_after(refills_due(now)));
  usage.least_credits = credits(std::min(least_level_, level_));
}

void QuotaPool::hash_into(Hasher& hasher) const {
  add_fine(hasher, static_cast<FineTime>(level_));
  hasher.add_signed(next_refill_.ns());
  hasher.add_signed(throttled_time_.count());
  hasher.add(nr_periods_);
  hasher.add(nr_throttled_);
  hasher.add(static_cast<std::uint64_t>(active_) | static_cast<std::uint64_t>(held_back_) << 1 |
             static_cast<std::uint64_t>(period_counted_) << 2 |
             static_cast<std::uint64_t>(throttled_counted_) << 3);
}

}  // namespace cotenant
