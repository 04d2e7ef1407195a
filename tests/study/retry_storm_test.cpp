// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenarios of a rush and what follows: an overload that sustains itself when its
// trigger is gone is metastable (Bronson et al., HotOS 2021). In the experiment of Huang et al.
// (OSDI 2022, section 5.2; four retries, timeouts of 3 s) attempts tripled, goodput fell by 90 %
// and the latency stayed at the timeout, for good. The reports begin three minutes after the rush.
#include <gtest/gtest.h>

#include "tests/study/collapse.h"

namespace cotenant {
namespace {

constexpr double kOffered = 50;  // requests a second after the rush
constexpr int kRetries = 3;

// A load of 80 % again, give or take the cost of the server itself.
void expect_usual_load(const SetupReport& setup) {
  expect_recovery(setup, kOffered);
  EXPECT_NEAR(value(setup, Metric::cpu_utilization), 0.8, 0.08);
}

TEST(RetryStorm, StaysWithoutABudgetAndEndsWithOne) {
  expect_collapse(run_twice(shipped("retry-storm.json")).setups[0], kOffered, kRetries);
  expect_usual_load(run_twice(shipped("retry-budget.json")).setups[0]);
}

TEST(RetryStorm, DoesNotBeginOnAMachineThatCanServeTheRush) {
  const SetupReport large = run_twice(shipped("retry-storm.json")).setups[1];
  EXPECT_NEAR(value(large, Metric::throughput), kOffered, 0.05 * kOffered);
  EXPECT_EQ(value(large, Metric::error_ratio), 0);
}

// Pauses delay attempts and do not make them fewer.
TEST(RetryStorm, IsNotEndedByPausesAlone) {
  Scenario scenario = shipped("retry-budget.json");
  scenario.workload.clients.retries->budget.reset();
  expect_collapse(run_twice(scenario).setups[0], kOffered, kRetries);
}

// What starts it is the rush: at the same load without one, retries do no harm.
TEST(RetryStorm, NeedsATrigger) {
  Scenario scenario = shipped("retry-storm.json");
  scenario.workload.arrivals = PoissonArrivals{{kOffered}, FixedBatch{1}};
  expect_usual_load(run_twice(scenario).setups[0]);
}

}  // namespace
}  // namespace cotenant
