// SPDX-License-Identifier: Apache-2.0
//
// Time integrals: exact areas, Little's law as an identity (oracle row little-1), and slices that
// add up.
#include "sim/stats/time_average.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

TEST(TimeIntegral, AddsUpTheAreaUnderTheSteps) {
  TimeIntegral integral(Instant(10));
  integral.set(Instant(20), 3);   // 0 for 10 ns
  integral.add(Instant(25), -1);  // 3 for 5 ns
  integral.set(Instant(25), 7);   // 2 for no time
  integral.add(Instant(30), 1);   // 7 for 5 ns
  EXPECT_TRUE(integral.integral(Instant(32)) == 15 + 35 + 16);
  EXPECT_EQ(integral.mean(Instant(32)), 66.0 / 22);
  EXPECT_EQ(integral.value(), 8);
}

TEST(TimeIntegral, HoldsTheLargestValueOverTheLongestTime) {
  // (2^63 - 1)^2 < 2^126: reading it back by division is exact.
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const TimeIntegral integral(Instant(0), most);
  EXPECT_TRUE(integral.integral(Instant(most)) / most == most);
}

TEST(TimeIntegral, RestartForgetsTheWarmUpButNotTheValue) {
  TimeIntegral integral(Instant(0), 1'000);
  integral.set(Instant(50), 4);
  integral.restart(Instant(100));
  EXPECT_EQ(integral.mean(Instant(110)), 4.0);
}

TEST(TimeIntegral, LittlesLawHoldsToTheNanosecond) {
  // Row little-1: when the run starts and ends empty, the integral of the number in system is the
  // sum of the times in system. Any set of intervals will do; no queue is needed.
  Dice dice(1);
  std::vector<std::pair<std::int64_t, int>> events;
  std::int64_t total = 0;
  std::int64_t end = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto arrival = static_cast<std::int64_t>(1e12 * dice.uniform());
    const auto sojourn = static_cast<std::int64_t>(1e9 * dice.exponential());
    events.emplace_back(arrival, 1);
    events.emplace_back(arrival + sojourn, -1);
    total += sojourn;
    end = std::max(end, arrival + sojourn);
  }
  std::sort(events.begin(), events.end());
  TimeIntegral number_in_system;
  SlicedIntegral sliced(Instant(), Duration(end / 999), 1'000);
  for (const auto& [at, delta] : events) {
    number_in_system.add(Instant(at), delta);
    sliced.add(Instant(at), delta);
  }
  EXPECT_EQ(number_in_system.value(), 0);
  EXPECT_TRUE(number_in_system.integral(Instant(end)) == total);
  // The slices cover the run and are exact one by one, so they add up to the same number.
  Int128 sum = 0;
  for (const Int128 part : sliced.integrals()) sum += part;
  EXPECT_TRUE(sum == total);
}

TEST(TimeIntegral, RefusesToGoBack) {
  TimeIntegral integral(Instant(10));
  EXPECT_THROW(integral.set(Instant(9), 1), Bug);
  EXPECT_THROW(integral.mean(Instant(10)), Bug);
}

TEST(SlicedIntegral, SplitsAChangeThatSpansSlices) {
  SlicedIntegral sliced(Instant(100), Duration(10), 4);
  sliced.set(Instant(105), 2);
  sliced.set(Instant(127), 5);
  sliced.advance(Instant(135));
  // 2 for 5 ns, for 10 ns, for 7 ns; then 5 for 3 ns and for 5 ns of the unfinished last slice.
  const std::vector<Int128> expected = {10, 20, 14 + 15, 25};
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), sliced.integrals().begin()));
  EXPECT_EQ(sliced.completed(), 3u);
  EXPECT_EQ(sliced.means(), (std::vector<double>{1.0, 2.0, 2.9}));
}

TEST(SlicedIntegral, IgnoresTimeOutsideTheSlices) {
  SlicedIntegral sliced(Instant(100), Duration(10), 2, 9);
  sliced.set(Instant(40), 7);  // before the first slice: the value changes, nothing is integrated
  sliced.set(Instant(90), 3);
  sliced.set(Instant(110), 4);
  sliced.set(Instant(500), 1'000);
  sliced.advance(Instant(900));
  EXPECT_EQ(sliced.means(), (std::vector<double>{3.0, 4.0}));
  EXPECT_EQ(sliced.value(), 1'000);
}

TEST(SlicedIntegral, AChangeOnABoundaryBelongsToTheNextSlice) {
  SlicedIntegral sliced(Instant(0), Duration(10), 3, 1);
  sliced.set(Instant(10), 2);
  EXPECT_EQ(sliced.completed(), 1u);
  sliced.add(Instant(20), 1);
  sliced.advance(Instant(30));
  EXPECT_EQ(sliced.means(), (std::vector<double>{1.0, 2.0, 3.0}));
}

TEST(SlicedIntegral, RefusesToGoBack) {
  SlicedIntegral sliced(Instant(0), Duration(10), 3);
  sliced.set(Instant(15), 1);
  EXPECT_THROW(sliced.set(Instant(14), 2), Bug);
}

}  // namespace
}  // namespace cotenant
