// SPDX-License-Identifier: Apache-2.0
//
// A sample of the coverage experiments that every change can afford, and the proof that they would
// notice intervals that are wrong.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/coverage/experiments.h"
#include "tests/coverage/gates.h"
#include "tests/coverage/systems.h"

namespace cotenant::coverage {
namespace {

// 200 studies of 10 replications of 400 requests at load 0.5: 800,000 requests.
const std::vector<Report>& sample() {
  static const std::vector<Report> reports = [] {
    const System system = mm1(0.5);
    return studies(scenario_text(system, {duration_for(system, 400), 10, "20s", 0}), 200);
  }();
  return reports;
}

// 95 % less four standard errors of 1.54 % is 88.8 %; short runs may cost another percent or two.
TEST(CoverageSample, IntervalsOfMeansContainTheTruth) {
  for (const Truth& truth : mm1(0.5).means) {
    const Coverage covered = coverage(sample(), truth.metric, truth.value);
    EXPECT_GE(covered.share(), 0.87) << kMetricTable[static_cast<std::size_t>(truth.metric)].key;
    EXPECT_LE(covered.share(), 0.995) << kMetricTable[static_cast<std::size_t>(truth.metric)].key;
  }
}

// One metric is half as wide: 1.13 standard errors, about 71 % of a Student law of 9 degrees.
TEST(CoverageSample, IntervalsHalfAsWideAreRefused) {
  std::vector<Report> narrow = sample();
  for (Report& report : narrow) {
    MetricValue& mean = report.setups[0].metrics[static_cast<std::size_t>(Metric::latency_mean)];
    mean.low = (*mean.low + *mean.value) / 2;
    mean.high = (*mean.high + *mean.value) / 2;
  }
  EXPECT_LT(coverage(narrow, Metric::latency_mean, 2).share(), 0.82);
  EXPECT_FALSE(mean_coverage(narrow, {Metric::latency_mean, 2}).passed());
}

// Requests that are treated as independent of each other: the mistake that the intervals across
// replications are made to avoid. It covers less than half.
TEST(CoverageSample, IntervalsFromIndependentRequestsAreRefused) {
  std::vector<Report> naive = sample();
  for (Report& report : naive) {
    MetricValue& mean = report.setups[0].metrics[static_cast<std::size_t>(Metric::latency_mean)];
    const double deviation = *metric_of(report, Metric::latency_stddev).value;
    const auto completed = static_cast<double>(
        report.setups[0].outcomes[static_cast<std::size_t>(Outcome::completed)]);
    const double half = 1.96 * deviation / std::sqrt(completed);
    mean.low = *mean.value - half;
    mean.high = *mean.value + half;
  }
  EXPECT_LT(coverage(naive, Metric::latency_mean, 2).share(), 0.6);
}

// The mean of a wrong system: 2 % off is more than the intervals of a long study hide.
TEST(CoverageSample, AnotherTruthIsRefused) {
  EXPECT_FALSE(mean_coverage(sample(), {Metric::latency_mean, 2.3}).passed());
}

TEST(CoverageSample, AMissingIntervalDoesNotCount) {
  std::vector<Report> reports(sample().begin(), sample().begin() + 2);
  reports[0].setups[0].metrics[static_cast<std::size_t>(Metric::throughput)] = {0.5, 0.4, 0.6, ""};
  reports[1].setups[0].metrics[static_cast<std::size_t>(Metric::throughput)] = {0.5, {}, {}, ""};
  EXPECT_EQ(coverage(reports, Metric::throughput, 0.5).containing, 1);
  EXPECT_EQ(coverage(reports, Metric::throughput, 0.5).reports, 2);
}

// A variance constant of 24 within the noise of 200 studies with 9 degrees of freedom each, 3.3 %,
// and what runs of 800 s fall short of it: the relaxation of this queue takes about ten.
TEST(CoverageSample, WidthsAreAsTheorySays) {
  EXPECT_NEAR(variance_constant(sample(), Metric::concurrency) / oracle("mm1-50-asymvarL"), 1, 0.2);
}

}  // namespace
}  // namespace cotenant::coverage
