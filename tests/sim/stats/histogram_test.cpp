// SPDX-License-Identifier: Apache-2.0
//
// Histogram: its error bound on distributions of very different shape, exact moments, exact
// order-free merging, and its bucket count against the oracle rows ddsketch-* and hdr-3digits.
#include "sim/stats/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

Histogram histogram_of(const std::vector<std::int64_t>& values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(Duration(value));
  return histogram;
}

std::uint64_t hash_of(const Histogram& histogram) {
  Hasher hasher;
  histogram.hash_into(hasher);
  return hasher.value();
}

// Checks every reported quantile against the sorted sample itself. The midpoint of a bucket of
// relative width 1/128 is off by at most 1/256 of the value.
void expect_quantiles_within_bound(std::vector<std::int64_t> values) {
  const Histogram histogram = histogram_of(values);
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  for (const double p : {0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * n - 1e-6));
    const auto exact = static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
    const auto reported = static_cast<double>(histogram.quantile(p).count());
    EXPECT_LE(std::abs(reported - exact), exact / 256) << "p " << p;
  }
  EXPECT_EQ(histogram.quantile(0), Duration(values.front()));
  EXPECT_EQ(histogram.quantile(1), Duration(values.back()));
}

TEST(Histogram, KeepsRelativeErrorOnLognormal) {
  Dice dice(1);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<std::int64_t>(5e6 * std::exp(1.5 * dice.normal())));
  }
  expect_quantiles_within_bound(values);
}

TEST(Histogram, KeepsRelativeErrorOnParetoWithoutVariance) {
  // Shape 1.1: infinite variance, values over five decades.
  Dice dice(2);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<std::int64_t>(1e6 * std::pow(dice.uniform(), -1 / 1.1)));
  }
  expect_quantiles_within_bound(values);
}

TEST(Histogram, KeepsRelativeErrorOnTwoModesFarApart) {
  Dice dice(3);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 50'000; ++i) {
    const std::int64_t mode = dice.uniform() < 0.9 ? 1'000 : 100'000'000'000;
    values.push_back(mode +
                     static_cast<std::int64_t>(static_cast<double>(mode) / 10 * dice.uniform()));
  }
  expect_quantiles_within_bound(values);
}

TEST(Histogram, ReportsAConstantExactly) {
  // Minimum and maximum clamp the midpoint, so every quantile of a constant is the constant.
  const Histogram histogram = histogram_of(std::vector<std::int64_t>(1'000, 123'456'789));
  for (const double p : {0.0, 0.01, 0.5, 0.99, 1.0}) {
    EXPECT_EQ(histogram.quantile(p), Duration(123'456'789));
  }
  EXPECT_EQ(histogram.mean_ns(), 123'456'789.0);
  EXPECT_EQ(histogram.variance_ns2(), 0.0);
}

TEST(Histogram, FollowsTheRankDefinitionExactlyForSmallValues) {
  // Values 1..100 lie in the exact range, so the p-quantile is ceil(100 p) itself; 0.07 and 0.29
  // are decimals whose product with 100 rounds to just above the whole number.
  std::vector<std::int64_t> values;
  for (int v = 100; v >= 1; --v) values.push_back(v);
  const Histogram histogram = histogram_of(values);
  for (int k = 1; k <= 100; ++k) EXPECT_EQ(histogram.quantile(k / 100.0), Duration(k)) << k;
  EXPECT_EQ(histogram.quantile(0.005), Duration(1));
  EXPECT_EQ(histogram.quantile(0.501), Duration(51));
}

TEST(Histogram, BucketsTileTheWholeRangeWithTheStatedWidth) {
  const auto limit = static_cast<std::uint64_t>(Histogram::kValueLimit.count());
  const std::uint64_t last = Histogram::bucket_of(limit - 1);
  for (std::uint64_t bucket = 0; bucket <= last; ++bucket) {
    const std::uint64_t low = Histogram::bucket_low(bucket);
    const std::uint64_t high = Histogram::bucket_low(bucket + 1);
    ASSERT_LT(low, high);
    ASSERT_EQ(Histogram::bucket_of(low), bucket);
    ASSERT_EQ(Histogram::bucket_of(high - 1), bucket);
    if (low < 256) {
      ASSERT_EQ(high - low, 1u);
    } else {
      ASSERT_LE((high - low) * 128, low);
    }
  }
  EXPECT_EQ(Histogram::bucket_low(last + 1), limit);
}

TEST(Histogram, NeedsAsManyBucketsAsHdrHistogramOfTwoDigits) {
  // The formula of oracle row hdr-3digits, checked on that row and then applied to our two digits:
  // 2 x 10^2 rounds up to 256 sub-buckets, of which half belong to each further octave.
  const auto hdr = [](std::uint64_t highest, std::uint64_t sub_buckets) {
    std::uint64_t buckets = 1;
    for (std::uint64_t reach = sub_buckets; reach <= highest; reach *= 2) ++buckets;
    return std::pair(buckets, (buckets + 1) * sub_buckets / 2);
  };
  EXPECT_EQ(hdr(3'600'000'000, 2048), std::pair(std::uint64_t{22}, std::uint64_t{23552}));
  // 3.6e9 lies in the octave that ends at 2^32.
  const std::uint64_t ours = Histogram::bucket_of((std::uint64_t{1} << 32) - 1) + 1;
  EXPECT_EQ(ours, hdr(3'600'000'000, 256).second);
}

TEST(Histogram, CostsAtMostHalfMoreBucketsThanTheLogarithmicOptimum) {
  // Rows ddsketch-0.01, -0.005 and -0.001: logarithmic buckets for 1 us .. 1000 s at relative error
  // a. Linear buckets inside an octave are needlessly narrow at its top; the average excess is 1 /
  // ln 2 = 1.443.
  const auto logarithmic = [](double a) {
    return std::ceil(std::log(1e9) / std::log((1 + a) / (1 - a)));
  };
  EXPECT_EQ(logarithmic(0.01), 1037);
  EXPECT_EQ(logarithmic(0.005), 2073);
  EXPECT_EQ(logarithmic(0.001), 10362);
  const auto ours = static_cast<double>(Histogram::bucket_of(1'000'000'000'000) -
                                        Histogram::bucket_of(1'000) + 1);
  EXPECT_GE(ours, logarithmic(1.0 / 256));  // fewer could not keep the promise
  EXPECT_LE(ours, 1.46 * logarithmic(1.0 / 256));
}

TEST(Histogram, MomentsAreExactWhereDoublesWouldCancel) {
  // Variance of {0, 1, 2} is 1 at any offset; at 10^15 ns the squares of doubles have lost it
  // entirely.
  const std::int64_t offset = 1'000'000'000'000'000;
  const Histogram histogram = histogram_of({offset, offset + 1, offset + 2});
  EXPECT_EQ(histogram.variance_ns2(), 1.0);
  EXPECT_EQ(histogram.mean_ns(), 1'000'000'000'000'001.0);
  // A remainder in the mean: {0, 0, 1} has mean 1/3 and variance 1/3.
  EXPECT_DOUBLE_EQ(histogram_of({offset, offset, offset + 1}).variance_ns2(), 1.0 / 3);
}

TEST(Histogram, VarianceMatchesTwoPassesOnASkewedSample) {
  Dice dice(4);
  std::vector<std::int64_t> values;
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(static_cast<std::int64_t>(1e7 * dice.exponential()));
    sum += static_cast<double>(values.back());
  }
  double squares = 0;
  for (const std::int64_t v : values) squares += std::pow(static_cast<double>(v) - sum / 1e4, 2);
  EXPECT_NEAR(histogram_of(values).variance_ns2() / (squares / 9'999), 1, 1e-12);
}

TEST(Histogram, MergingAThousandShardsInAnyOrderEqualsOneHistogram) {
  Dice dice(5);
  Histogram whole;
  std::vector<Histogram> shards(1'000);
  for (int i = 0; i < 200'000; ++i) {
    const auto value = Duration(static_cast<std::int64_t>(1e3 * std::exp(4 * dice.normal())));
    whole.record(value);
    shards[static_cast<std::size_t>(1'000 * dice.uniform())].record(value);
  }
  Histogram forwards;
  for (const Histogram& shard : shards) forwards.merge(shard);
  for (std::size_t i = shards.size() - 1; i > 0; --i) {
    std::swap(shards[i],
              shards[static_cast<std::size_t>(static_cast<double>(i + 1) * dice.uniform())]);
  }
  Histogram shuffled;
  for (const Histogram& shard : shards) shuffled.merge(shard);
  // A tree of pairs, as parallel workers would merge.
  for (std::size_t step = 1; step < shards.size(); step *= 2) {
    for (std::size_t i = 0; i + step < shards.size(); i += 2 * step)
      shards[i].merge(shards[i + step]);
  }
  for (const Histogram* merged : {&forwards, &shuffled, &shards[0]}) {
    EXPECT_TRUE(*merged == whole);
    EXPECT_EQ(hash_of(*merged), hash_of(whole));
    EXPECT_EQ(merged->variance_ns2(), whole.variance_ns2());
  }
}

TEST(Histogram, MergingItselfDoublesEveryCount) {
  Histogram histogram = histogram_of({5, 1'000, 1'000'000});
  histogram.merge(histogram);
  EXPECT_TRUE(histogram == histogram_of({5, 5, 1'000, 1'000, 1'000'000, 1'000'000}));
}

TEST(Histogram, MergingAnEmptyOneChangesNothing) {
  Histogram histogram = histogram_of({70'000});
  histogram.merge(Histogram());
  EXPECT_TRUE(histogram == histogram_of({70'000}));
  Histogram empty;
  empty.merge(histogram);
  EXPECT_TRUE(empty == histogram);
}

TEST(Histogram, DiffersWhenOnlyTheSumsDiffer) {
  // 1'000'000 and 1'000'001 share a bucket, and both histograms share minimum and maximum.
  const Histogram a = histogram_of({999'000, 1'000'000, 2'000'000});
  const Histogram b = histogram_of({999'000, 1'000'001, 2'000'000});
  EXPECT_FALSE(a == b);
  EXPECT_NE(hash_of(a), hash_of(b));
}

TEST(Histogram, CountsAtOrBelowALimit) {
  const Histogram histogram = histogram_of({10, 20, 30, 1'000'000, 2'000'000});
  EXPECT_EQ(histogram.count_at_or_below(Duration(9)), 0u);
  EXPECT_EQ(histogram.count_at_or_below(Duration(10)), 1u);
  EXPECT_EQ(histogram.count_at_or_below(Duration(29)), 2u);
  EXPECT_EQ(histogram.count_at_or_below(Duration(500'000)), 3u);
  EXPECT_EQ(histogram.count_at_or_below(Duration(1'999'999)),
            5u);  // shares a bucket with 2'000'000
  EXPECT_EQ(histogram.count_at_or_below(Duration::max()), 5u);
  EXPECT_EQ(histogram.count_at_or_below(Duration(-1)), 0u);
  EXPECT_EQ(Histogram().count_at_or_below(Duration(1)), 0u);
}

TEST(Histogram, VisitsNonEmptyBucketsInOrder) {
  const Histogram histogram = histogram_of({3, 1'000'000, 3, 7});
  std::vector<std::int64_t> lows;
  std::uint64_t total = 0;
  histogram.for_each_bucket([&](Duration low, Duration high, std::uint64_t count) {
    EXPECT_LT(low, high);
    lows.push_back(low.count());
    total += count;
  });
  // 2^19 <= 1'000'000 < 2^20, where buckets are 2^12 = 4096 wide: 244 x 4096 = 999'424.
  EXPECT_EQ(lows, (std::vector<std::int64_t>{3, 7, 999'424}));
  EXPECT_EQ(total, 4u);
}

TEST(Histogram, RefusesWhatItCannotHold) {
  Histogram histogram;
  EXPECT_THROW(histogram.record(Duration(-1)), Bug);
  EXPECT_THROW(histogram.record(Histogram::kValueLimit), Bug);
  EXPECT_THROW(histogram.quantile(0.5), Bug);
  EXPECT_THROW(histogram.mean_ns(), Bug);
  EXPECT_TRUE(histogram == Histogram());
  histogram.record(Histogram::kValueLimit - Duration(1));
  EXPECT_EQ(histogram.max(), Histogram::kValueLimit - Duration(1));
  EXPECT_THROW(histogram.variance_ns2(), Bug);
}

}  // namespace
}  // namespace cotenant
