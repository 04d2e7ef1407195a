// SPDX-License-Identifier: Apache-2.0
//
// The deterministic elementary functions against the C library in extended precision and against
// Boost.Math. The grids are random but fixed. Limits are about twice the largest error found over
// ten times as many points, in units of the result; 1.1e-16 is half a unit in the last place.
#include "sim/random/math.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "sim/random/stream.h"

namespace cotenant {
namespace {

constexpr int kPoints = 300'000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double relative_error(double value, long double truth) {
  return static_cast<double>(std::fabs((value - truth) / truth));
}

// A number of (low, high).
double between(Draws& draws, double low, double high) {
  return low + (high - low) * draws.next_unit();
}

TEST(MathLog, IsWithinOneUnitInTheLastPlaceOverTheWholeRange) {
  Draws draws(1, 0);
  for (int i = 0; i < kPoints; ++i) {
    // Every binary exponent, subnormal numbers included.
    const double x =
        std::ldexp(1.0 + draws.next_unit(), static_cast<int>(draws.next_below(2090)) - 1070);
    ASSERT_LT(relative_error(math::log(x), std::log(static_cast<long double>(x))), 2.2e-16) << x;
  }
}

TEST(MathLog, KeepsItsRelativePrecisionNearOne) {
  Draws draws(2, 0);
  for (int i = 0; i < kPoints; ++i) {
    const double distance = std::pow(10.0, between(draws, -15, -0.4));
    for (const double x : {1.0 + distance, 1.0 - distance}) {
      ASSERT_LT(relative_error(math::log(x), std::log(static_cast<long double>(x))), 2.2e-16) << x;
    }
  }
  EXPECT_EQ(math::log(1.0), 0.0);
}

TEST(MathLog, RefusesWhatHasNoFiniteLogarithm) {
  EXPECT_THROW(math::log(0.0), Bug);
  EXPECT_THROW(math::log(-1.0), Bug);
  EXPECT_THROW(math::log(kInfinity), Bug);
  EXPECT_THROW(math::log(std::numeric_limits<double>::quiet_NaN()), Bug);
}

TEST(MathLog, CoversTheEndsOfTheRange) {
  EXPECT_DOUBLE_EQ(math::log(std::numeric_limits<double>::max()), 709.782712893384);
  EXPECT_DOUBLE_EQ(math::log(std::numeric_limits<double>::min()), -708.3964185322641);
  EXPECT_DOUBLE_EQ(math::log(std::numeric_limits<double>::denorm_min()), -744.4400719213812);
}

TEST(MathExp, IsWithinOneUnitInTheLastPlace) {
  Draws draws(3, 0);
  for (int i = 0; i < kPoints; ++i) {
    for (const double x : {between(draws, -708, 709), between(draws, -1, 1)}) {
      ASSERT_LT(relative_error(math::exp(x), std::exp(static_cast<long double>(x))), 2.2e-16) << x;
    }
  }
  EXPECT_EQ(math::exp(0.0), 1.0);
}

TEST(MathExp, GoesThroughSubnormalNumbersToZeroAndOverflowsToInfinity) {
  EXPECT_EQ(math::exp(-745.0), std::numeric_limits<double>::denorm_min());
  EXPECT_NEAR(math::exp(-720.0) / 0x1p-1074, 4.11328093651200900599e10, 1.0);  // e^-720 2^1074
  EXPECT_EQ(math::exp(-746.0), 0.0);
  EXPECT_EQ(math::exp(-kInfinity), 0.0);
  EXPECT_LT(relative_error(math::exp(709.78), std::exp(709.78L)), 1e-13);  // 709.78 is no double
  EXPECT_EQ(math::exp(709.79), kInfinity);
  EXPECT_EQ(math::exp(kInfinity), kInfinity);
}

TEST(MathExpm1AndLog1p, KeepTheirRelativePrecisionNearZero) {
  Draws draws(4, 0);
  for (int i = 0; i < kPoints; ++i) {
    const double size = std::pow(10.0, between(draws, -18, -0.1));
    for (const double x : {size, -size}) {
      ASSERT_LT(relative_error(math::expm1(x), std::expm1(static_cast<long double>(x))), 7e-16)
          << x;
      ASSERT_LT(relative_error(math::log1p(x), std::log1p(static_cast<long double>(x))), 7e-16)
          << x;
    }
  }
  EXPECT_EQ(math::expm1(0.0), 0.0);
  EXPECT_EQ(math::log1p(0.0), 0.0);
  EXPECT_EQ(math::expm1(-800.0), -1.0);
  EXPECT_EQ(math::expm1(800.0), kInfinity);
}

TEST(MathPow, LosesOnlyWhatTheExponentMagnifies) {
  Draws draws(5, 0);
  for (int i = 0; i < kPoints; ++i) {
    const double x = std::pow(10.0, between(draws, -20, 20));
    const double y = between(draws, -12, 12);
    const double allowed = 4.4e-16 * (1.0 + std::fabs(y * std::log(x)));
    ASSERT_LT(relative_error(math::pow(x, y), std::pow(static_cast<long double>(x), y)), allowed)
        << x << " to the power of " << y;
  }
}

TEST(MathLogGamma, MatchesTheCLibrary) {
  Draws draws(6, 0);
  for (int i = 0; i < kPoints / 10; ++i) {
    // Absolute where the function passes through zero (at 1 and 2), relative where it grows.
    const double small = between(draws, 1e-3, 8);
    ASSERT_NEAR(math::log_gamma(small),
                static_cast<double>(std::lgamma(static_cast<long double>(small))), 1e-14);
    const double large = std::pow(10.0, between(draws, 0.91, 6));
    ASSERT_LT(relative_error(math::log_gamma(large), std::lgamma(static_cast<long double>(large))),
              1e-15)
        << large;
  }
  // gamma(n + 1) = n!; gamma(1/2)^2 = pi.
  EXPECT_NEAR(math::log_gamma(11.0), std::log(3'628'800.0), 1e-14);
  EXPECT_NEAR(math::log_gamma(0.5), 0.5 * std::log(std::acos(-1.0)), 1e-14);
}

TEST(MathNormalCdf, KeepsItsRelativePrecisionInBothTails) {
  Draws draws(7, 0);
  for (int i = 0; i < kPoints / 10; ++i) {
    const double x = between(draws, -37, 9);
    const long double truth = std::erfc(-static_cast<long double>(x) / std::sqrt(2.0L)) / 2;
    // Down to -1.5 the value is a difference from 1/2, seven times larger than what remains;
    // further out the exponent x^2 / 2 magnifies its own rounding error.
    const double allowed = 8e-15 + 2.2e-16 * x * x / 2;
    ASSERT_LT(relative_error(math::normal_cdf(x), truth), allowed) << x;
  }
  EXPECT_EQ(math::normal_cdf(0.0), 0.5);
  EXPECT_EQ(math::normal_cdf(kInfinity), 1.0);
  EXPECT_EQ(math::normal_cdf(-40.0), 0.0);
}

TEST(MathNormalQuantile, MatchesBoost) {
  const boost::math::normal_distribution<long double> normal;
  Draws draws(8, 0);
  for (int i = 0; i < kPoints / 10; ++i) {
    // The center, and tails of every size down to 1e-300.
    const double p = i % 2 == 0 ? draws.next_unit() : std::pow(10.0, between(draws, -300, -0.31));
    ASSERT_LT(relative_error(math::normal_quantile(p), boost::math::quantile(normal, p)), 2e-15)
        << p;
  }
  EXPECT_EQ(math::normal_quantile(0.5), 0.0);
  EXPECT_THROW(math::normal_quantile(0.0), Bug);
  EXPECT_THROW(math::normal_quantile(1.0), Bug);
}

TEST(MathNormalQuantile, NeverDecreases) {
  // Monotone coupling rests on this, most delicately where one approximation hands over to the
  // next: at |p - 1/2| = 0.425 and at p = exp(-25).
  for (const double seam : {0.075, 0.925, 1.3887943864964021e-11}) {
    double p = seam * (1.0 - 1e-13);
    double before = math::normal_quantile(p);
    for (int step = 0; step < 2000; ++step) {
      p = std::nextafter(p, 1.0);
      const double value = math::normal_quantile(p);
      // One unit in the last place of either value is rounding, not order.
      ASSERT_GE(value, before - 4e-16 * std::fabs(before)) << p;
      before = value;
    }
  }
}

}  // namespace
}  // namespace cotenant
