// SPDX-License-Identifier: Apache-2.0
//
// Order-statistic intervals: oracle rows qci-*, samples too small to bound a quantile, large
// samples.
#include "sim/stats/order_statistic.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <cstdint>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

TEST(OrderStatisticInterval, ReproducesTheOracleRows) {
  struct Row {
    std::uint64_t n;
    double p;
    std::uint64_t lower, upper;
    double coverage;
  };
  const Row rows[] = {{100, 0.5, 40, 61, 0.964799799782295},
                      {1'000, 0.95, 936, 964, 0.958095268222654},
                      {1'000, 0.99, 983, 997, 0.976094763497977},
                      {10'000, 0.999, 9'983, 9'997, 0.975457461853616}};
  for (const Row& row : rows) {
    const OrderStatisticInterval interval = order_statistic_interval(row.n, row.p, 0.05);
    EXPECT_EQ(interval.lower_rank, row.lower) << row.n << ' ' << row.p;
    EXPECT_EQ(interval.upper_rank, row.upper) << row.n << ' ' << row.p;
    EXPECT_NEAR(interval.coverage, row.coverage, 1e-11) << row.n << ' ' << row.p;
  }
}

TEST(OrderStatisticInterval, SaysWhenTheSampleCannotBoundTheQuantile) {
  // Ten values lie all below the p99 with chance 0.99^10 = 0.904, so no order statistic is above it
  // with 97.5 %. The lower rank is 9, since P(X <= 9) = 0.0956 > 0.025 and P(X <= 8) = 0.0043.
  const OrderStatisticInterval interval = order_statistic_interval(10, 0.99, 0.05);
  EXPECT_EQ(interval.lower_rank, 9u);
  EXPECT_EQ(interval.upper_rank, 11u);
  // P(9 <= X <= 10) = 0.99^10 + 10 x 0.01 x 0.99^9.
  EXPECT_NEAR(interval.coverage, 0.904382075 + 0.091351725, 1e-8);
  // One value says nothing about the median within 95 %: both ends are open.
  EXPECT_EQ(order_statistic_interval(1, 0.5, 0.05).lower_rank, 0u);
  EXPECT_EQ(order_statistic_interval(1, 0.5, 0.05).upper_rank, 2u);
}

TEST(OrderStatisticInterval, AgreesWithBoostOnAMillionValues) {
  const boost::math::binomial law(1e6, 0.95);
  const OrderStatisticInterval interval = order_statistic_interval(1'000'000, 0.95, 0.01);
  const auto lower = static_cast<double>(interval.lower_rank);
  const auto upper = static_cast<double>(interval.upper_rank);
  EXPECT_GE(cdf(law, lower), 0.005);
  EXPECT_LT(cdf(law, lower - 1), 0.005);
  EXPECT_GE(cdf(law, upper - 1), 0.995);
  EXPECT_LT(cdf(law, upper - 2), 0.995);
  EXPECT_NEAR(interval.coverage, cdf(law, upper - 1) - cdf(law, lower - 1), 1e-9);
}

TEST(OrderStatisticInterval, RefusesDegenerateQuestions) {
  EXPECT_THROW(order_statistic_interval(0, 0.5, 0.05), Bug);
  EXPECT_THROW(order_statistic_interval(10, 1, 0.05), Bug);
  EXPECT_THROW(order_statistic_interval(10, 0.5, 0), Bug);
}

}  // namespace
}  // namespace cotenant
