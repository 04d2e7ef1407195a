// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/dispersion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/validation/calibration/recorded_arrivals.h"

namespace cotenant {
namespace {

TEST(BinnedRate, CountAndIntegrate) {
  const BinnedRate bins =
      binned_rate({0, 1, 2, 11, 20}, 20, 2);  // what comes at the end is of the last
  EXPECT_DOUBLE_EQ(bins.rate[0], 0.3);
  EXPECT_DOUBLE_EQ(bins.rate[1], 0.2);
  EXPECT_DOUBLE_EQ(bins.mean(), 0.25);
  EXPECT_DOUBLE_EQ(bins.expected_until(15), 4);
}

TEST(BinCount, IsOneForAQuarterOfAnHourAndTenMinutesForADay) {
  EXPECT_EQ(bin_count(600), 1u);
  EXPECT_EQ(bin_count(1000), 3u);
  EXPECT_EQ(bin_count(86'400), 144u);
}

TEST(Rescaled, RunsAsFastAsRequestsAreExpected) {
  const std::vector<double> times = rescaled({5, 10, 15}, {10, {0.1, 0.3}});
  EXPECT_DOUBLE_EQ(times[0], 2.5);  // 0.5 expected at a mean rate of 0.2
  EXPECT_DOUBLE_EQ(times[1], 5);
  EXPECT_DOUBLE_EQ(times[2], 12.5);
}

TEST(Dispersion, IsOneForPoissonArrivalsAlsoInBins) {
  const std::vector<double> arrivals = poisson_arrivals(5, 20'000, 1);
  for (const std::size_t bins : {1u, 33u}) {
    for (const DispersionPoint& point : dispersion(arrivals, binned_rate(arrivals, 20'000, bins))) {
      EXPECT_NEAR(point.idc, 1, 3.5 * point.deviation) << point.scale << " s of " << bins;
    }
  }
}

TEST(Dispersion, OfARateThatChangesIsOneInItsBins) {
  const auto day = [](double at) { return at < 10'000 ? 1.0 : 0.2; };
  const std::vector<double> arrivals = arrivals_of({5, 5, 1, 1}, 20'000, 2, day);
  const auto flat = dispersion(arrivals, binned_rate(arrivals, 20'000, 1));
  const auto binned = dispersion(arrivals, binned_rate(arrivals, 20'000, 20));
  EXPECT_GT(flat.back().idc, 50);
  EXPECT_NEAR(binned.back().idc, 1, 0.5);
}

TEST(Dispersion, OfEqualGapsIsNothing) {
  std::vector<double> arrivals;
  for (int i = 0; i < 5000; ++i) arrivals.push_back(0.2 * i + 0.1);
  EXPECT_LT(dispersion(arrivals, binned_rate(arrivals, 1000, 1)).back().idc, 0.05);
}

TEST(Dispersion, NeedsSixtyArrivals) {
  const std::vector<double> arrivals = poisson_arrivals(0.04, 1000, 4);
  ASSERT_LT(arrivals.size(), 60u);
  EXPECT_TRUE(dispersion(arrivals, binned_rate(arrivals, 1000, 1)).empty());
}

TEST(GapDistance, TellsPoissonFromEqualGaps) {
  const std::vector<double> poisson = poisson_arrivals(5, 4000, 3);
  const double limit = 1.63 / std::sqrt(static_cast<double>(poisson.size()));  // 1 %
  EXPECT_LT(gap_distance(poisson, binned_rate(poisson, 4000, 1)), limit);
  std::vector<double> equal;
  for (int i = 0; i < 1000; ++i) equal.push_back(i);
  EXPECT_NEAR(gap_distance(equal, binned_rate(equal, 1000, 1)), 1 - std::exp(-1.0), 1e-6);
}

}  // namespace
}  // namespace cotenant
