// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of replicas in boxes of their own: which of them a request gets is a turn of
// a roulette wheel, unless the balancer counts.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "replicas-roulette.json";

Report run_eight_times(const Scenario& scenario) {
  StudyOptions options;
  options.replications = 8;
  return *run_study(scenario, ".", options);
}

double p95(const SetupReport& setup) { return value(setup, Metric::latency_p95); }

const OperationReport& operation(const SetupReport& setup, const std::string& name) {
  for (const OperationReport& each : setup.operations) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no operation " + name);
}

class Roulette : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { report_ = new Report(run_eight_times(shipped(kFile))); }
  static void TearDownTestSuite() { delete report_; }

  static Report* report_;
  const SetupReport& in_turn_ = report_->setups.at(0);
  const SetupReport& at_random_ = report_->setups.at(1);
  const SetupReport& fewest_ = report_->setups.at(2);
  const SetupReport& own_ = report_->setups.at(3);
};

Report* Roulette::report_ = nullptr;

TEST_F(Roulette, CountingBeatsTurns) {
  EXPECT_GT(p95(in_turn_), 1.15 * p95(fewest_));
  EXPECT_GT(p95(at_random_), 1.15 * p95(in_turn_));
  EXPECT_LT(p95(own_), p95(fewest_));
}

TEST_F(Roulette, InTurnEachReplicaGetsAThird) {
  double all = 0;
  for (const char* replica : {"web-1.browse", "web-2.browse", "web-3.browse"}) {
    all += *operation(in_turn_, replica).calls_per_request;
  }
  for (const char* replica : {"web-1.browse", "web-2.browse", "web-3.browse"}) {
    EXPECT_NEAR(*operation(in_turn_, replica).calls_per_request, all / 3, 0.001);
  }
}

// Each replica has its own host, database and balancer do not count among these.
TEST_F(Roulette, TheReportNamesEveryComputer) {
  std::vector<std::string> names;
  for (const MachineCounters& machine : in_turn_.machines) names.push_back(machine.name);
  EXPECT_EQ(names, (std::vector<std::string>{"db", "db/vm", "web-1", "web-1/vm", "web-2",
                                             "web-2/vm", "web-3", "web-3/vm"}));
  EXPECT_GT(value(in_turn_, Metric::steal_ratio), 0.02);
}

TEST_F(Roulette, WhatItCosts) {
  EXPECT_EQ(in_turn_.price->cents_per_month, 3 * 600 + 1800);
  EXPECT_EQ(own_.price->cents_per_month, 3 * 1800 + 1800);
  EXPECT_EQ(in_turn_.plan->not_included.back(), "the load balancer");
  EXPECT_EQ(in_turn_.node_plans.at(0).second.name, "own-1");
}

// It is the boxes, and nothing else.
TEST(RouletteWithoutNeighbors, TurnsAreNearlyAsGood) {
  Scenario scenario = shipped(kFile);
  for (auto& [name, setup] : scenario.setups) setup.neighborhood = "none";
  const Report report = run_eight_times(scenario);
  EXPECT_LT(p95(report.setups.at(0)), 1.25 * p95(report.setups.at(2)));
}

}  // namespace
}  // namespace cotenant
