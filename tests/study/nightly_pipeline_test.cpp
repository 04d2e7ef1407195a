// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of a pipeline beside a web application: when it is done, what it takes from
// the pages, and what users wait for whose exports share its queue.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "nightly-pipeline.json";

double value(const Metrics& metrics, Metric metric) {
  return metrics[static_cast<std::size_t>(metric)].value.value_or(-1);
}
double makespan(const SetupReport& setup) {
  return value(setup.classes.back().metrics, Metric::latency_mean);
}
double page(const SetupReport& setup, Metric metric) {
  return value(setup.classes.front().metrics, metric);
}
double exports(const SetupReport& setup, Metric metric) {
  return value(setup.operations.front().metrics, metric);
}

// The pages leave about 1.75 of the two cores, for 740 s of CPU; the standard deviation of these is
// 53 s. Half a core takes 1480 s for them. 20 s of waiting come on top, and the last tasks do not
// end together.
TEST(NightlyPipeline, IsDoneWhenItsCpuTimeIsThere) {
  const Report report = run_twice(shipped(kFile));
  for (const std::size_t shared : {0u, 1u}) {
    EXPECT_GT(makespan(report.setups[shared]), 20 + (740 - 150) / 1.75);
    EXPECT_LT(makespan(report.setups[shared]), 20 + (740 + 150) / 1.75 + 60);
  }
  EXPECT_GT(makespan(report.setups[2]), 20 + (740 - 150) / 0.5);
  EXPECT_LT(makespan(report.setups[2]), 20 + (740 + 150) / 0.5 + 60);
}

// Four tasks that compute share two cores with the pages for a sixth of the run: that is more than
// the 5 % beyond the p95.
TEST(NightlyPipeline, SlowsPagesDownUnlessItIsNiceOrLimited) {
  const Report report = run_twice(shipped(kFile));
  const double as_it_comes = page(report.setups[0], Metric::latency_p95);
  EXPECT_LT(page(report.setups[1], Metric::latency_p95), 0.85 * as_it_comes);
  EXPECT_LT(page(report.setups[2], Metric::latency_p95), 0.85 * as_it_comes);
}

// With its priority an export is next: it waits for a task or two, not for all of them.
TEST(NightlyPipeline, LetsUrgentTasksPass) {
  Scenario scenario = shipped(kFile);
  const double urgent = exports(run_twice(scenario).setups[0], Metric::latency_mean);
  scenario.application.back().second.operations.front().second.task.priority.reset();
  const double queued = exports(run_twice(scenario).setups[0], Metric::latency_mean);
  EXPECT_LT(urgent, 10);
  EXPECT_GT(queued, 4 * urgent);
}

}  // namespace
}  // namespace cotenant
