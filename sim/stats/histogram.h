// SPDX-License-Identifier: Apache-2.0
//
// A histogram of simulated durations with a relative error of at most 1/256 (0.4 %), and exact
// count, sum, sum of squares, minimum and maximum. Everything in it is an integer, so merging is
// exact and the order of records and merges leaves no trace: shards of a run add up to the run,
// byte for byte. It keeps no values and interpolates nothing. The bucket scheme is the log-linear
// one of HdrHistogram (G. Tene) with two significant decimal digits: 128 equal buckets per power of
// two.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

class Histogram {
 public:
  // Buckets per power of two. With 128 the midpoint is off by at most 1/256 of the value, under the
  // 0.5 % this project allows a reported percentile; 64 would not do.
  static constexpr std::uint64_t kBucketsPerOctave = 128;

  // Values must be below 2^53 ns (104 days): the square then fits 106 bits, and 128 bits hold the
  // squares of 3e18 values of 10 s. A sum that overflows all the same is an assertion, not a
  // wrapped number.
  static constexpr Duration kValueLimit = Duration(std::int64_t{1} << 53);

  // Records one non-negative duration. Allocates only when the value lies outside all octaves seen
  // so far.
  void record(Duration value) {
    const auto v = static_cast<std::uint64_t>(value.count());
    std::uint64_t* bucket = window_slot(v);
    if (bucket == nullptr) [[unlikely]] {
      COTENANT_ASSERT(v < static_cast<std::uint64_t>(kValueLimit.count()));
      cover(bucket_of(v), bucket_of(v));
      bucket = window_slot(v);
    }
    ++*bucket;
    ++count_;
    sum_ += v;
    add_squares(Uint128{v} * v);
    if (v < min_) min_ = v;
    if (v > max_) max_ = v;
  }

  // Adds all values of `other`, as if they had been recorded here.
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  Uint128 sum_ns() const { return sum_; }
  Duration min() const;         // of at least one value
  Duration max() const;         // of at least one value
  double mean_ns() const;       // of at least one value
  double variance_ns2() const;  // sample variance (divisor n - 1) of at least two values

  // The smallest recorded value v such that at least ceil(p n) values are <= v, reported as the
  // midpoint of its bucket clamped to [min, max]. Exact for p = 0, p = 1 and values below 256 ns.
  // Needs one value.
  Duration quantile(double p) const;

  // Where the recorded value that quantile(p) stands for can lie, both ends included. Needs one
  // value and 0 < p < 1.
  struct Bounds {
    Duration low, high;
  };
  Bounds quantile_bounds(double p) const;

  // How many values are <= limit, where the bucket that contains `limit` counts in full.
  std::uint64_t count_at_or_below(Duration limit) const;

  // Calls visit(Duration low, Duration high, std::uint64_t count) for every bucket that is not
  // empty, in rising order. The bucket holds the values in [low, high).
  template <class Visitor>
  void for_each_bucket(Visitor&& visit) const {
    for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
      if (counts_[slot] == 0) continue;
      const std::uint64_t bucket = first_bucket_ + slot;
      visit(as_duration(bucket_low(bucket)), as_duration(bucket_low(bucket + 1)), counts_[slot]);
    }
  }

  void hash_into(Hasher& hasher) const;

  // Equal when the same multiset of (bucket, sums, extremes) was recorded, in whatever order.
  friend bool operator==(const Histogram&, const Histogram&) = default;

  // The bucket scheme. Below 256 every value has its own bucket; from there on each octave [2^k,
  // 2^(k+1)) is cut into 128. The leading eight bits select the bucket inside the octave.
  static constexpr std::uint64_t bucket_of(std::uint64_t value) {
    const int shift = static_cast<int>(std::bit_width(value | kBucketsPerOctave)) - 8;
    return static_cast<std::uint64_t>(shift) * kBucketsPerOctave + (value >> shift);
  }
  static constexpr std::uint64_t bucket_low(std::uint64_t bucket) {
    if (bucket < 2 * kBucketsPerOctave) return bucket;
    const std::uint64_t shift = bucket / kBucketsPerOctave - 1;
    return (kBucketsPerOctave + bucket % kBucketsPerOctave) << shift;
  }

 private:
  static constexpr Duration as_duration(std::uint64_t ns) {
    return Duration(static_cast<std::int64_t>(ns));
  }

  // The counter of a value, or null outside the window, where negative and too large values always
  // are.
  std::uint64_t* window_slot(std::uint64_t value) {
    const std::size_t slot =
        bucket_of(value) - first_bucket_;  // wraps to a huge number below the window
    return slot < counts_.size() ? counts_.data() + slot : nullptr;
  }

  std::uint64_t bucket_of_quantile(double p) const;
  void cover(std::uint64_t lowest, std::uint64_t highest);

  void add_squares(Uint128 squares) {
    COTENANT_ASSERT(!__builtin_add_overflow(sum_of_squares_, squares, &sum_of_squares_));
  }

  // The window of buckets in store. It always spans the whole octaves from that of min_ to that of
  // max_ and no more, so it is a function of the recorded values alone and comparing members
  // compares contents.
  std::vector<std::uint64_t> counts_;
  std::uint64_t first_bucket_ = 0;

  std::uint64_t count_ = 0;
  Uint128 sum_ = 0;
  Uint128 sum_of_squares_ = 0;
  std::uint64_t min_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max_ = 0;
};

}  // namespace cotenant
