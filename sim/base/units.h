// SPDX-License-Identifier: Apache-2.0
//
// The quantities of the simulated world. All are 64-bit integers of distinct types: time and CPU
// work in nanoseconds, memory in bytes. Floating point enters only when a Blueprint is compiled and
// leaves only when a Report is made. Overflow is a broken invariant, not a wrapped number.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include "sim/base/assert.h"

namespace cotenant {

// An amount of something that adds up. Negative amounts are allowed (a debt is one).
template <class Tag>
class Amount {
 public:
  constexpr Amount() = default;
  constexpr explicit Amount(std::int64_t count) : count_(count) {}

  static constexpr Amount max() { return Amount(std::numeric_limits<std::int64_t>::max()); }

  constexpr std::int64_t count() const { return count_; }
  constexpr bool is_zero() const { return count_ == 0; }

  friend constexpr auto operator<=>(Amount, Amount) = default;

  friend constexpr Amount operator+(Amount a, Amount b) {
    std::int64_t sum = 0;
    COTENANT_ASSERT(!__builtin_add_overflow(a.count_, b.count_, &sum));
    return Amount(sum);
  }
  friend constexpr Amount operator-(Amount a, Amount b) {
    std::int64_t difference = 0;
    COTENANT_ASSERT(!__builtin_sub_overflow(a.count_, b.count_, &difference));
    return Amount(difference);
  }
  friend constexpr Amount operator*(Amount a, std::int64_t factor) {
    std::int64_t product = 0;
    COTENANT_ASSERT(!__builtin_mul_overflow(a.count_, factor, &product));
    return Amount(product);
  }
  // Rounds towards zero, as integers do.
  friend constexpr Amount operator/(Amount a, std::int64_t divisor) {
    return Amount(a.count_ / divisor);
  }
  constexpr Amount& operator+=(Amount other) { return *this = *this + other; }
  constexpr Amount& operator-=(Amount other) { return *this = *this - other; }

 private:
  std::int64_t count_ = 0;
};

using Duration = Amount<struct DurationTag>;  // simulated time, ns
using CpuTime = Amount<struct CpuTimeTag>;    // work done by one core at full speed, ns
using Bytes = Amount<struct BytesTag>;        // memory or data

constexpr Duration nanoseconds(std::int64_t n) { return Duration(n); }
constexpr Duration microseconds(std::int64_t n) { return Duration(1'000) * n; }
constexpr Duration milliseconds(std::int64_t n) { return Duration(1'000'000) * n; }
constexpr Duration seconds(std::int64_t n) { return Duration(1'000'000'000) * n; }

// For people and statistics. Simulated time itself stays in integers.
constexpr double in_seconds(Duration time) { return static_cast<double>(time.count()) / 1e9; }
constexpr double in_seconds(CpuTime time) { return static_cast<double>(time.count()) / 1e9; }

// A point in simulated time, counted from the start of the run.
class Instant {
 public:
  constexpr Instant() = default;
  constexpr explicit Instant(std::int64_t ns) : ns_(ns) {}

  // Later than everything; the instant of what will not happen.
  static constexpr Instant never() { return Instant(std::numeric_limits<std::int64_t>::max()); }

  constexpr std::int64_t ns() const { return ns_; }

  friend constexpr auto operator<=>(Instant, Instant) = default;

  friend constexpr Instant operator+(Instant at, Duration by) {
    return Instant((Duration(at.ns_) + by).count());
  }
  friend constexpr Instant operator-(Instant at, Duration by) {
    return Instant((Duration(at.ns_) - by).count());
  }
  friend constexpr Duration operator-(Instant later, Instant earlier) {
    return Duration(later.ns_) - Duration(earlier.ns_);
  }

 private:
  std::int64_t ns_ = 0;
};

// The first of start, start + period, start + 2 period, ... that is not before `at`, which is not
// before start.
constexpr Instant first_tick(Instant start, Duration period, Instant at) {
  const std::int64_t passed = (at - start).count();
  return start + period * ((passed + period.count() - 1) / period.count());
}

}  // namespace cotenant
