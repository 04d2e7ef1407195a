// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/modulated_rate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/profile.h"
#include "tests/validation/calibration/recorded_arrivals.h"

namespace cotenant {
namespace {

TEST(TwoStates, HaveTheDispersionOfTheOracles) {
  // Rows mmpp-a-IDC and mmpp-b-IDC of validation/data/oracles.json.
  EXPECT_NEAR(1 + amplitude_of({1.6, 0.2, 0.05, 0.05}), 11.8888888888889, 1e-12);
  EXPECT_NEAR(1 + amplitude_of({2.5, 0.3, 0.02, 0.004}), 85.0277777777778, 1e-12);
}

TEST(TwoStates, HaveMeanAmplitudeAndSkewnessThatWereAskedFor) {
  for (const double skewness : {-1.0, 0.0, 1.5, 40.0}) {
    const TwoStates states = two_states(20, {9, 0.5, 0}, skewness);
    const double share = states.leave_low / (states.leave_low + states.leave_high);
    EXPECT_NEAR(share * states.high + (1 - share) * states.low, 20, 1e-9);
    EXPECT_NEAR(amplitude_of(states), 9, 1e-9);
    EXPECT_NEAR(states.leave_low + states.leave_high, 0.5, 1e-12);
    EXPECT_GE(states.low, 0);
    if (skewness < 40) {
      EXPECT_NEAR((1 - 2 * share) / std::sqrt(share * (1 - share)), skewness, 1e-9);
    }
  }
}

TEST(TwoStates, NeverHaveANegativeRate) {
  const TwoStates states = two_states(1, {100, 0.5, 0}, 0);  // as long in both would need 1 - 5
  EXPECT_EQ(states.low, 0);
  EXPECT_NEAR(amplitude_of(states), 100, 1e-9);
}

TEST(Levelling, HasNoCancellation) {
  EXPECT_NEAR(levelling(1e-5), 0.5e-5, 1e-10);
  EXPECT_NEAR(levelling(1.1e-4), 0.55e-4, 1e-8);
  EXPECT_NEAR(levelling(1e6), 1, 1e-5);
}

TEST(FitModulation, FindsTheCurveOfExactPoints) {
  const Modulation truth = {30, 0.4, 0};
  std::vector<DispersionPoint> points;
  for (const double scale : {0.2, 0.6, 2.0, 6.0, 20.0, 60.0}) {
    points.push_back({scale, idc_at(truth, scale), 0.1 * idc_at(truth, scale)});
  }
  const Modulation found = fit_modulation(points);
  EXPECT_NEAR(found.relaxation, 0.4, 0.04);  // of a grid
  EXPECT_NEAR(found.amplitude, 30, 1.5);
  for (const DispersionPoint& point : points) {
    EXPECT_NEAR(idc_at(found, point.scale), point.idc, 0.05 * point.idc);
  }
}

TEST(FitArrivals, OfPoissonArrivalsArePoisson) {
  const ArrivalFit fit = fit_arrivals(poisson_arrivals(8, 3600, 1), 3600);
  EXPECT_EQ(fit.pattern, ArrivalPattern::poisson);
  EXPECT_FALSE(fit.varying);
  EXPECT_NEAR(std::get<PoissonArrivals>(fit.arrivals).rate.per_second, 8, 0.2);
  EXPECT_TRUE(fit.remarks.empty());
}

// Of 50 short recordings each.
TEST(FitArrivals, SeldomSeesBurstsOrTrendsThatAreNotThere) {
  int bursts = 0, trends = 0, missed = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ArrivalFit few = fit_arrivals(poisson_arrivals(0.3, 700, seed), 700);
    bursts += few.pattern == ArrivalPattern::poisson ? 0 : 1;
    const ArrivalFit poisson = fit_arrivals(poisson_arrivals(3, 3600, seed), 3600);
    bursts += poisson.pattern == ArrivalPattern::poisson ? 0 : 1;
    trends += poisson.varying ? 1 : 0;
    const ArrivalFit bursty = fit_arrivals(arrivals_of({50, 5, 0.45, 0.05}, 1800, seed), 1800);
    missed += bursty.pattern == ArrivalPattern::poisson ? 1 : 0;
  }
  EXPECT_LE(bursts, 6);  // of 100
  EXPECT_LE(trends, 3);
  EXPECT_EQ(missed, 0);
}

TEST(FitArrivals, OfAChangingRateAreAProfile) {
  const auto rising = [](double at) { return 0.2 + 0.8 * at / 7200; };
  const std::vector<double> arrivals = arrivals_of({10, 10, 1, 1}, 7200, 1, rising);
  const ArrivalFit fit = fit_arrivals(arrivals, 7200);
  EXPECT_EQ(fit.pattern, ArrivalPattern::poisson);
  EXPECT_TRUE(fit.varying);
  const auto& profile = std::get<ProfileArrivals>(fit.arrivals);
  EXPECT_EQ(profile.burstiness, 1);
  double expected = 0;
  for (std::size_t i = 1; i < profile.points.size(); ++i) {
    expected += in_seconds(profile.points[i].at - profile.points[i - 1].at) *
                (profile.points[i].rate.per_second + profile.points[i - 1].rate.per_second) / 2;
  }
  EXPECT_NEAR(expected, static_cast<double>(arrivals.size()), 0.001 * expected);
  EXPECT_NEAR(profile.points[6].rate.per_second, 10 * (0.2 + 0.8 * 3300 / 7200), 0.6);
}

TEST(FitArrivals, OfBurstsHaveTwoStates) {
  // Rare bursts: a tenth of the time at ten times the rate.
  const TwoStates truth = {50, 5, 0.45, 0.05};
  const ArrivalFit fit = fit_arrivals(arrivals_of(truth, 14'000, 5), 14'000);
  EXPECT_EQ(fit.pattern, ArrivalPattern::modulated);
  EXPECT_FALSE(fit.varying);
  ASSERT_EQ(fit.modulations.size(), 1u);
  EXPECT_NEAR(fit.modulations[0].amplitude, amplitude_of(truth), 0.25 * amplitude_of(truth));
  EXPECT_NEAR(fit.modulations[0].relaxation, 0.5, 0.15);
  const auto& states = std::get<MmppArrivals>(fit.arrivals).states;
  ASSERT_EQ(states.size(), 2u);
  EXPECT_NEAR(states[0].rate.per_second, 50, 12);
  EXPECT_NEAR(states[1].rate.per_second, 5, 2);
}

TEST(FitArrivals, OfBurstsInADayAreAProfileWithBurstiness) {
  const TwoStates truth = {30, 10, 0.2, 0.2};
  const auto day = [](double at) { return at < 20'000 ? 0.2 : 1.0; };
  const ArrivalFit fit = fit_arrivals(arrivals_of(truth, 40'000, 6, day), 40'000);
  EXPECT_EQ(fit.pattern, ArrivalPattern::modulated);
  EXPECT_TRUE(fit.varying);
  const auto& profile = std::get<ProfileArrivals>(fit.arrivals);
  EXPECT_LE(profile.burstiness, highest_burstiness(profile));
  // At the mean rate of 12/s with a swing of 0.5 and bursts of 5 s: 1 + 12 * 0.25 * 5.
  EXPECT_NEAR(profile.burstiness, 16, 3);
  EXPECT_NEAR(in_seconds(profile.burst_length), 5, 1);
}

TEST(FitArrivals, OfBurstsThatAProfileCannotSayAreLongerOnes) {
  const TwoStates truth = {200, 0, 1, 0.02};
  const auto day = [](double at) { return at < 20'000 ? 0.1 : 1.0; };
  const ArrivalFit fit = fit_arrivals(arrivals_of(truth, 40'000, 7, day), 40'000);
  ASSERT_TRUE(fit.varying);
  const auto& profile = std::get<ProfileArrivals>(fit.arrivals);
  EXPECT_LE(profile.burstiness, highest_burstiness(profile));
  ASSERT_FALSE(fit.remarks.empty());
  EXPECT_NE(fit.remarks.back().find("higher than a profile can say"), std::string::npos);
}

TEST(FitArrivals, OfTwoTimeScalesSaySo) {
  std::vector<double> arrivals = arrivals_of({60, 0, 5, 5}, 20'000, 8);
  const std::vector<double> slow = arrivals_of({40, 0, 0.05, 0.05}, 20'000, 9);
  arrivals.insert(arrivals.end(), slow.begin(), slow.end());
  std::sort(arrivals.begin(), arrivals.end());
  const ArrivalFit fit = fit_arrivals(arrivals, 20'000);
  EXPECT_EQ(fit.pattern, ArrivalPattern::superposed);
  ASSERT_EQ(fit.modulations.size(), 2u);
  EXPECT_NEAR(fit.modulations[0].relaxation, 10, 5);
  EXPECT_NEAR(fit.modulations[1].relaxation, 0.1, 0.05);
  ASSERT_FALSE(fit.remarks.empty());
  EXPECT_EQ(fit.remarks[0].substr(0, 34), "Bursts come on two time scales, of");
}

TEST(FitArrivals, OfAHandfulArePoissonForWantOfBetter) {
  const ArrivalFit fit = fit_arrivals({1, 5, 9}, 10);
  EXPECT_NEAR(std::get<PoissonArrivals>(fit.arrivals).rate.per_second, 0.3, 1e-12);
  EXPECT_EQ(fit.remarks.size(), 1u);
}

}  // namespace
}  // namespace cotenant
