// SPDX-License-Identifier: Apache-2.0
//
// The part of Histogram that is not on the recording path: growing the window, merging and reading.
// Moments are computed from the exact integer sums, so they do not depend on the order of records.
#include "sim/stats/histogram.h"

#include <algorithm>
#include <cmath>

namespace cotenant {
namespace {

void hash_128(Hasher& hasher, Uint128 value) {
  hasher.add(static_cast<std::uint64_t>(value >> 64));
  hasher.add(static_cast<std::uint64_t>(value));
}

// ceil(p n), at least 1. A decimal such as 0.07 is stored a little above itself, and 0.07 * 100
// must still be the 7th value and not the 8th: the product is lowered by a few thousand roundings
// before it is rounded up.
std::uint64_t rank_of(double p, std::uint64_t count) {
  constexpr double kBelowOne = 1.0 - 1e-12;
  const double rank = std::ceil(p * static_cast<double>(count) * kBelowOne);
  return std::clamp(static_cast<std::uint64_t>(rank), std::uint64_t{1}, count);
}

}  // namespace

void Histogram::cover(std::uint64_t lowest, std::uint64_t highest) {
  std::uint64_t begin = lowest / kBucketsPerOctave * kBucketsPerOctave;
  std::uint64_t end = (highest / kBucketsPerOctave + 1) * kBucketsPerOctave;
  if (!counts_.empty()) {
    begin = std::min(begin, first_bucket_);
    end = std::max(end, first_bucket_ + counts_.size());
    counts_.insert(counts_.begin(), first_bucket_ - begin, 0);
  }
  counts_.resize(end - begin, 0);
  first_bucket_ = begin;
}

void Histogram::merge(const Histogram& other) {
  if (other.empty()) return;
  cover(bucket_of(other.min_), bucket_of(other.max_));
  // The size is read before the loop, so that a histogram may be merged into itself.
  const std::uint64_t offset = other.first_bucket_ - first_bucket_;
  const std::size_t size = other.counts_.size();
  for (std::size_t slot = 0; slot < size; ++slot) {
    counts_[offset + slot] += other.counts_[slot];
  }
  count_ += other.count_;
  sum_ += other.sum_;
  add_squares(other.sum_of_squares_);
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

Duration Histogram::min() const {
  COTENANT_ASSERT(count_ > 0);
  return as_duration(min_);
}

Duration Histogram::max() const {
  COTENANT_ASSERT(count_ > 0);
  return as_duration(max_);
}

double Histogram::mean_ns() const {
  COTENANT_ASSERT(count_ > 0);
  return static_cast<double>(sum_) / static_cast<double>(count_);
}

double Histogram::variance_ns2() const {
  COTENANT_ASSERT(count_ > 1);
  // With sum = n q + r, 0 <= r < n, the squared deviations from q sum to S2 - n q^2 - 2 q r. That
  // is exact in 128 bits, since n q^2 + 2 q r <= sum^2 / n <= S2. Moving the center from q to the
  // mean q + r/n takes r^2 / n away. As integers satisfy d^2 >= d, the deviations sum to at least
  // r, and writing the result as (deviations - r) + r (n - r) / n leaves two terms that cannot be
  // negative: nothing cancels.
  const Uint128 n = count_;
  const Uint128 q = sum_ / n;
  const Uint128 r = sum_ % n;
  const Uint128 deviations = sum_of_squares_ - n * q * q - 2 * q * r;
  const double remainder = static_cast<double>(r * (n - r)) / static_cast<double>(n);
  return (static_cast<double>(deviations - r) + remainder) / static_cast<double>(n - 1);
}

Duration Histogram::quantile(double p) const {
  COTENANT_ASSERT(count_ > 0);
  COTENANT_ASSERT(p >= 0 && p <= 1);
  if (p <= 0) return min();
  if (p >= 1) return max();
  const std::uint64_t bucket = bucket_of_quantile(p);
  const std::uint64_t low = bucket_low(bucket);
  const std::uint64_t width = bucket_low(bucket + 1) - low;
  return as_duration(std::clamp(low + width / 2, min_, max_));
}

Histogram::Bounds Histogram::quantile_bounds(double p) const {
  COTENANT_ASSERT(count_ > 0);
  COTENANT_ASSERT(p > 0 && p < 1);
  const std::uint64_t bucket = bucket_of_quantile(p);
  return {as_duration(std::max(bucket_low(bucket), min_)),
          as_duration(std::min(bucket_low(bucket + 1) - 1, max_))};
}

std::uint64_t Histogram::bucket_of_quantile(double p) const {
  const std::uint64_t rank = rank_of(p, count_);
  std::uint64_t seen = 0;
  std::size_t slot = 0;
  while ((seen += counts_[slot]) < rank) ++slot;
  return first_bucket_ + slot;
}

std::uint64_t Histogram::count_at_or_below(Duration limit) const {
  if (empty() || limit < min()) return 0;
  if (limit >= max()) return count_;
  const std::uint64_t last = bucket_of(static_cast<std::uint64_t>(limit.count())) - first_bucket_;
  std::uint64_t seen = 0;
  for (std::size_t slot = 0; slot <= last; ++slot) seen += counts_[slot];
  return seen;
}

void Histogram::hash_into(Hasher& hasher) const {
  hasher.add(count_);
  hash_128(hasher, sum_);
  hash_128(hasher, sum_of_squares_);
  hasher.add(min_);
  hasher.add(max_);
  for_each_bucket([&hasher](Duration low, Duration, std::uint64_t count) {
    hasher.add_signed(low.count());
    hasher.add(count);
  });
}

}  // namespace cotenant
