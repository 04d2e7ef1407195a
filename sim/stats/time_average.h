// SPDX-License-Identifier: Apache-2.0
//
// Exact time integrals of integer step functions: requests in system, busy cores, bytes in use. The
// integral is a 128-bit integer in value x ns, so Little's law and the utilization law can be
// checked to the last nanosecond; a mean becomes floating point only when it is read. Values of any
// 64-bit size over any 64-bit span fit: 2^63 x 2^63 < 2^127.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

// The integral of one step function since its start. Changes must come in order of time; several at
// one instant are fine, and only the last of them counts.
class TimeIntegral {
 public:
  explicit TimeIntegral(Instant start = Instant(), std::int64_t value = 0)
      : start_(start), last_(start), value_(value) {}

  void set(Instant at, std::int64_t value) {
    COTENANT_ASSERT(at >= last_);
    integral_ += area(at);
    last_ = at;
    value_ = value;
  }

  void add(Instant at, std::int64_t delta) {
    std::int64_t value = 0;
    COTENANT_ASSERT(!__builtin_add_overflow(value_, delta, &value));
    set(at, value);
  }

  // Forgets the past but not the value: at the end of the warm-up, or to average over [at, until].
  void restart(Instant at) {
    set(at, value_);
    start_ = at;
    integral_ = 0;
  }

  std::int64_t value() const { return value_; }

  // The integral over [start, until] in value x ns; `until` is not before the last change.
  Int128 integral(Instant until) const {
    COTENANT_ASSERT(until >= last_);
    return integral_ + area(until);
  }

  // The time average over [start, until]; the span must not be empty.
  double mean(Instant until) const {
    COTENANT_ASSERT(until > start_);
    return static_cast<double>(integral(until)) / static_cast<double>((until - start_).count());
  }

 private:
  Int128 area(Instant until) const { return Int128{value_} * (until - last_).count(); }

  Instant start_;
  Instant last_;
  std::int64_t value_;
  Int128 integral_ = 0;
};

// The same integral cut into `count` equal slices from `start` on, each kept exactly. Time before
// the first and after the last slice is not integrated. A change costs O(1) plus the slices that it
// completes.
class SlicedIntegral {
 public:
  SlicedIntegral(Instant start, Duration slice, std::size_t count, std::int64_t value = 0)
      : slice_(slice),
        last_(start),
        slice_end_(start + slice),
        value_(value),
        integrals_(count, 0) {
    COTENANT_ASSERT(slice > Duration());
  }

  void set(Instant at, std::int64_t value) {
    advance(at);
    value_ = value;
  }

  void add(Instant at, std::int64_t delta) {
    advance(at);
    COTENANT_ASSERT(!__builtin_add_overflow(value_, delta, &value_));
  }

  // Integrates up to `at` without a change. Call it at the end of the run, before reading.
  void advance(Instant at) {
    // Before the first slice the value may change freely, but there is nothing to integrate.
    if (at <= last_) {
      COTENANT_ASSERT(at == last_ || !started_);
      return;
    }
    started_ = true;
    while (at >= slice_end_ && current_ < integrals_.size()) {
      integrals_[current_] += Int128{value_} * (slice_end_ - last_).count();
      last_ = slice_end_;
      if (++current_ < integrals_.size()) slice_end_ = slice_end_ + slice_;
    }
    if (current_ < integrals_.size()) integrals_[current_] += Int128{value_} * (at - last_).count();
    last_ = at;
  }

  std::int64_t value() const { return value_; }
  Duration slice() const { return slice_; }

  // In value x ns, one per slice, reached or not.
  std::span<const Int128> integrals() const { return integrals_; }

  // Slices whose end has been reached.
  std::size_t completed() const { return current_; }

  // The time average in each completed slice.
  std::vector<double> means() const {
    std::vector<double> result;
    result.reserve(current_);
    for (std::size_t i = 0; i < current_; ++i) {
      result.push_back(static_cast<double>(integrals_[i]) / static_cast<double>(slice_.count()));
    }
    return result;
  }

 private:
  Duration slice_;
  Instant last_;       // Integrated up to here.
  Instant slice_end_;  // The end of the current slice, while there is one.
  std::int64_t value_;
  bool started_ = false;
  std::size_t current_ = 0;
  std::vector<Int128> integrals_;
};

}  // namespace cotenant
