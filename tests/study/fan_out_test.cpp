// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of a page that asks many servers, against the arithmetic of Dean and Barroso
// ("The Tail at Scale", CACM 2013): if one answer in a hundred is slow, a page that needs a hundred
// answers is slow in 1 - 0.99^100 = 63 % of the cases. Asked a second time after 15 ms, a server is
// slow only if both answers are: 1 - 0.9999^100 = 1 % of the pages, for 1 % more calls.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "fan-out.json";

// Pages that take half a second or longer, which are those that wait for a slow answer, are those
// that clients give up. Nothing else changes: the servers do not notice.
Report run_with_impatient_clients() {
  Scenario scenario = shipped(kFile);
  scenario.workload.clients.timeout = milliseconds(500);
  return run_twice(scenario);
}

// Tolerances are four standard deviations of a proportion among 11,600 pages.
TEST(FanOut, MakesARareDelayACommonOneAndHedgingMakesItRareAgain) {
  const Report report = run_with_impatient_clients();
  const SetupReport& cluster = report.setups.front();
  EXPECT_NEAR(value(of_class(cluster, "asks one"), Metric::error_ratio), 0.01, 0.0037);
  EXPECT_NEAR(value(of_class(cluster, "asks a hundred"), Metric::error_ratio), 0.634, 0.018);
  EXPECT_NEAR(value(of_class(cluster, "and hedges"), Metric::error_ratio), 0.00995, 0.0037);
}

// What is not slow takes as long as its slowest part: 10 ms, or 15 ms and another 10.
TEST(FanOut, TakesAsLongAsTheSlowestAnswer) {
  const Report report = run_twice(shipped(kFile));
  const SetupReport& cluster = report.setups.front();
  const double as_shown = 0.01;  // quantiles come from a histogram
  EXPECT_NEAR(value(of_class(cluster, "asks one"), Metric::latency_p95), 0.010, as_shown * 0.010);
  EXPECT_NEAR(value(of_class(cluster, "asks a hundred"), Metric::latency_p50), 1, as_shown);
  EXPECT_NEAR(value(of_class(cluster, "and hedges"), Metric::latency_p95), 0.025, as_shown * 0.025);
}

double calls_per_page(const Scenario& scenario) {
  return run_twice(scenario).setups.front().operations.front().calls_per_request.value();
}

// One in a hundred servers has not answered after 15 ms, none has after 5 ms. Of 2,000 pages; the
// few that are underway when a run ends have made calls and are not counted.
TEST(FanOut, CostsAsManySecondCallsAsAnswersAreSlow) {
  Scenario scenario = only_class(shipped(kFile), "and hedges");
  scenario.study.duration = seconds(60);
  EXPECT_NEAR(calls_per_page(scenario), 101, 0.25);
  auto& call = std::get<CallStep>(class_named(scenario, "and hedges").steps.front());
  call.hedge_after = milliseconds(5);
  EXPECT_NEAR(calls_per_page(scenario), 200, 0.25);
}

}  // namespace
}  // namespace cotenant
