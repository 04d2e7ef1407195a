// SPDX-License-Identifier: Apache-2.0
//
// From a scenario to a report: replications, warm-up, precision, stops, instability.
#include "study/study.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cotenant {
namespace {

// M/M/1 with a mean demand of 10 ms.
Scenario queue(double rho) {
  Scenario scenario;
  scenario.name = "M/M/1";
  RequestClass request;
  request.steps = {CpuStep{{ExponentialLaw{milliseconds(10)}}}};
  scenario.workload.arrivals = PoissonArrivals{{rho * 100}, FixedBatch{}};
  scenario.workload.requests = {{"work", request}};
  GunicornSync server;
  server.overhead.preset = "none";
  scenario.application = {{"web", Service{server}}};
  scenario.setups = {{"one", cotenant::Setup{}}};
  scenario.study.duration = seconds(100);
  scenario.study.warmup = seconds(10);
  return scenario;
}

Report report_of(const Scenario& scenario, const StudyOptions& options = {}) {
  const Checked<Report> report = run_study(scenario, ".", options);
  EXPECT_TRUE(report.ok());
  return *report;
}

const MetricValue& metric(const Report& report, Metric which) {
  return report.setups[0].metrics[static_cast<std::size_t>(which)];
}

bool mentions(const std::vector<std::string>& notes, const std::string& words) {
  for (const std::string& note : notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST(Study, DoesNotDependOnTheNumberOfThreads) {
  StudyOptions options;
  options.ingredients = {true, true, true, true};
  const Report one = report_of(queue(0.6), options);
  options.jobs = 3;
  const Report three = report_of(queue(0.6), options);
  EXPECT_EQ(one.provenance.fingerprint, three.provenance.fingerprint);
  EXPECT_EQ(metric(one, Metric::latency_p95).value, metric(three, Metric::latency_p95).value);
  EXPECT_EQ(metric(one, Metric::latency_p95).high, metric(three, Metric::latency_p95).high);
}

TEST(Study, TakesSeedAndReplicationsFromItsOptions) {
  StudyOptions options;
  options.seed = 99;
  options.replications = 3;
  const Report report = report_of(queue(0.5), options);
  EXPECT_EQ(report.provenance.seed, 99u);
  EXPECT_EQ(report.provenance.replications, 3u);
  EXPECT_EQ(report_of(queue(0.5)).provenance.replications, 10u);
}

TEST(Study, ShowsWhatIsKnownSoFar) {
  std::vector<std::uint64_t> replications;
  StudyOptions options;
  options.interim = [&](const Report& so_far) {
    replications.push_back(so_far.provenance.replications);
    EXPECT_TRUE(so_far.provenance.complete);
    EXPECT_TRUE(metric(so_far, Metric::latency_p95).value);
  };
  const Report watched = report_of(queue(0.5), options);
  EXPECT_EQ(replications, (std::vector<std::uint64_t>{1, 2, 4, 8}));
  const Report alone = report_of(queue(0.5));
  EXPECT_EQ(watched.provenance.replications, 10u);
  EXPECT_EQ(watched.provenance.fingerprint, alone.provenance.fingerprint);
  EXPECT_EQ(metric(watched, Metric::latency_p95).high, metric(alone, Metric::latency_p95).high);
}

TEST(Study, MultipliesTheLoad) {
  Scenario loaded = queue(0.3);
  loaded.workload.load = 2;
  EXPECT_EQ(report_of(loaded).provenance.fingerprint, report_of(queue(0.6)).provenance.fingerprint);
}

TEST(Study, RunsOnceWhenNothingIsRandom) {
  Scenario scenario = queue(0.5);
  scenario.workload.arrivals = ConstantArrivals{{50}, FixedBatch{}};
  scenario.workload.requests[0].second.steps = {CpuStep{{ConstantLaw{milliseconds(10)}}}};
  scenario.setups[0].second.machine.scheduler = "fluid";
  const Report report = report_of(scenario);
  EXPECT_EQ(report.provenance.replications, 1u);
  EXPECT_TRUE(mentions(report.notes, "nothing in this scenario is random"));
  EXPECT_EQ(metric(report, Metric::latency_max).value, 0.01);
  EXPECT_FALSE(metric(report, Metric::latency_mean).low);
}

// At a load of 1.2 the backlog grows by 20 requests a second; 2049 + 1 places fill in 102.5 s.
TEST(Study, WithholdsPercentilesOfAnUnstableSystem) {
  Scenario scenario = queue(1.2);
  scenario.objectives = {{"latency_p95", "", 1.0, {}}};
  const Report report = report_of(scenario);
  const SetupReport& setup = report.setups[0];
  EXPECT_FALSE(setup.stability.stable);
  EXPECT_NEAR(setup.stability.growth_per_second, 20, 3);
  ASSERT_TRUE(setup.stability.seconds_to_overflow);
  EXPECT_NEAR(*setup.stability.seconds_to_overflow, 102.5, 20);
  for (const Metric withheld : {Metric::latency_mean, Metric::latency_p50, Metric::latency_p95,
                                Metric::latency_p99, Metric::concurrency}) {
    EXPECT_FALSE(metric(report, withheld).value) << info(withheld).key;
    EXPECT_NE(metric(report, withheld).why, "") << info(withheld).key;
  }
  EXPECT_TRUE(metric(report, Metric::throughput).value);
  EXPECT_EQ(setup.objectives[0].verdict, Verdict::missed);
}

// 200 users start thinking at the same time and find an empty system with slow service: it takes
// some seconds until the queue has built up to its 100 or so.
TEST(Study, FindsAWarmupWhereThereIsATransient) {
  Scenario scenario = queue(0.5);
  scenario.workload.arrivals = ClosedArrivals{200, {ExponentialLaw{seconds(10)}}};
  scenario.workload.requests[0].second.steps = {CpuStep{{ExponentialLaw{milliseconds(100)}}}};
  scenario.study.warmup.reset();
  scenario.study.duration = seconds(400);
  const Report report = report_of(scenario);
  EXPECT_GE(report.provenance.warmup, 2);
  EXPECT_LE(report.provenance.warmup, 150);
  EXPECT_TRUE(report.provenance.warmup_reliable);
  // Ten requests a second are served, so 100 users think and the other 100 are in the system.
  EXPECT_NEAR(*metric(report, Metric::concurrency).value, 100, 6);
}

TEST(Study, RemovesNothingWhereTheLoadChangesByDesign) {
  Scenario scenario = queue(0.5);
  scenario.workload.arrivals =
      ProfileArrivals{{{Duration(0), {10}}, {seconds(100), {90}}}, false, 1, seconds(1), {}};
  scenario.study.warmup.reset();
  const Report report = report_of(scenario);
  EXPECT_EQ(report.provenance.warmup, 0);
  EXPECT_TRUE(mentions(report.notes, "the load changes by design"));
  EXPECT_TRUE(report.setups[0].stability.stable);
}

TEST(Precision, AddsReplicationsUntilTheIntervalIsNarrowEnough) {
  Scenario scenario = queue(0.7);
  scenario.study.precision = 0.04;
  const Report report = report_of(scenario);
  EXPECT_GT(report.provenance.replications, 10u);
  EXPECT_LT(report.provenance.replications, 200u);
  const MetricValue& p95 = metric(report, Metric::latency_p95);
  EXPECT_LE((*p95.high - *p95.low) / 2, 0.04 * *p95.value);
}

TEST(Precision, SaysSoWhenItIsNotReached) {
  Scenario scenario = queue(0.7);
  scenario.study.precision = 0.001;
  scenario.study.max_replications = 17;
  const Report report = report_of(scenario);
  EXPECT_EQ(report.provenance.replications, 17u);
  EXPECT_TRUE(mentions(report.notes, "precision asked for was not reached"));
}

// With so few replications one interval in some hundred is narrow by accident.
TEST(Precision, IsNotJudgedByAHandfulOfReplications) {
  Scenario scenario = queue(0.7);
  scenario.study.precision = 0.5;
  scenario.study.replications = 2;
  EXPECT_EQ(report_of(scenario).provenance.replications, 20u);
}

TEST(Precision, GivesWayToReplicationsAskedFor) {
  Scenario scenario = queue(0.7);
  scenario.study.precision = 0.001;
  StudyOptions options;
  options.replications = 4;
  EXPECT_EQ(report_of(scenario, options).provenance.replications, 4u);
}

TEST(Stop, BeforeTheFirstRunLeavesAReportWithoutNumbers) {
  const std::atomic<bool> stop = true;
  StudyOptions options;
  options.stop = &stop;
  const Report report = report_of(queue(0.5), options);
  EXPECT_FALSE(report.provenance.complete);
  EXPECT_EQ(report.provenance.replications, 0u);
  EXPECT_FALSE(metric(report, Metric::latency_mean).value);
}

TEST(Stop, OnTheWayKeepsWhatIsDone) {
  std::atomic<bool> stop = false;
  StudyOptions options;
  options.stop = &stop;
  options.progress = [&](const Progress& progress) { stop = progress.runs_done >= 4; };
  Scenario scenario = queue(0.5);
  scenario.study.replications = 1000;
  const Report report = report_of(scenario, options);
  EXPECT_FALSE(report.provenance.complete);
  EXPECT_EQ(report.provenance.incomplete_because, "it was stopped");
  EXPECT_GE(report.provenance.replications, 4u);
  EXPECT_LT(report.provenance.replications, 100u);
  EXPECT_TRUE(metric(report, Metric::latency_mean).value);
}

// Runs that hit their budget end at different times; that is a result, not a broken invariant.
TEST(Budgets, MakeAnIncompleteReport) {
  Scenario scenario = queue(0.9);
  scenario.study.max_events = 5000;
  const Report report = report_of(scenario);
  EXPECT_FALSE(report.provenance.complete);
  EXPECT_NE(report.provenance.incomplete_because.find("event_budget"), std::string::npos);
  EXPECT_EQ(report.provenance.events, 10u * 5000u);
}

TEST(Progress, EndsAtAllRuns) {
  Progress last;
  StudyOptions options;
  options.progress = [&](const Progress& progress) { last = progress; };
  report_of(queue(0.5), options);
  EXPECT_EQ(last.runs_done, 10u);
  EXPECT_EQ(last.runs_planned, 10u);
  EXPECT_EQ(last.fraction, 1);
}

// Little's law in the report: concurrency = offered rate times mean latency, up to the edges of the
// observed time.
TEST(Report, AgreesWithItself) {
  const Report report = report_of(queue(0.5));
  const double concurrency = *metric(report, Metric::concurrency).value;
  const double product =
      *metric(report, Metric::offered_rate).value * *metric(report, Metric::latency_mean).value;
  EXPECT_NEAR(concurrency, product, 0.01 * product);
  EXPECT_NEAR(*metric(report, Metric::cpu_utilization).value, 0.5, 0.02);
  const WaitBreakdown& mean = *report.setups[0].wait_states.mean;
  double sum = 0;
  for (const double state : mean.states) sum += state;
  EXPECT_NEAR(sum, *metric(report, Metric::latency_mean).value, 1e-9);
}

}  // namespace
}  // namespace cotenant
