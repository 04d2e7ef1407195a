// SPDX-License-Identifier: Apache-2.0
//
// Differences between setups, the spread over boxes, and the cliff, against what theory knows of
// M/M/1 queues.
#include "study/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "scenarios/decode.h"
#include "scenarios/load.h"
#include "study/explain.h"
#include "study/study.h"

namespace cotenant {
namespace {

// One core that serves requests of 10 ms in the order of their arrival; setups differ in cores.
Scenario queue(const std::string& rate, const std::string& setups, const std::string& objectives) {
  const std::string text = R"({"format": 1, "name": "queue", "workload": {
      "arrivals": {"kind": "poisson", "rate": ")" +
                           rate + R"("},
      "requests": {"all": {"steps": [{"cpu": {"law": "exponential", "mean": "10ms"}}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"}},
      "setups": {)" + setups +
                           R"(}, "objectives": [)" + objectives + R"(],
      "study": {"duration": "200s", "warmup": "10s", "replications": 10}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  return *scenario;
}

constexpr const char* kOne = R"("one": {"machine": {"cores": 1, "scheduler": "fifo"}})";
constexpr const char* kTwins = R"("one": {"machine": {"cores": 1, "scheduler": "fifo"}},
    "other": {"machine": {"cores": 1, "scheduler": "fifo"}})";

Report report_of(const Scenario& scenario, const StudyOptions& options = {}) {
  const Checked<Report> report = run_study(scenario, ".", options);
  EXPECT_TRUE(report.ok());
  return *report;
}

const MetricValue& difference(const SetupReport& setup, Metric metric) {
  for (const Difference& each : setup.differences) {
    if (each.metric == metric) return each.value;
  }
  throw std::runtime_error("no difference");
}

TEST(Comparison, EqualSetupsDifferByExactlyNothing) {
  const Report report = report_of(queue("50/s", kTwins, ""));
  EXPECT_EQ(report.baseline, "one");
  EXPECT_TRUE(report.setups[0].differences.empty());
  for (const Metric metric : {Metric::latency_mean, Metric::latency_p99, Metric::throughput}) {
    const MetricValue& value = difference(report.setups[1], metric);
    EXPECT_EQ(value.value, 0.0);
    EXPECT_EQ(value.low, 0.0);
    EXPECT_EQ(value.high, 0.0);
  }
}

// First come, first served and processor sharing have the same mean. Pairs have the same requests,
// so the interval on the difference is narrower than either of both.
TEST(Comparison, DifferencesAreSurerThanTheNumbersTheyAreOf) {
  constexpr const char* kSharing = R"("one": {"machine": {"cores": 1, "scheduler": "fifo"}},
      "sharing": {"machine": {"cores": 1, "scheduler": "fluid"},
                  "services": {"web": {"workers": 200}}})";
  const Report report = report_of(queue("70/s", kSharing, ""));
  const MetricValue& value = difference(report.setups[1], Metric::latency_mean);
  const auto kMean = static_cast<std::size_t>(Metric::latency_mean);
  const MetricValue& mean = report.setups[0].metrics[kMean];
  EXPECT_LT(*value.low, 0);
  EXPECT_GT(*value.high, 0);
  EXPECT_EQ(*value.value, *report.setups[1].metrics[kMean].value - *mean.value);
  EXPECT_LT(*value.high - *value.low, (*mean.high - *mean.low) * 0.8);
}

TEST(Comparison, TheBaselineIsTheOneThatIsAskedFor) {
  StudyOptions options;
  options.baseline = "other";
  const Report report = report_of(queue("50/s", kTwins, ""), options);
  EXPECT_EQ(report.baseline, "other");
  EXPECT_FALSE(report.setups[0].differences.empty());
  EXPECT_TRUE(report.setups[1].differences.empty());
}

TEST(Comparison, OneSetupHasNothingToBeComparedWith) {
  const Report report = report_of(queue("50/s", kOne, ""));
  EXPECT_EQ(report.baseline, "");
  EXPECT_TRUE(report.setups[0].differences.empty());
}

TEST(Comparison, ReplicationsAreJudgedByThemselves) {
  // Between the luckiest and the unluckiest replication.
  const Report first = report_of(queue("80/s", kOne, ""));
  const Spread spread = first.setups[0].latency_p95_spread.value();
  EXPECT_LE(spread.best, spread.median);
  EXPECT_LE(spread.median, spread.bad);
  EXPECT_LE(spread.bad, spread.worst);
  EXPECT_EQ(spread.replications, 10u);
  const std::string bound = std::to_string(spread.median * 1e6) + "us";
  const Report report =
      report_of(queue("80/s", kOne, R"({"metric": "latency_p95", "below": ")" + bound + R"("})"));
  const ObjectiveReport& objective = report.setups[0].objectives.at(0);
  EXPECT_EQ(objective.judged_in, 10u);
  EXPECT_GE(objective.met_in, 3u);
  EXPECT_LE(objective.met_in, 7u);
}

// Half a core used of two, of which a tenth is paid: 0.3 vCPUs for 730 h at $0.05.
TEST(Prices, CountWhatAnUnlimitedMachineUsesBeyondItsBaseline) {
  Scenario scenario =
      queue("50/s", R"("one": {"machine": {"cores": 2, "scheduler": "fluid"}})", "");
  Plan plan;
  plan.kind = "vps";
  plan.price = Money{"$", 1000};
  plan.supports = {"wsgi"};
  plan.vcpus = 2;
  plan.memory = Bytes(1 << 30);
  CreditCpu credits;
  credits.baseline = 0.1;
  credits.most = CpuTime(seconds(3600).count());
  credits.unlimited = true;
  credits.surplus_price = 0.05;
  plan.cpu = credits;
  scenario.plans = {{"t", plan}};
  scenario.setups.front().second = cotenant::Setup{};
  scenario.setups.front().second.plan = "t";
  scenario.setups.front().second.neighborhood = "none";
  const Price price = report_of(scenario).setups[0].price.value();
  EXPECT_NEAR(static_cast<double>(price.surplus_cents), 0.3 * 730 * 5, 30);
  EXPECT_EQ(price.cents_per_month, 1000 + price.surplus_cents);
  EXPECT_FALSE(price.surplus_unknown);
}

// The p95 of M/M/1 is ln 20 / (100/s - rate): below 100 ms up to 70.04/s.
TEST(Cliff, IsWhereTheoryHasIt) {
  const Scenario scenario = queue("20/s", kOne, R"({"metric": "latency_p95", "below": "100ms"})");
  const Report report = report_of(scenario);
  const Checked<std::vector<Cliff>> cliffs = find_cliffs(scenario, report, ".", {});
  ASSERT_TRUE(cliffs.ok());
  const Cliff& cliff = cliffs->at(0);
  const double truth = (100 - std::log(20.0) / 0.1) / 20;
  EXPECT_LT(cliff.points[cliff.holds.value()].factor, truth);
  EXPECT_GT(cliff.points[cliff.breaks.value()].factor, truth);
  EXPECT_LT(cliff.points[*cliff.breaks].factor / cliff.points[*cliff.holds].factor, 1.35);
  EXPECT_FALSE(cliff.stopped);
}

TEST(Cliff, IsBelowTheLoadWhereThatMisses) {
  const Scenario scenario = queue("90/s", kOne, R"({"metric": "latency_p95", "below": "100ms"})");
  const Checked<std::vector<Cliff>> cliffs = find_cliffs(scenario, report_of(scenario), ".", {});
  const Cliff& cliff = cliffs->at(0);
  const double truth = (100 - std::log(20.0) / 0.1) / 90;
  EXPECT_LT(cliff.points[cliff.holds.value()].factor, truth);
  EXPECT_GT(cliff.points[cliff.breaks.value()].factor, truth);
  EXPECT_LE(cliff.points[*cliff.breaks].factor, 1);
}

TEST(Cliff, IsNotLookedForWithoutObjectives) {
  const Scenario scenario = queue("20/s", kOne, "");
  const Checked<std::vector<Cliff>> cliffs = find_cliffs(scenario, report_of(scenario), ".", {});
  EXPECT_NE(cliffs->at(0).why_none, "");
}

TEST(Load, MultipliesRatesAndUsersButNotTheClock) {
  const Checked<Scenario> scenario =
      decode(R"({"format": 1, "name": "load", "workload": {"requests": {
      "open": {"arrivals": {"kind": "poisson", "rate": "10/s"}, "steps": [{"cpu": "1ms"}]},
      "closed": {"arrivals": {"kind": "closed", "users": 3, "think": "1s"}, "steps": [{"cpu": "1ms"}]},
      "cron": {"arrivals": {"kind": "schedule", "first": "5s"}, "steps": [{"cpu": "1ms"}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1}},
      "setups": {"one": {"machine": {"cores": 1}}}})");
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const auto& requests = scenario->workload.requests;
  const auto of = [&](std::size_t request, double factor) {
    return multiplied(*requests[request].second.arrivals, factor);
  };
  EXPECT_EQ(std::get<PoissonArrivals>(of(0, 2.5)).rate.per_second, 25);
  EXPECT_EQ(std::get<ClosedArrivals>(of(1, 2.5)).users, 8);
  EXPECT_EQ(std::get<ClosedArrivals>(of(1, 0.01)).users, 1);
  EXPECT_EQ(of(2, 2.5), *requests[2].second.arrivals);
  EXPECT_EQ(at_load(at_load(*scenario, 2), 1.5).workload.load, 3);
}

// Four hours of requests of 1 s, one every ten seconds.
HourlySpread hours_with(const std::string& clients) {
  const std::string text = R"({"format": 1, "name": "hours", "workload": {
      "arrivals": {"kind": "constant", "rate": "0.1/s"})" +
                           clients + R"(,
      "requests": {"all": {"steps": [{"cpu": "1s"}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"}},
      "setups": {"one": {"machine": {"cores": 1, "scheduler": "fluid"}, "neighbors": {"late": {
          "pattern": {"bursts": [["2h", "1h"]]}}}}},
      "study": {"duration": "4h", "warmup": "30min", "replications": 2}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  return report_of(*scenario).setups.at(0).latency_p95_hours.value();
}

// A neighbor takes half of the core in the third hour. The first one is not whole without the
// warm-up.
TEST(Hours, HaveAPercentileEach) {
  const HourlySpread spread = hours_with("");
  EXPECT_EQ(spread.hours, 3u);
  EXPECT_NEAR(spread.best, 1, 0.01);
  EXPECT_NEAR(spread.median, 1, 0.01);
  EXPECT_NEAR(spread.worst, 2, 0.01);
  EXPECT_EQ(spread.worst_hour, 2u);
  EXPECT_EQ(spread.worst_failed, 0);
}

// Whoever waits for 1.5 s has no answer in that hour, and nobody else's is worse.
TEST(Hours, InWhichRequestsFailAreTheWorst) {
  const HourlySpread spread = hours_with(R"(, "clients": {"timeout": "1.5s"})");
  EXPECT_EQ(spread.worst_hour, 2u);
  EXPECT_NEAR(spread.worst_failed, 1, 0.01);
  EXPECT_NEAR(spread.best, 1, 0.01);
}

}  // namespace
}  // namespace cotenant
