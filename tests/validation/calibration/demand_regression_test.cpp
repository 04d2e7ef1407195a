// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/demand_regression.h"

#include <gtest/gtest.h>

#include "tests/validation/calibration/regression_coverage.h"
#include "tests/validation/calibration/synthetic_capture.h"

namespace cotenant {
namespace {

DemandRegression of(const SyntheticOptions& options, Duration length) {
  const Capture capture = synthetic_capture(options);
  return demand_regression(usage_windows(capture, capture.groups[0], Resource::cpu, length));
}

SyntheticOptions three_classes() {
  SyntheticOptions options;
  options.classes = {
      {"browse", 12, 0.015, 0.5}, {"search", 6, 0.04, 0.5}, {"checkout", 4, 0.07, 0.5}};
  options.seconds = 6000;  // 600 windows of 10 s
  options.background = 0.02;
  return options;
}

TEST(DemandRegression, FindsThreeDemandsWithinThreePercent) {
  const DemandRegression found = of(three_classes(), seconds(10));
  EXPECT_EQ(found.windows, 600u);
  EXPECT_EQ(found.refused, "");
  ASSERT_EQ(found.demands.size(), 3u);
  const double truth[] = {0.015, 0.04, 0.07};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(found.demands[k].mean, truth[k], 0.03 * truth[k]) << k;
    EXPECT_LT(found.demands[k].interval.low, truth[k]) << k;
    EXPECT_GT(found.demands[k].interval.high, truth[k]) << k;
    EXPECT_LT(found.demands[k].interval.high - found.demands[k].interval.low, 0.06 * truth[k]);
  }
  EXPECT_NEAR(found.background.mean, 0.02, 0.01);
  EXPECT_LT(found.condition, 30);
  EXPECT_GT(found.explained, 0.9);
}

TEST(DemandRegression, TakesClassesTogetherThatCannotBeToldApart) {
  SyntheticOptions options = three_classes();
  Capture capture = synthetic_capture(options);
  UsageWindows windows = usage_windows(capture, capture.groups[0], Resource::cpu, seconds(10));
  windows.requests.col(2) = windows.requests.col(0) / 3;
  windows.used = 0.015 * windows.requests.col(0) + 0.04 * windows.requests.col(1) +
                 0.07 * windows.requests.col(2) + 0.02 * windows.seconds;
  const DemandRegression found = demand_regression(windows);
  ASSERT_EQ(found.demands.size(), 2u);
  EXPECT_EQ(found.demands[0].classes, (std::vector<std::size_t>{0, 2}));
  EXPECT_NEAR(found.demands[0].mean, (0.015 * 3 + 0.07) / 4, 1e-9);
  EXPECT_NEAR(found.demands[1].mean, 0.04, 1e-9);
  ASSERT_EQ(found.remarks.size(), 1u);
  EXPECT_EQ(found.remarks[0].substr(0, 70),
            "The CPU demand of \"browse\" and \"checkout\" cannot be told apart: their ");
}

TEST(DemandRegression, SaysThatAnEvenRateHidesTheBackground) {
  SyntheticOptions options;
  options.classes = {{"only", 500, 0.001, 0}};
  options.mix_cv = 0;
  options.background = 0.1;
  const DemandRegression found = of(options, seconds(5));
  ASSERT_EQ(found.demands.size(), 1u);
  EXPECT_NEAR(found.demands[0].mean, 0.001 + 0.1 / 500, 1e-5);
  ASSERT_EQ(found.remarks.size(), 1u);
  EXPECT_NE(found.remarks[0].find("at an even rate"), std::string::npos) << found.remarks[0];
}

TEST(DemandRegression, IsNotLoweredByFewRequestsPerWindow) {
  // Five exponential requests in a window: with weights from what was used the mean would come out
  // a fifth too low.
  SyntheticOptions options;
  options.classes = {{"only", 2.5, 0.05, 1}};
  options.seconds = 4000;
  const DemandRegression found = of(options, seconds(2));
  EXPECT_NEAR(found.demands[0].mean, 0.05, 0.02 * 0.05);
}

TEST(DemandRegression, BearsAFewWildWindows) {
  const SyntheticOptions options = three_classes();
  Capture capture = synthetic_capture(options);
  UsageWindows windows = usage_windows(capture, capture.groups[0], Resource::cpu, seconds(10));
  for (Eigen::Index i = 0; i < 600; i += 60) windows.used(i) += 5;  // a backup
  const DemandRegression found = demand_regression(windows);
  EXPECT_NEAR(found.demands[0].mean, 0.015, 0.02 * 0.015);  // without Huber weights 3 %
  EXPECT_NEAR(found.demands[1].mean, 0.04, 0.02 * 0.04);
  EXPECT_NEAR(found.demands[2].mean, 0.07, 0.02 * 0.07);
}

TEST(DemandRegression, SaysOnlyHowLargeADemandOfZeroMayBe) {
  SyntheticOptions options = three_classes();
  options.classes[0].demand = 1e-7;
  options.background = 0;
  const DemandRegression found = of(options, seconds(10));
  const MeanDemand& browse = found.demands[0];
  EXPECT_EQ(browse.interval.low, 0);
  EXPECT_LT(browse.interval.high, 0.002);
}

// 20 fits for every change; 200 have the label long.
TEST(DemandRegression, CoversTheTruthAboutAsOftenAsItSays) {
  EXPECT_GE(regression_coverage(20), 0.8);
}

TEST(DemandRegression, RefusesWhatIsTooShort) {
  SyntheticOptions options = three_classes();
  options.seconds = 100;
  EXPECT_EQ(of(options, seconds(10)).refused,
            "10 windows are too few for the demands of 3 classes: record at least 40 of them.");
}

TEST(DemandRegression, LeavesOutClassesThatHardlyCame) {
  SyntheticOptions options = three_classes();
  options.classes[2].rate = 0.0005;
  const DemandRegression found = of(options, seconds(10));
  EXPECT_EQ(found.demands.size(), 2u);
  ASSERT_EQ(found.remarks.size(), 1u);
  EXPECT_EQ(found.remarks[0].substr(0, 20), "Of \"checkout\" only 2");
}

}  // namespace
}  // namespace cotenant
