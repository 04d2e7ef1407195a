// SPDX-License-Identifier: Apache-2.0
//
// MSER-5 on an AR(1) process with an initial bias, on series without one, and on series that never
// settle.
#include "sim/stats/warm_up.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "sim/base/assert.h"
#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

// X' = phi X + noise around 0 with an offset that decays by phi per step as well: started away from
// its mean, the process itself is biased by offset phi^t.
std::vector<double> autoregressive(std::uint64_t seed, std::size_t length, double phi,
                                   double offset) {
  Dice dice(seed);
  std::vector<double> series;
  double x = offset + dice.normal() / std::sqrt(1 - phi * phi);
  for (std::size_t i = 0; i < length; ++i) {
    series.push_back(x);
    x = phi * x + dice.normal();
  }
  return series;
}

TEST(WarmUp, CutsTheBiasedStartOfAnAutoregressiveProcess) {
  // phi = 0.9: the stationary deviation is 2.29, and an offset of 50 falls to it after
  // ln(50/2.29)/-ln(.9) = 29 steps and to a tenth of it after 51. Over 300 runs of 1000 the uncut
  // mean is biased by 50/(1 - 0.9)/1000 = 0.5; what is left after the cut must be within 4 standard
  // errors of a tenth of that: the mean of one run has deviation 10/sqrt(1000) = 0.32, so of 300
  // runs 0.018.
  double sum = 0;
  int reliable = 0;
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    const auto series = autoregressive(static_cast<std::uint64_t>(run), 1'000, 0.9, 50);
    const WarmUp cut = mser5(series);
    EXPECT_GE(cut.observations_dropped, 10u);
    EXPECT_EQ(cut.observations_dropped % 5, 0u);
    reliable += cut.reliable ? 1 : 0;
    double kept = 0;
    for (std::size_t i = cut.observations_dropped; i < series.size(); ++i) kept += series[i];
    sum += kept / static_cast<double>(series.size() - cut.observations_dropped);
  }
  EXPECT_LT(std::abs(sum / kRuns), 0.05 + 4 * 0.018);
  EXPECT_GE(reliable, kRuns * 9 / 10);
}

TEST(WarmUp, CutsAStepWhereItIs) {
  // 120 observations at 10, then 880 at 0: dropping exactly the first 120 leaves no variance at
  // all.
  std::vector<double> series(1'000, 0.0);
  for (std::size_t i = 0; i < 120; ++i) series[i] = 10;
  const WarmUp cut = mser5(series);
  EXPECT_EQ(cut.observations_dropped, 120u);
  EXPECT_TRUE(cut.reliable);
}

TEST(WarmUp, DropsNothingFromAConstant) {
  const WarmUp cut = mser5(std::vector<double>(500, 0.1));
  EXPECT_EQ(cut.observations_dropped, 0u);
  EXPECT_TRUE(cut.reliable);
}

TEST(WarmUp, CutsAtMostAModestPartOfAStationarySeries) {
  // MSER is known to cut some of a stationary series at random; on average it must keep most of it.
  double dropped = 0;
  for (std::uint64_t run = 0; run < 200; ++run) {
    dropped += static_cast<double>(mser5(autoregressive(run, 1'000, 0.5, 0)).observations_dropped);
  }
  EXPECT_LT(dropped / 200, 150);
}

TEST(WarmUp, IsUnreliableWhenTheSeriesNeverSettles) {
  // On a ramp the best cut of the first half is its end.
  std::vector<double> ramp;
  for (int i = 0; i < 1'000; ++i) ramp.push_back(i);
  const WarmUp cut = mser5(ramp);
  EXPECT_FALSE(cut.reliable);
  EXPECT_EQ(cut.observations_dropped, 500u);
}

TEST(WarmUp, IsUnreliableWhenTooShort) {
  EXPECT_FALSE(mser5(std::vector<double>(49, 1.0)).reliable);
  EXPECT_TRUE(mser5(std::vector<double>(50, 1.0)).reliable);
  EXPECT_FALSE(mser5({}).reliable);
}

TEST(WarmUp, IgnoresAnIncompleteLastBatch) {
  std::vector<double> series(1'000, 0.0);
  for (std::size_t i = 0; i < 120; ++i) series[i] = 10;
  series.insert(series.end(), 4, 1e9);
  EXPECT_EQ(mser5(series).observations_dropped, 120u);
}

TEST(WarmUp, AveragingReplicationsRevealsATransientThatNoiseHides) {
  // Offset 2 under noise of deviation 2.29: in single runs it drowns, in the average of 100 it
  // stands out nine standard deviations high. Averaged, the cut must come after offset 2 x 0.9^t
  // has fallen by half (7 steps) and take at most a fifth of the run.
  std::vector<std::vector<double>> replications;
  for (std::uint64_t r = 0; r < 100; ++r) replications.push_back(autoregressive(r, 1'000, 0.9, 2));
  const WarmUp cut = mser5(average_series(replications));
  EXPECT_GE(cut.observations_dropped, 10u);
  EXPECT_LE(cut.observations_dropped, 200u);
}

TEST(WarmUp, AveragesObservationByObservation) {
  const std::vector<std::vector<double>> replications = {{1, 2, 3}, {3, 4, 8}};
  EXPECT_EQ(average_series(replications), (std::vector<double>{2, 3, 5.5}));
  const std::vector<std::vector<double>> ragged = {{1, 2}, {1}};
  EXPECT_THROW(average_series(ragged), Bug);
}

}  // namespace
}  // namespace cotenant
