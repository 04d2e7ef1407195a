// SPDX-License-Identifier: Apache-2.0
//
// The stability verdict on simulated M/M/1 queues: no false alarms at high utilization, no missed
// overload.
#include "sim/stats/stability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/assert.h"
#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

constexpr std::size_t kSlices = 100;

// One M/M/1 replication of about `arrivals` arrivals in 100 slices. Arrivals and potential
// departures form a Poisson process of rate lambda + mu; each of its points is an arrival with
// chance rho / (1 + rho), else a departure, void when the system is empty. Time is counted in such
// points, one per millisecond: averaging over points is averaging over time. A stable queue starts
// in its stationary, geometric state, as after a warm-up; an overloaded one starts empty.
BacklogSeries mm1(Dice& dice, double rho, int arrivals) {
  const double up = rho / (1 + rho);
  const auto per_slice = static_cast<std::int64_t>(arrivals / up / kSlices);
  const auto threshold = static_cast<std::uint64_t>(std::ldexp(up, 63)) * 2;
  std::int64_t n =
      rho < 1 ? static_cast<std::int64_t>(std::log(dice.uniform()) / std::log(rho)) : 0;
  BacklogSeries series;
  for (std::size_t slice = 0; slice < kSlices; ++slice) {
    std::int64_t area = 0;
    for (std::int64_t i = 0; i < per_slice; ++i) {
      const bool arrives = dice.bits() < threshold;
      n += arrives ? 1 : (n > 0 ? -1 : 0);
      area += n;
      series.arrivals += arrives ? 1u : 0u;
    }
    series.mean_in_system.push_back(static_cast<double>(area) / static_cast<double>(per_slice));
  }
  return series;
}

// How many of `experiments` are called unstable.
int alarms(std::uint64_t seed, double rho, int replications, int arrivals, int experiments) {
  Dice dice(seed);
  int count = 0;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    std::vector<BacklogSeries> series;
    for (int r = 0; r < replications; ++r) series.push_back(mm1(dice, rho, arrivals));
    const auto per_slice = static_cast<std::int64_t>(arrivals * (1 + rho) / rho / kSlices);
    count += assess_stability(series, milliseconds(per_slice)).unstable ? 1 : 0;
  }
  return count;
}

TEST(Stability, PassesStableQueuesFromHalfToNearlyFullUtilization) {
  // 1,000 experiments per utilization, fewer than 1 % alarms. The nominal rate is 0.1 %, and batch
  // increments of a stable queue make it less. Short runs are the hard case: longer ones see more
  // relaxation times, and what wanders within them comes back.
  std::uint64_t seed = 1;
  for (const double rho : {0.5, 0.8, 0.9, 0.95}) {
    EXPECT_LT(alarms(seed++, rho, 10, 1'000, 1'000), 10) << "rho " << rho << ", 10 replications";
    EXPECT_LT(alarms(seed++, rho, 1, 5'000, 1'000), 10) << "rho " << rho << ", 1 replication";
  }
}

TEST(Stability, PassesStableQueuesWithOneIncrementPerReplication) {
  // From 20 replications on the test loses the safety of negatively correlated increments; short
  // replications of 500 arrivals at 0.95 are far below one relaxation time, the worst case.
  EXPECT_LT(alarms(20, 0.8, 20, 500, 1'000), 10);
  EXPECT_LT(alarms(21, 0.95, 20, 500, 1'000), 10);
}

TEST(Stability, DetectsOverload) {
  // The backlog grows by lambda - mu and wanders by sqrt((lambda + mu) T): after n arrivals by n (1
  // - 1/rho) against sqrt(2 n) or so. 1.02: 392 of 20,000 against 199, so twenty replications
  // give 8.8 standard errors; 3.6 are needed.
  EXPECT_EQ(alarms(30, 1.02, 20, 20'000, 20), 20);
  // 1.1 alone: 1818 of 20,000 against 195, 9.3 standard errors.
  EXPECT_EQ(alarms(31, 1.1, 1, 20'000, 100), 100);
  EXPECT_EQ(alarms(32, 1.1, 5, 10'000, 100), 100);
  // 1.5 shows at once: 667 of 2,000 against 58.
  EXPECT_EQ(alarms(33, 1.5, 1, 2'000, 100), 100);
  EXPECT_EQ(alarms(34, 1.5, 2, 2'000, 100), 100);
  EXPECT_EQ(alarms(35, 1.5, 30, 2'000, 20), 20);
}

TEST(Stability, MeasuresTheGrowth) {
  // rho = 1.5 at one point per millisecond: arrivals 600/s, departures 400/s, growth 200/s. Twenty
  // runs of 5,000 arrivals last 8.3 s each, and their mean growth is off by sqrt(1000 / 8.3 / 20)
  // = 2.5/s.
  Dice dice(40);
  std::vector<BacklogSeries> series;
  for (int r = 0; r < 20; ++r) series.push_back(mm1(dice, 1.5, 5'000));
  const Stability verdict = assess_stability(series, milliseconds(83));
  EXPECT_NEAR(verdict.growth_per_second.value, 200, 4 * 2.9);
  EXPECT_LT(verdict.growth_per_second.interval->low, 200);
  EXPECT_GT(verdict.growth_per_second.interval->high, 200);
}

TEST(Stability, AStraightRampGivesItsSlopeExactly) {
  // 2 requests per 500 ms slice, no noise: 4/s with an interval of width zero.
  BacklogSeries ramp;
  for (int i = 0; i < 63; ++i) ramp.mean_in_system.push_back(2.0 * i);
  ramp.arrivals = 1'000;
  const std::vector<BacklogSeries> one = {ramp};
  const Stability verdict = assess_stability(one, milliseconds(500));
  EXPECT_EQ(verdict.growth_per_second.value, 4);
  EXPECT_EQ(verdict.growth_per_second.interval->low, 4);
  EXPECT_TRUE(verdict.unstable);
}

TEST(Stability, NeedsGrowthThatMatters) {
  // The same ramp grows by 126 over its 63 slices, which is 1 % of 12,600 arrivals.
  BacklogSeries ramp;
  for (int i = 0; i < 63; ++i) ramp.mean_in_system.push_back(2.0 * i);
  ramp.arrivals = 12'600;
  EXPECT_TRUE(assess_stability(std::vector<BacklogSeries>{ramp}, milliseconds(500)).unstable);
  ramp.arrivals = 12'700;
  EXPECT_FALSE(assess_stability(std::vector<BacklogSeries>{ramp}, milliseconds(500)).unstable);
  // At a 16th of the slope it grows by 7.9 requests: under 10, whatever the arrivals.
  for (double& value : ramp.mean_in_system) value /= 16;
  ramp.arrivals = 20;
  EXPECT_FALSE(assess_stability(std::vector<BacklogSeries>{ramp}, milliseconds(500)).unstable);
}

TEST(Stability, DropsSurplusSlicesFromTheFront) {
  // 64 slices make 21 batches of 3 and one over. The first slice, a remainder of the warm-up, is
  // that one.
  BacklogSeries ramp;
  ramp.mean_in_system.push_back(1e6);
  for (int i = 0; i < 63; ++i) ramp.mean_in_system.push_back(2.0 * i);
  ramp.arrivals = 1'000;
  const Stability verdict = assess_stability(std::vector<BacklogSeries>{ramp}, seconds(1));
  EXPECT_EQ(verdict.growth_per_second.value, 2);
  EXPECT_TRUE(verdict.unstable);
}

TEST(Stability, ADrainingBacklogIsNotGrowing) {
  BacklogSeries drain;
  for (int i = 0; i < 63; ++i) drain.mean_in_system.push_back(200 - 2.0 * i);
  drain.arrivals = 1'000;
  const Stability verdict = assess_stability(std::vector<BacklogSeries>{drain}, seconds(1));
  EXPECT_FALSE(verdict.unstable);
  EXPECT_EQ(verdict.growth_per_second.value, -2);
}

TEST(Stability, GivesNoIntervalWhenThereIsTooLittleToJudge) {
  const std::vector<BacklogSeries> two_slices = {{{0, 1'000}, 2'000}};
  EXPECT_FALSE(assess_stability(two_slices, seconds(1)).growth_per_second.interval);
  const std::vector<BacklogSeries> none = {{{}, 0}};
  EXPECT_FALSE(assess_stability(none, seconds(1)).growth_per_second.interval);
  EXPECT_FALSE(assess_stability(none, seconds(1)).unstable);
}

TEST(Stability, RefusesReplicationsOfDifferentLength) {
  const std::vector<BacklogSeries> ragged = {{{1, 2, 3}, 5}, {{1, 2}, 5}};
  EXPECT_THROW(assess_stability(ragged, seconds(1)), Bug);
}

}  // namespace
}  // namespace cotenant
