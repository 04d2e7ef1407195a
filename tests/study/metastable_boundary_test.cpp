// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of the boundary between a disturbance that passes and one that stays, as
// Huang et al. measured it (OSDI 2022, section 5.2): 6,200 requests a second, timeouts of 3 s, up
// to four retries. With 80 % of its CPU gone for 10 s the system collapses; with 78 %, or for 9 s,
// or with 4,200 requests a second it recovers. Load and capacity are a tenth of that here.
#include <gtest/gtest.h>

#include "tests/study/collapse.h"

namespace cotenant {
namespace {

constexpr double kOffered = 620, kLess = 420;

struct Disturbance {
  std::int64_t percent_left;
  Duration length;
};

Scenario boundary() { return shipped("metastable-boundary.json"); }

void set_rate(Scenario& scenario, double rate) {
  std::get<ConstantArrivals>(*scenario.workload.arrivals).rate.per_second = rate;
}

// One setup with another disturbance than the shipped ones; looked at later, too.
Scenario disturbed(const Disturbance& by) {
  Scenario scenario = boundary();
  scenario.setups.resize(1);
  Setup& setup = scenario.setups.front().second;
  setup.groups[0].second.cpu_weight = by.percent_left;
  setup.groups[1].second.cpu_weight = 100 - by.percent_left;
  setup.neighbors.front().second.pattern = RecordedBursts{{{seconds(10), by.length}}};
  scenario.study.warmup = seconds(120);
  scenario.study.duration = seconds(180);
  return scenario;
}

SetupReport run_first(const Scenario& scenario) { return run_twice(scenario).setups.front(); }

TEST(MetastableBoundary, IsWhereTheExperimentFoundIt) {
  const Report report = run_twice(boundary());
  expect_collapse(report.setups.at(0), kOffered, 4);  // 80 % for 10 s
  expect_recovery(report.setups.at(1), kOffered);     // 78 % for 10 s
  expect_recovery(report.setups.at(2), kOffered);     // 80 % for 9 s
}

TEST(MetastableBoundary, MovesWithTheLoad) {
  Scenario scenario = boundary();
  set_rate(scenario, kLess);
  expect_recovery(run_first(scenario), kLess);
}

TEST(MetastableBoundary, IsOneOfRetries) {
  Scenario scenario = boundary();
  scenario.workload.clients.retries.reset();
  expect_recovery(run_first(scenario), kOffered);
}

// Capacity is 1,640 a second. Four retries make five attempts: above 328 requests a second a long
// disturbance lasts, below it none does.
TEST(MetastableBoundary, ExistsOnlyWhereAllAttemptsTogetherExceedTheCapacity) {
  constexpr double kBelow = 250;
  Scenario scenario = disturbed({5, seconds(20)});
  set_rate(scenario, kLess);
  expect_collapse(run_first(scenario), kLess, 4);
  set_rate(scenario, kBelow);
  expect_recovery(run_first(scenario), kBelow);
}

// 620 requests in three attempts each are more than 1,640, and in two attempts are not.
TEST(MetastableBoundary, DependsOnTheNumberOfRetries) {
  Scenario scenario = disturbed({20, seconds(20)});
  scenario.workload.clients.retries->max = 2;
  expect_collapse(run_first(scenario), kOffered, 2);
  scenario.workload.clients.retries->max = 1;
  expect_recovery(run_first(scenario), kOffered);
}

}  // namespace
}  // namespace cotenant
