// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/least_squares.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/stats/dice.h"
#include "validation/calibration/halton.h"
#include "validation/calibration/nelder_mead.h"

namespace cotenant {
namespace {

using Residuals = std::function<std::vector<double>(const ParameterPoint&)>;

ResidualBatch one_by_one(Residuals residuals) {
  return [residuals](const std::vector<ParameterPoint>& points) {
    std::vector<std::vector<double>> all;
    for (const ParameterPoint& point : points) all.push_back(residuals(point));
    return all;
  };
}

std::vector<FreeParameter> two(double low, double high) {
  return {{"a", 0, low, high}, {"b", 0, low, high}};
}

// The response a/(1 - rho) + b at several loads: curved in log a, and exact at (log 0.02, log 0.1).
std::vector<double> responses(const ParameterPoint& theta) {
  std::vector<double> r;
  for (const double rate : {5.0, 10.0, 20.0, 30.0, 40.0}) {
    const double a = std::exp(theta[0]);
    if (a * rate >= 1) return {};  // overloaded: there is no mean
    r.push_back((std::log(a / (1 - a * rate) + std::exp(theta[1])) -
                 std::log(0.02 / (1 - 0.02 * rate) + 0.1)) /
                0.03);
  }
  return r;
}

TEST(LeastSquares, FindsACurvedMinimumWithinItsBounds) {
  const LeastSquaresFit fit = least_squares(one_by_one(responses), two(-6, 0));
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.theta[0], std::log(0.02), 1e-3);
  EXPECT_NEAR(fit.theta[1], std::log(0.1), 1e-3);
  EXPECT_LT(fit.cost, 1e-4);
  EXPECT_LT(fit.evaluations, 600);  // eight starts
}

TEST(LeastSquares, StopsAtABound) {
  const ResidualBatch far = one_by_one([](const ParameterPoint& theta) {
    return std::vector<double>{theta[0] - 5, theta[1] - 0.5};
  });
  const LeastSquaresFit fit = least_squares(far, two(-1, 1));
  EXPECT_EQ(fit.theta[0], 1);
  EXPECT_NEAR(fit.theta[1], 0.5, 1e-6);
  EXPECT_TRUE(fit.converged);
}

TEST(LeastSquares, WeighsPriorsAsResiduals) {
  std::vector<FreeParameter> parameters = two(-5, 5);
  parameters[0].prior = 2;
  parameters[0].prior_deviation = 1;
  const ResidualBatch plain = one_by_one([](const ParameterPoint& theta) {
    return std::vector<double>{theta[0], (theta[1] - 1) / 0.5};
  });
  const LeastSquaresFit fit = least_squares(plain, parameters);
  EXPECT_NEAR(fit.theta[0], 1, 1e-6);            // half way: both have a deviation of 1
  EXPECT_NEAR(fit.covariance(0, 0), 0.5, 1e-9);  // 1 / (1 + 1)
  EXPECT_NEAR(fit.covariance(1, 1), 0.25, 1e-9);
  EXPECT_NEAR(fit.cost, 2, 1e-6);
}

TEST(LeastSquares, IsNotMovedFarByOneWildResidual) {
  const ResidualBatch wild = one_by_one([](const ParameterPoint& theta) {
    std::vector<double> r(20, theta[0]);
    r.push_back(theta[0] - 4);  // alone it would pull the mean to 0.19
    return r;
  });
  const LeastSquaresFit fit = least_squares(wild, {{"a", 1, -5, 5}});
  EXPECT_NEAR(fit.theta[0], 1.345 / 20, 1e-3);  // 20 a = k
}

TEST(LeastSquares, LeavesALocalMinimumForABetterStart) {
  // Valleys at about 3 and -3; the one at -3 is deeper.
  const ResidualBatch valleys = one_by_one([](const ParameterPoint& theta) {
    const double x = theta[0];
    return std::vector<double>{(x * x - 9) / 5, 0.2 * (x + 3)};
  });
  LeastSquaresOptions options;
  options.starts = 1;
  const std::vector<FreeParameter> parameters = {{"x", 2.5, -5, 5}};
  EXPECT_GT(least_squares(valleys, parameters, options).theta[0], 2);
  options.starts = 8;
  EXPECT_NEAR(least_squares(valleys, parameters, options).theta[0], -3, 1e-3);
}

TEST(LeastSquares, GoesOnWithASimplexWhereSlopesLie) {
  // A fine ripple: differences point anywhere.
  const ResidualBatch ripple = one_by_one([](const ParameterPoint& theta) {
    const double a = theta[0] - 0.7;
    const double b = theta[1] + 0.4;
    return std::vector<double>{3 * a + 0.3 * std::sin(170 * a), 3 * b + 0.3 * std::sin(190 * b)};
  });
  LeastSquaresOptions options;
  options.starts = 4;
  const LeastSquaresFit fit = least_squares(ripple, two(-2, 2), options);
  EXPECT_NEAR(fit.theta[0], 0.7, 0.12);
  EXPECT_NEAR(fit.theta[1], -0.4, 0.12);
}

TEST(LeastSquares, SaysWhenTheStartHasNoResiduals) {
  const ResidualBatch nothing =
      one_by_one([](const ParameterPoint&) { return std::vector<double>(); });
  EXPECT_FALSE(least_squares(nothing, two(-1, 1)).converged);
}

TEST(HuberLoss, IsSquareAndThenStraight) {
  EXPECT_EQ(huber_loss(-1, 2), 1);
  EXPECT_EQ(huber_loss(2, 2), 4);
  EXPECT_EQ(huber_loss(3, 2), 8);  // slope 2 k = 4
}

TEST(NelderMead, FindsTheValleyOfRosenbrock) {
  SimplexProblem problem;
  problem.start = {-1.2, 1};
  problem.size = {0.5, 0.5};
  problem.low = {-2, -2};
  problem.high = {2, 2};
  problem.tolerance = 1e-8;
  problem.costs = [](const std::vector<std::vector<double>>& points) {
    std::vector<double> costs;
    for (const std::vector<double>& x : points) {
      const double a = x[1] - x[0] * x[0];
      costs.push_back(100 * a * a + (1 - x[0]) * (1 - x[0]));
    }
    return costs;
  };
  const SimplexResult found = minimize_by_simplex(problem);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.at[0], 1, 1e-6);
  EXPECT_NEAR(found.at[1], 1, 1e-6);
}

TEST(Halton, MirrorsTheDigits) {
  EXPECT_EQ(halton(1, 0), 0.5);
  EXPECT_EQ(halton(6, 0), 0.375);           // 110 in base 2: 0.011
  EXPECT_DOUBLE_EQ(halton(5, 1), 7.0 / 9);  // 12 in base 3: 0.21
}

}  // namespace
}  // namespace cotenant
