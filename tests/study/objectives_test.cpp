// SPDX-License-Identifier: Apache-2.0
#include "study/objectives.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

MetricValue between(double low, double value, double high) { return {value, low, high, {}}; }

SetupReport setup_with(Metric metric, const MetricValue& value) {
  SetupReport setup;
  setup.metrics[static_cast<std::size_t>(metric)] = value;
  return setup;
}

Verdict verdict(SetupReport setup, const Objective& objective) {
  judge(setup, {objective});
  EXPECT_EQ(setup.objectives.size(), 1u);
  EXPECT_NE(setup.objectives[0].reason, "");
  return setup.objectives[0].verdict;
}

TEST(Objectives, AreDecidedByTheWholeInterval) {
  const SetupReport setup = setup_with(Metric::latency_p95, between(0.09, 0.1, 0.11));
  const auto below = [&](double bound) { return verdict(setup, {"latency_p95", "", bound, {}}); };
  EXPECT_EQ(below(0.12), Verdict::met);
  EXPECT_EQ(below(0.11), Verdict::cannot_tell);  // below means below
  EXPECT_EQ(below(0.1), Verdict::cannot_tell);
  EXPECT_EQ(below(0.09), Verdict::missed);
  EXPECT_EQ(below(0.08), Verdict::missed);
}

TEST(Objectives, CanAskForMore) {
  const SetupReport setup = setup_with(Metric::throughput, between(95, 100, 105));
  const auto above = [&](double bound) { return verdict(setup, {"throughput", "", {}, bound}); };
  EXPECT_EQ(above(90), Verdict::met);
  EXPECT_EQ(above(95), Verdict::cannot_tell);
  EXPECT_EQ(above(100), Verdict::cannot_tell);
  EXPECT_EQ(above(105), Verdict::missed);
}

TEST(Objectives, TakeAValueWithoutIntervalAsItIs) {
  const SetupReport setup = setup_with(Metric::latency_p95, {0.1, {}, {}, {}});
  EXPECT_EQ(verdict(setup, {"latency_p95", "", 0.11, {}}), Verdict::met);
  EXPECT_EQ(verdict(setup, {"latency_p95", "", 0.1, {}}), Verdict::missed);
}

TEST(Objectives, CannotBeToldWithoutAValue) {
  SetupReport setup = setup_with(Metric::latency_p99, {{}, {}, {}, "too few requests"});
  EXPECT_EQ(verdict(setup, {"latency_p99", "", 1.0, {}}), Verdict::cannot_tell);
  judge(setup, {{"latency_p99", "", 1.0, {}}});
  EXPECT_EQ(setup.objectives[0].reason, "too few requests");
}

TEST(Objectives, OnLatencyAreMissedByAnUnstableSystem) {
  SetupReport setup = setup_with(Metric::latency_p99, {{}, {}, {}, "the queue grows"});
  setup.stability.stable = false;
  EXPECT_EQ(verdict(setup, {"latency_p99", "", 1000.0, {}}), Verdict::missed);
}

TEST(Objectives, OnAPercentileAreMissedWhereMoreFail) {
  SetupReport setup = setup_with(Metric::latency_p95, between(0.09, 0.1, 0.11));
  const auto with_errors = [&](double low, double value, double high) {
    setup.metrics[static_cast<std::size_t>(Metric::error_ratio)] = between(low, value, high);
    return verdict(setup, {"latency_p95", "", 0.2, {}});
  };
  EXPECT_EQ(with_errors(0.03, 0.04, 0.05), Verdict::met);
  EXPECT_EQ(with_errors(0.04, 0.05, 0.06), Verdict::cannot_tell);
  EXPECT_EQ(with_errors(0.06, 0.07, 0.08), Verdict::missed);
  // The same of the median needs half of them to fail, and a mean is not asked.
  EXPECT_EQ(verdict(setup, {"error_ratio", "", 0.2, {}}), Verdict::met);
  judge(setup, {{"latency_p95", "", 0.2, {}}});
  EXPECT_NE(setup.objectives.back().reason.find("7.00 % (6.00 % to 8.00 %) failed"),
            std::string::npos)
      << setup.objectives.back().reason;
}

TEST(Objectives, OnAPercentileOfNearlyNobodyAreMissedWhereNearlyAllFail) {
  SetupReport setup = setup_with(Metric::latency_p95, {{}, {}, {}, "too few requests"});
  setup.metrics[static_cast<std::size_t>(Metric::error_ratio)] = between(0.98, 0.99, 1);
  EXPECT_EQ(verdict(setup, {"latency_p95", "", 0.2, {}}), Verdict::missed);
}

TEST(Objectives, OfAClassLookAtThatClass) {
  SetupReport setup = setup_with(Metric::latency_p95, between(1, 1, 1));
  ClassReport fast{"fast", {}, {}};
  fast.metrics[static_cast<std::size_t>(Metric::latency_p95)] = between(0.1, 0.1, 0.1);
  setup.classes = {fast};
  EXPECT_EQ(verdict(setup, {"latency_p95", "fast", 0.5, {}}), Verdict::met);
  EXPECT_EQ(verdict(setup, {"latency_p95", "", 0.5, {}}), Verdict::missed);
}

TEST(Objectives, MissedInAnySetupMissThemAll) {
  Report report;
  report.setups.resize(2);
  EXPECT_FALSE(misses_an_objective(report));
  report.setups[0].objectives.resize(1);
  report.setups[1].objectives.resize(2);
  EXPECT_FALSE(misses_an_objective(report)) << "not to be able to tell is not to miss";
  report.setups[1].objectives[1].verdict = Verdict::missed;
  EXPECT_TRUE(misses_an_objective(report));
}

}  // namespace
}  // namespace cotenant
