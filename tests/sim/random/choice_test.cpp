// SPDX-License-Identifier: Apache-2.0
//
// Weighted choice and batch sizes: frequencies against the stated probabilities (limits of 4.5
// standard errors of a binomial count), exact behavior at the edges, and coupling.
#include "sim/random/choice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kDraws = 1'000'000;

double allowed(double p) { return 4.5 * std::sqrt(kDraws * p * (1 - p)) + 1e-9; }

std::vector<int> counts_of(const std::vector<double>& weights) {
  const DiscreteChoice choice(weights);
  const Stream stream(11);
  std::vector<int> counts(weights.size());
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    Draws draws = stream.at(ordinal);
    ++counts.at(choice.draw(draws));
  }
  return counts;
}

TEST(DiscreteChoice, DrawsInProportionToTheWeights) {
  const std::vector<double> weights = {5, 0.5, 3, 1.5};  // they need not sum to one
  const std::vector<int> counts = counts_of(weights);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double p = weights[i] / 10;
    EXPECT_NEAR(counts[i], kDraws * p, allowed(p)) << i;
  }
}

TEST(DiscreteChoice, AWeightOfZeroMeansNeverWhereverItStands) {
  const std::vector<int> counts = counts_of({0, 1, 0, 0, 1, 0});
  EXPECT_EQ(counts[0] + counts[2] + counts[3] + counts[5], 0);
  EXPECT_NEAR(counts[1], kDraws / 2.0, allowed(0.5));
}

TEST(DiscreteChoice, OnePossibleAlternativeIsCertain) {
  EXPECT_EQ(counts_of({0.25})[0], kDraws);
  EXPECT_EQ(counts_of({0, 0, 1e-12})[2], kDraws);
}

TEST(DiscreteChoice, AGrowingWeightTakesDrawsOverAndGivesNoneAway) {
  // Common random numbers: a request that was of the first class stays so when that class grows.
  const DiscreteChoice before({2, 8});
  const DiscreteChoice after({3, 7});
  const Stream stream(12);
  for (std::uint64_t ordinal = 0; ordinal < 100'000; ++ordinal) {
    Draws one = stream.at(ordinal);
    Draws two = stream.at(ordinal);
    ASSERT_GE(before.draw(one), after.draw(two));
  }
}

TEST(DiscreteChoice, WrongWeightsAreABug) {
  EXPECT_THROW(DiscreteChoice({}), Bug);
  EXPECT_THROW(DiscreteChoice({0, 0}), Bug);
  EXPECT_THROW(DiscreteChoice({1, -1}), Bug);
  EXPECT_THROW(DiscreteChoice({1, kInfinity}), Bug);
}

TEST(GeometricCount, HasTheStatedProbabilities) {
  for (const double mean : {1.25, 3.0, 20.0}) {
    const GeometricCount count(mean);
    const Stream stream(13);
    std::vector<int> counts(6);
    double sum = 0;
    for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
      Draws draws = stream.at(ordinal);
      const std::uint64_t n = count.draw(draws);
      ASSERT_GE(n, 1u);
      sum += static_cast<double>(n);
      if (n < counts.size()) ++counts[n];
    }
    // P(n) = (1 - q) q^(n - 1) with q = 1 - 1/mean; the variance is mean (mean - 1).
    EXPECT_NEAR(sum / kDraws, mean, 4.5 * std::sqrt(mean * (mean - 1) / kDraws)) << mean;
    double p = 1 / mean;
    for (std::size_t n = 1; n < counts.size(); ++n, p *= 1 - 1 / mean) {
      EXPECT_NEAR(counts[n], kDraws * p, allowed(p)) << n << " of mean " << mean;
    }
  }
}

TEST(GeometricCount, IsOneForAMeanOfOneAndNeverDecreasesWithTheMean) {
  const Stream stream(14);
  for (std::uint64_t ordinal = 0; ordinal < 100'000; ++ordinal) {
    std::uint64_t before = 0;
    for (const double mean : {1.0, 1.0 + 1e-15, 1.5, 2.0, 50.0, 1e14}) {
      Draws draws = stream.at(ordinal);
      const std::uint64_t n = GeometricCount(mean).draw(draws);
      ASSERT_GE(n, before);
      if (mean == 1.0) {
        ASSERT_EQ(n, 1u);
      }
      before = n;
    }
  }
}

TEST(GeometricCount, AMeanBelowOneIsABug) {
  EXPECT_THROW(GeometricCount{0.99}, Bug);
  EXPECT_THROW(GeometricCount{kNan}, Bug);
}

}  // namespace
}  // namespace cotenant
