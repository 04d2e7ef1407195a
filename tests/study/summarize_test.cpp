// SPDX-License-Identifier: Apache-2.0
#include "study/summarize.h"

#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

// Two classes on one worker: 1 ms of CPU fifty times a second, and 4 ms ten times a second.
Blueprint clockwork(bool limited = false) {
  BlueprintBuilder builder;
  ServiceOptions options;
  if (limited) {
    options.group = builder.group(1024, Bandwidth{CpuTime(2'000'000), milliseconds(20), {}});
  }
  const ServiceId service = builder.service(options);
  builder.source(ConstantSource{20e6},
                 {builder.request_class(service, {cpu_step(milliseconds(1))})});
  builder.source(ConstantSource{100e6},
                 {builder.request_class(service, {cpu_step(milliseconds(4))})});
  return builder.build();
}

SetupReport report_of(const Blueprint& blueprint, Duration duration, int replications) {
  SetupTally tally(blueprint);
  for (int i = 0; i < replications; ++i) tally.add(run_to(blueprint, duration));
  return summarize(blueprint, tally, {});
}

const MetricValue& metric(const Metrics& metrics, Metric which) {
  return metrics[static_cast<std::size_t>(which)];
}

// In 10 s and one nanosecond 500 and 100 requests arrive; the last of each kind, at 10 s sharp, is
// still there. Each fifth short one meets the long one, which has come first only if it was
// scheduled first; on one worker the two then take 1 + 5 or 4 + 5 ms.
TEST(Summary, CountsAndAveragesClockwork) {
  const SetupReport report = report_of(clockwork(), seconds(10) + Duration(1), 3);
  EXPECT_NEAR(*metric(report.metrics, Metric::offered_rate).value, 60, 1e-6);
  EXPECT_NEAR(*metric(report.metrics, Metric::throughput).value, 59.8, 1e-6);
  EXPECT_NEAR(*metric(report.metrics, Metric::cpu_utilization).value, 0.09, 0.001);
  EXPECT_EQ(*metric(report.metrics, Metric::error_ratio).value, 0);
  EXPECT_EQ(*metric(report.metrics, Metric::latency_min).value, 0.001);
  EXPECT_EQ(*metric(report.metrics, Metric::latency_max).value, 0.005);
  ASSERT_EQ(report.classes.size(), 2u);
  EXPECT_NEAR(*metric(report.classes[0].metrics, Metric::throughput).value, 49.9, 1e-6);
  EXPECT_FALSE(metric(report.classes[0].metrics, Metric::cpu_utilization).value);
  // Equal replications: an interval of width zero, because they do agree.
  const MetricValue& mean = metric(report.metrics, Metric::latency_mean);
  EXPECT_EQ(*mean.low, *mean.value);
  EXPECT_EQ(*mean.high, *mean.value);
}

// Ten requests, each refused three times: at once, and after two pauses of 10 ms.
TEST(Summary, CountsAttemptsWhereClientsTryAgain) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.limit_concurrency = 0});
  builder.source(ConstantSource{100e6},
                 {builder.request_class(service, {cpu_step(milliseconds(1))})});
  const SetupReport without = report_of(builder.build(), milliseconds(1050), 2);
  EXPECT_FALSE(metric(without.metrics, Metric::attempts_per_request).value);
  EXPECT_EQ(without.attempts, without.outcomes);
  builder.retries(retries_after(milliseconds(10), 2));
  const SetupReport with = report_of(builder.build(), milliseconds(1050), 2);
  EXPECT_EQ(*metric(with.metrics, Metric::attempts_per_request).value, 3);
  EXPECT_EQ(*metric(with.metrics, Metric::error_ratio).value, 1);
  constexpr auto kRejected = static_cast<std::size_t>(Outcome::rejected_503);
  EXPECT_EQ(with.outcomes[kRejected], 20u);
  EXPECT_EQ(with.attempts[kRejected], 60u);
}

TEST(Summary, HasNoIntervalFromOneReplication) {
  const SetupReport report = report_of(clockwork(), seconds(10), 1);
  for (const MetricInfo& about : kMetricTable) {
    EXPECT_FALSE(metric(report.metrics, about.metric).low) << about.key;
  }
}

// 10 expected beyond the percentile: 200 for p95, 1000 for p99, 10,000 for p99.9.
TEST(Summary, WithholdsPercentilesOfTooFewRequests) {
  const SetupReport report = report_of(clockwork(), seconds(10), 1);  // 598 requests or so
  EXPECT_TRUE(metric(report.metrics, Metric::latency_p95).value);
  EXPECT_FALSE(metric(report.metrics, Metric::latency_p99).value);
  EXPECT_NE(metric(report.metrics, Metric::latency_p99).why.find("too few"), std::string::npos);
  EXPECT_TRUE(report.wait_states.p50);
  EXPECT_FALSE(report.wait_states.p99);
  EXPECT_TRUE(metric(report_of(clockwork(), seconds(10), 2).metrics, Metric::latency_p99).value);
}

TEST(Summary, GivesAReasonWhereThereIsNoNumber) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(Instant(), service, {cpu_step(seconds(100))});
  const SetupReport report = report_of(builder.build(), seconds(1), 2);
  EXPECT_EQ(metric(report.metrics, Metric::latency_p50).why, "no request completed");
  EXPECT_EQ(metric(report.metrics, Metric::error_ratio).why, "no request ended");
  EXPECT_EQ(metric(report.metrics, Metric::throttled_ratio).why, "no group has a cpu.max");
  EXPECT_FALSE(report.wait_states.mean);
  EXPECT_TRUE(report.latency_cdf.empty());
}

TEST(Summary, MeasuresThrottling) {
  // 4 ms at 2 ms per 20 ms are held back once or twice in each of its ten bursts a second.
  const SetupReport report = report_of(clockwork(true), seconds(10), 2);
  EXPECT_GT(*metric(report.metrics, Metric::throttled_ratio).value, 0.1);
  EXPECT_GT(*metric(report.metrics, Metric::throttled_time_ratio).value, 0.1);
  EXPECT_LT(*metric(report.metrics, Metric::throttled_time_ratio).value, 0.9);
}

TEST(Summary, DrawsTheDistributionFromLowToHigh) {
  const SetupReport report = report_of(clockwork(), seconds(20), 2);
  ASSERT_FALSE(report.latency_cdf.empty());
  for (std::size_t i = 1; i < report.latency_cdf.size(); ++i) {
    EXPECT_LT(report.latency_cdf[i - 1].first, report.latency_cdf[i].first);
    EXPECT_LE(report.latency_cdf[i - 1].second, report.latency_cdf[i].second);
  }
}

}  // namespace
}  // namespace cotenant
