// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/profile_likelihood.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cotenant {
namespace {

ResidualBatch linear(std::vector<std::vector<double>> rows, std::vector<double> right) {
  return [rows, right](const std::vector<ParameterPoint>& points) {
    std::vector<std::vector<double>> all;
    for (const ParameterPoint& point : points) {
      all.emplace_back();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        double sum = -right[i];
        for (std::size_t j = 0; j < point.size(); ++j) sum += rows[i][j] * point[j];
        all.back().push_back(sum);
      }
    }
    return all;
  };
}

std::vector<ProfileInterval> profiles(const ResidualBatch& residuals,
                                      const std::vector<FreeParameter>& parameters) {
  const LeastSquaresOptions options;
  return profile_likelihood(residuals, parameters, options,
                            least_squares(residuals, parameters, options));
}

TEST(ProfileLikelihood, IsStudentlessNormalForALinearModel) {
  // Variances are those of (J'J)^-1 = [[2, -1], [-1, 1]].
  const auto found = profiles(linear({{1, 1}, {0, 1}}, {0, 0}), {{"a", 0, -9, 9}, {"b", 0, -9, 9}});
  EXPECT_NEAR(*found[0].high, 1.645 * std::sqrt(2.0), 0.05);
  EXPECT_NEAR(*found[0].low, -1.645 * std::sqrt(2.0), 0.05);
  EXPECT_NEAR(*found[1].high, 1.645, 0.05);
  EXPECT_TRUE(found[0].identified());
}

TEST(ProfileLikelihood, IsOpenWhereOnlyTheSumIsMeasured) {
  std::vector<FreeParameter> parameters = {{"a", 0, -2, 2}, {"b", 0, -2, 2}, {"c", 0, -2, 2}};
  parameters[0].prior_deviation = 0.5;  // a prior alone identifies nothing
  const auto found =
      profiles(linear({{10, 10, 0}, {10, 10, 0}, {0, 0, 10}}, {0, 0, 1}), parameters);
  EXPECT_FALSE(found[0].identified());
  EXPECT_FALSE(found[0].high.has_value());
  EXPECT_TRUE(found[1].identified());  // by the prior of the other
  EXPECT_NEAR(found[2].best, 0.1, 1e-6);
  EXPECT_NEAR(*found[2].high, 0.1 + 0.1645, 0.01);
}

TEST(ProfileLikelihood, MayBeOpenOnOneSide) {
  // Saturates: a demand that is too small to be seen may be any smaller one.
  const ResidualBatch at_most = [](const std::vector<ParameterPoint>& points) {
    std::vector<std::vector<double>> all;
    for (const ParameterPoint& point : points) all.push_back({std::exp(point[0])});
    return all;
  };
  const auto found = profiles(at_most, {{"a", -1, -9, 3}});
  EXPECT_FALSE(found[0].low.has_value());
  // A loss of 2.7 is on the straight part: 2 k r - k^2 with k = 1.345, so r = 1.678.
  EXPECT_NEAR(*found[0].high, std::log(1.678), 0.05);
}

}  // namespace
}  // namespace cotenant
