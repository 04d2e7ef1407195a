// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

constexpr Stream kStream = Stream::keyed(7, 0, "test", "bootstrap");

TEST(MovingBlocks, AreRunsOfNeighbors) {
  const std::vector<std::size_t> chosen = moving_blocks(100, 30, kStream, 3);
  ASSERT_EQ(chosen.size(), 100u);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    EXPECT_LT(chosen[i], 100u);
    if (i % 30 != 0) {
      EXPECT_EQ(chosen[i], chosen[i - 1] + 1);
    }
  }
  EXPECT_EQ(moving_blocks(100, 30, kStream, 3), chosen);
  EXPECT_NE(moving_blocks(100, 30, kStream, 4), chosen);
}

TEST(BlockLength, LeavesEightBlocks) {
  EXPECT_EQ(block_length(600), 30u);
  EXPECT_EQ(block_length(80), 10u);
  EXPECT_EQ(block_length(1), 1u);
}

TEST(PercentileInterval, IsWiderForFewBlocks) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(i);
  const Interval many = percentile_interval(values, 0.9, 1'000'000);
  EXPECT_NEAR(many.low, 50, 0.1);
  EXPECT_NEAR(many.high, 950, 0.1);
  // 20 blocks: P(Z < -1.729 sqrt(20/19)) = 0.0380.
  EXPECT_NEAR(percentile_interval(values, 0.9, 20).low, 38.0, 0.1);
}

// The mean of an autoregressive series (AR(1), 0.7 of each value stays): intervals that take its
// values for independent ones cover about half as often as they say.
double coverage(std::size_t block) {
  Dice dice(11);
  int covered = 0;
  constexpr int kSeries = 300;
  for (std::uint64_t s = 0; s < kSeries; ++s) {
    std::vector<double> series;
    double value = dice.normal() / std::sqrt(1 - 0.49);
    for (int i = 0; i < 600; ++i) series.push_back(value = 0.7 * value + dice.normal());
    std::vector<double> means;
    for (std::uint64_t draw = 0; draw < 200; ++draw) {
      double sum = 0;
      for (const std::size_t i : moving_blocks(600, block, kStream.sub(s), draw)) sum += series[i];
      means.push_back(sum / 600);
    }
    const Interval interval = percentile_interval(means, 0.9, 600 / block);
    covered += interval.low <= 0 && 0 <= interval.high ? 1 : 0;
  }
  return covered / static_cast<double>(kSeries);
}

TEST(MovingBlocks, CoverTheMeanOfADependentSeries) {
  EXPECT_GT(coverage(30), 0.84);
  EXPECT_LT(coverage(1), 0.65);
}

}  // namespace
}  // namespace cotenant
