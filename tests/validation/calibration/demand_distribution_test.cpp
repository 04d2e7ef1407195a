// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/demand_distribution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/stats/dice.h"
#include "tests/validation/calibration/synthetic_capture.h"

namespace cotenant {
namespace {

std::vector<double> lognormal(std::size_t n, double median, double sigma) {
  Dice dice(3);
  std::vector<double> values;
  while (values.size() < n) values.push_back(median * std::exp(sigma * dice.normal()));
  return values;
}

double at(const EmpiricalLaw& law, double probability) {
  for (std::size_t i = 1; i < law.points.size(); ++i) {
    const EmpiricalPoint& a = law.points[i - 1];
    const EmpiricalPoint& b = law.points[i];
    if (b.probability < probability) continue;
    const double share = (probability - a.probability) / (b.probability - a.probability);
    return in_seconds(a.value) + share * (in_seconds(b.value) - in_seconds(a.value));
  }
  return -1;
}

double mean(const EmpiricalLaw& law) {
  double sum = 0;
  for (std::size_t i = 1; i < law.points.size(); ++i) {
    sum += (law.points[i].probability - law.points[i - 1].probability) *
           in_seconds(law.points[i].value + law.points[i - 1].value) / 2;
  }
  return sum;
}

TEST(DemandDistribution, KeepsTheQuantilesOfManyValues) {
  const DemandDistribution found = demand_distribution(lognormal(5000, 0.01, 0.8), 0);
  const auto& law = std::get<EmpiricalLaw>(found.law.kind);
  EXPECT_NEAR(at(law, 0.5), 0.01, 0.0004);
  EXPECT_NEAR(at(law, 0.1), 0.01 * std::exp(-0.8 * 1.2816), 0.0003);
  EXPECT_NEAR(at(law, 0.95), 0.01 * std::exp(0.8 * 1.6449), 0.002);
  EXPECT_NEAR(mean(law), found.mean, 1e-6);
  EXPECT_NEAR(found.cv, std::sqrt(std::exp(0.64) - 1), 0.1);
  EXPECT_FALSE(found.tail_shape.has_value());
  ASSERT_EQ(found.remarks.size(), 1u);
  EXPECT_NE(found.remarks[0].find("5,000 values are too few to know a tail"), std::string::npos);
}

TEST(DemandDistribution, IsOneThatAScenarioMaySay) {
  for (const std::size_t n : {200u, 1000u, 30'000u}) {
    const auto law =
        std::get<EmpiricalLaw>(demand_distribution(lognormal(n, 0.01, 0.3), 0.02).law.kind);
    EXPECT_EQ(law.points.front().probability, 0);
    EXPECT_EQ(law.points.back().probability, 1);
    for (std::size_t i = 1; i < law.points.size(); ++i) {
      EXPECT_LT(law.points[i - 1].probability, law.points[i].probability);
      EXPECT_LE(law.points[i - 1].value, law.points[i].value);
    }
  }
}

TEST(DemandDistribution, HasTheMeanOfTheRegression) {
  const DemandDistribution found = demand_distribution(lognormal(2000, 0.01, 0.8), 0.03);
  EXPECT_NEAR(mean(std::get<EmpiricalLaw>(found.law.kind)), 0.03, 1e-6);
}

TEST(DemandDistribution, OfAFewValuesKeepsOnlyTheirVariation) {
  const DemandDistribution found = demand_distribution({0.01, 0.02, 0.03}, 0.05);
  const auto& law = std::get<LognormalLaw>(found.law.kind);
  EXPECT_EQ(law.mean, milliseconds(50));
  EXPECT_NEAR(law.cv, 0.5, 1e-12);
}

TEST(DemandDistribution, OfEqualValuesIsConstant) {
  const DemandDistribution found = demand_distribution(std::vector<double>(50'000, 0.004), 0);
  EXPECT_EQ(std::get<ConstantLaw>(found.law.kind).value, milliseconds(4));
}

TEST(DemandDistribution, KeepsTwoHumpsApart) {
  std::vector<double> values = lognormal(4000, 0.005, 0.05);
  for (int i = 0; i < 1000; ++i) values.push_back(0.5);
  const auto law = std::get<EmpiricalLaw>(demand_distribution(values, 0).law.kind);
  EXPECT_NEAR(at(law, 0.78), 0.0054, 0.0004);
  EXPECT_NEAR(at(law, 0.82), 0.5, 0.005);
}

TEST(DemandDistribution, ExtendsATailThatIsKnown) {
  Dice dice(8);
  std::vector<double> values;
  for (int i = 0; i < 40'000; ++i) values.push_back(0.01 * dice.exponential());
  const DemandDistribution found = demand_distribution(values, 0);
  ASSERT_TRUE(found.tail_shape.has_value());
  EXPECT_NEAR(*found.tail_shape, 0, 0.15);
  const auto& law = std::get<EmpiricalLaw>(found.law.kind);
  EXPECT_NEAR(at(law, 0.999), 0.01 * std::log(1000.0), 0.007);
  EXPECT_NEAR(at(law, 1 - 1e-5), 0.01 * std::log(1e5), 0.025);
}

TEST(DemandDistribution, DoesNotExtendATailWithoutAVariance) {
  Dice dice(8);
  std::vector<double> values;
  for (int i = 0; i < 40'000; ++i) values.push_back(0.01 * std::pow(dice.uniform(), -0.7));
  const DemandDistribution found = demand_distribution(values, 0);
  EXPECT_FALSE(found.tail_shape.has_value());
  ASSERT_EQ(found.remarks.size(), 1u);
  EXPECT_NE(found.remarks[0].find("the shape of the tail is 0."), std::string::npos)
      << found.remarks[0];
}

TEST(ParetoTail, IsUnbiasedForKnownShapes) {
  Dice dice(2);
  for (const double shape : {-0.3, 0.2}) {
    std::vector<double> excesses;
    for (int i = 0; i < 100'000; ++i) {
      excesses.push_back(3 / shape * (std::pow(dice.uniform(), -shape) - 1));
    }
    std::sort(excesses.begin(), excesses.end());
    const ParetoTail tail = pareto_tail(excesses);
    EXPECT_NEAR(tail.shape, shape, 4 * tail.shape_deviation);
    EXPECT_NEAR(tail.scale, 3, 0.1);
    EXPECT_NEAR(tail_quantile(tail, 0.01), 3 / shape * (std::pow(0.01, -shape) - 1), 0.5);
  }
}

TEST(DemandSample, IsRecordedCpuOrTheResponseOfIdleTimes) {
  SyntheticOptions options;
  options.classes = {{"a", 0.5, 0.02, 1}};
  options.seconds = 4000;
  options.request_cpu = true;
  const Capture capture = synthetic_capture(options);
  const DemandSample cpu = recorded_cpu(capture, 0);
  EXPECT_EQ(cpu.values.size(), capture.requests.size());
  const DemandSample idle = idle_responses(capture, 0);
  EXPECT_GT(idle.values.size(), cpu.values.size() * 9 / 10);
  EXPECT_LT(idle.values.size(), cpu.values.size());
  EXPECT_TRUE(idle.remarks.empty());
}

TEST(DemandSample, SaysWhenIdleTimesDidNotLast) {
  SyntheticOptions options;
  options.classes = {{"a", 10, 0.05, 1}};
  const DemandSample idle = idle_responses(synthetic_capture(options), 0);
  ASSERT_EQ(idle.remarks.size(), 1u);
  EXPECT_NE(idle.remarks[0].find("were joined by others"), std::string::npos);
}

}  // namespace
}  // namespace cotenant
