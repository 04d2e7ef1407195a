// SPDX-License-Identifier: Apache-2.0
//
// The stated means and standard deviations of the laws against independent sources: Boost.Math's
// distributions, numerical integration of densities, and results worked out by hand. Nothing is
// drawn.
#include "sim/random/law.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

using boost::math::quadrature::gauss_kronrod;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void expect_moments(const Law& law, double expected_mean, double expected_deviation,
                    double relative = 1e-13) {
  EXPECT_NEAR(mean(law), expected_mean, relative * expected_mean);
  EXPECT_NEAR(standard_deviation(law), expected_deviation, relative * expected_deviation);
}

TEST(LawMoments, AreTheParametersWhereTheLawStatesThem) {
  expect_moments(law::Constant{3}, 3, 0);
  expect_moments(law::Exponential{7}, 7, 7);
  expect_moments(law::Lognormal{5, 1.5}, 5, 7.5);
  expect_moments(law::Gamma{5, 0.2}, 5, 1);
  expect_moments(law::Hyperexponential{4, 3}, 4, 12);
  expect_moments(law::Erlang{6, 9}, 6, 2);                      // cv = 1 / sqrt(stages)
  expect_moments(law::Uniform{2, 8}, 5, std::sqrt(36.0 / 12));  // variance = width^2 / 12
}

TEST(LawMoments, OfATruncatedNormalAreThoseOfItsDensity) {
  for (const double cv : {0.05, 0.3, 1.0, 4.0}) {
    const double m = 10;
    const boost::math::normal_distribution<double> whole(m, cv * m);
    const double kept = boost::math::cdf(boost::math::complement(whole, 0.0));
    const auto moment = [&](auto value) {
      const auto integrand = [&](double x) { return value(x) * boost::math::pdf(whole, x) / kept; };
      // Ten standard deviations above the mean leave less than 1e-21.
      return gauss_kronrod<double, 61>::integrate(integrand, 0.0, m * (1 + 10 * cv), 12, 1e-14);
    };
    const double expected = moment([](double x) { return x; });
    const double variance = moment([&](double x) { return (x - expected) * (x - expected); });
    expect_moments(law::Normal{m, cv}, expected, std::sqrt(variance), 1e-11);
  }
}

TEST(LawMoments, OfATruncatedNormalWithoutSpreadAreThoseOfAConstant) {
  expect_moments(law::Normal{10, 0}, 10, 0);
  expect_moments(law::Normal{10, 1e-9}, 10, 1e-8);
}

TEST(LawMoments, OfWeibullMatchBoost) {
  for (const double shape : {0.3, 0.5, 1.0, 1.7, 4.0, 20.0}) {
    const boost::math::weibull_distribution<double> unit(shape, 1.0);
    const double ratio = boost::math::standard_deviation(unit) / boost::math::mean(unit);
    expect_moments(law::Weibull{3, shape}, 3, 3 * ratio, 1e-11);
  }
  // gamma(1 + 2k) / gamma(1 + k)^2 - 1 with k = 100: from 200! / 100!^2 = 9.0548514656103e58.
  expect_moments(law::Weibull{3, 0.01}, 3, 3 * std::sqrt(9.0548514656103e58), 1e-11);
}

// E[X^n] of a bounded Pareto law on [min, max] by integration over log x, where the density is
// smooth.
double pareto_moment(double n, double tail, double min, double max) {
  const double norm = 1 - std::pow(min / max, tail);
  const auto integrand = [&](double log_x) {
    return tail * std::exp(n * log_x - tail * (log_x - std::log(min))) / norm;
  };
  return gauss_kronrod<double, 61>::integrate(integrand, std::log(min), std::log(max), 12, 1e-14);
}

TEST(LawMoments, OfABoundedParetoAreThoseOfItsDensity) {
  // Tails of 1 and 2 are those where the usual closed forms divide by zero.
  for (const double tail : {0.3, 0.99999, 1.0, 1.5, 2.0, 2.00001, 3.7}) {
    for (const double max : {11.0, 100.0, 1e6}) {
      const law::BoundedPareto pareto{10, tail, max};
      const double min = max * std::exp(-log_range(pareto));
      const double first = pareto_moment(1, tail, min, max);
      const double second = pareto_moment(2, tail, min, max);
      EXPECT_NEAR(first, 10, 1e-10) << "the minimum does not give the mean";
      expect_moments(pareto, 10, std::sqrt(second - first * first), 1e-9);
    }
  }
}

TEST(LawMoments, OfABoundedParetoWithoutRoomAreThoseOfAConstant) {
  const law::BoundedPareto pareto{10, 1.5, std::nextafter(10.0, 11.0)};
  EXPECT_LT(log_range(pareto), 1e-15);
  EXPECT_EQ(mean(pareto), 10);
  EXPECT_LT(standard_deviation(pareto), 1e-6);
}

TEST(LawMoments, OfAnEmpiricalLawAreThoseOfItsSegments) {
  // A quantile function that is one straight line is uniform.
  expect_moments(law::Empirical{{{0, 2}, {1, 8}}}, 5, std::sqrt(3.0));
  // Flat steps: 1 with probability 1/4, 5 with 3/4, joined by a segment of no width to speak of.
  const law::Empirical steps{{{0, 1}, {0.25, 1}, {0.25 + 1e-15, 5}, {1, 5}}};
  expect_moments(steps, 4, std::sqrt(3.0));
  // By hand: halves of width 2 and 6 around 1 and 5, mean 3, variance (4 + 36) / 24 + 4.
  expect_moments(law::Empirical{{{0, 0}, {0.5, 2}, {1, 8}}}, 3, std::sqrt(40.0 / 24 + 4));
}

TEST(LawMoments, OfAMixtureComeFromItsParts) {
  const law::Mixture mixture{{{3, law::Constant{2}}, {1, law::Exponential{10}}}};
  // Mean (3 2 + 10) / 4 = 4; E[X^2] = (3 4 + 200) / 4 = 53; variance 53 - 16.
  expect_moments(mixture, 4, std::sqrt(37.0));
  // A mixture of itself is itself, at any depth.
  expect_moments(law::Mixture{{{1, mixture}, {5, mixture}}}, 4, std::sqrt(37.0));
}

TEST(LawMoments, ScaleWithTheMean) {
  for (const double scale : {1e-25, 1e25}) {
    expect_moments(law::Weibull{scale, 0.7}, scale,
                   scale * standard_deviation(law::Weibull{1, 0.7}));
    expect_moments(law::BoundedPareto{scale, 1.2, 50 * scale}, scale,
                   scale * standard_deviation(law::BoundedPareto{1, 1.2, 50}), 1e-9);
  }
}

TEST(Law, EqualParametersMakeEqualLaws) {
  const Law one = law::Mixture{{{1, law::Empirical{{{0, 1}, {1, 2}}}}, {2, law::Gamma{1, 2}}}};
  Law two = one;
  EXPECT_EQ(one, two);
  std::get<law::Gamma>(std::get<law::Mixture>(two).parts[1].law).cv = 3;
  EXPECT_NE(one, two);
  EXPECT_NE(Law(law::Constant{1}), Law(law::Exponential{1}));
}

TEST(Law, ParametersOutOfBoundsAreABug) {
  const std::vector<Law> wrong = {
      law::Constant{-1},
      law::Constant{kNan},
      law::Exponential{0},
      law::Exponential{kInfinity},
      law::Uniform{3, 2},
      law::Uniform{-1, 2},
      law::Normal{1, -0.1},
      law::Lognormal{0, 1},
      law::Gamma{1, kNan},
      law::Erlang{1, 0},
      law::Hyperexponential{1, 0.99},
      law::Weibull{1, 0},
      law::BoundedPareto{2, 1, 2},
      law::BoundedPareto{1, 0, 2},
      law::Empirical{{{0, 1}}},
      law::Empirical{{{0.1, 1}, {1, 2}}},
      law::Empirical{{{0, 1}, {0.9, 2}}},
      law::Empirical{{{0, 1}, {0.5, 2}, {0.5, 3}, {1, 4}}},
      law::Empirical{{{0, 2}, {1, 1}}},
      law::Empirical{{{0, -1}, {1, 1}}},
      law::Mixture{},
      law::Mixture{{{0, law::Constant{1}}}},
      law::Mixture{{{-1, law::Constant{1}}, {2, law::Constant{1}}}},
      law::Mixture{{{1, law::Exponential{0}}}},
  };
  for (const Law& law : wrong) EXPECT_THROW(assert_valid(law), Bug) << law.index();
}

}  // namespace
}  // namespace cotenant
