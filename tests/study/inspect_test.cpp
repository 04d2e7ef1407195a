// SPDX-License-Identifier: Apache-2.0
//
// The request inspector, where the cause of a slow request is known.
#include "study/inspect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "scenarios/decode.h"
#include "study/study.h"
#include "study/writers/write_inspection.h"

namespace cotenant {
namespace {

Scenario scenario_of(const std::string& service, const std::string& setup,
                     const std::string& steps = R"([{"cpu": "30ms"}])",
                     const std::string& arrivals = R"({"kind": "constant", "rate": "10/s"})") {
  const std::string text =
      R"({"format": 1, "name": "inspected", "workload": {"arrivals": )" + arrivals +
      R"(, "requests": {"page": {"steps": )" + steps + R"(}}}, "application": {"web": )" + service +
      R"(}, "setups": {"box": )" + setup + R"(}, "study": {"duration": "60s", "warmup": "5s"}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "scenario") << text;
  return *scenario;
}

constexpr const char* kTwoWorkers = R"({"server": "gunicorn-sync", "workers": 2})";

Inspection inspected(const Scenario& scenario, InspectOptions options = {}) {
  if (options.percentiles.empty() && options.latencies.empty()) options.percentiles = {0.99};
  const Checked<Inspection> inspection = inspect(scenario, ".", options);
  EXPECT_TRUE(inspection.ok());
  return *inspection;
}

void expect_sums(const TracedRequest& request) {
  double sum = 0;
  for (const TraceShare& share : request.shares) sum += share.seconds;
  EXPECT_NEAR(sum, request.latency, 1e-9);
  double at = 0;
  for (const TraceSpan& span : request.rows.front().spans) {
    EXPECT_NEAR(span.begin, at, 1e-9);
    at = span.end;
  }
  EXPECT_NEAR(at, request.latency, 1e-9);
}

// 0.35 of a core for 0.27 cores of work that comes in bursts: quotas hold requests back, and they
// queue up.
TEST(Inspect, NamesTheLimitThatHeldARequest) {
  const Scenario scenario = scenario_of(R"({"server": "gunicorn-sync", "workers": 40})",
                                        R"({"machine": {"cores": 4},
          "groups": {"container": {"cpu_max": {"quota": "35ms", "period": "100ms"}}},
          "services": {"web": {"group": "container"}}})",
                                        R"([{"cpu": {"law": "exponential", "mean": "30ms"}}])",
                                        R"({"kind": "poisson", "rate": "9/s"})");
  const Inspection inspection = inspected(scenario);
  ASSERT_EQ(inspection.traces.size(), 1u) << inspection.why_none;
  const TracedRequest& request = inspection.traces[0];
  expect_sums(request);
  const TraceShare& longest = request.shares.front();
  EXPECT_EQ(longest.state, WaitState::throttled);
  EXPECT_EQ(longest.by, "container");
  EXPECT_EQ(
      sentence(longest).rfind("held back by its CPU limit (cpu.max throttling), container: ", 0),
      0u)
      << sentence(longest);
}

// Three requests at once, two workers: the third waits for the first of them.
TEST(Inspect, TellsWhoWaitedForAWorker) {
  const Scenario scenario =
      scenario_of(kTwoWorkers, R"({"machine": {"cores": 4}})", R"([{"wait": "100ms"}])",
                  R"({"kind": "constant", "rate": "3/s", "batch": {"size": 3}})");
  const Inspection inspection = inspected(scenario);
  ASSERT_EQ(inspection.traces.size(), 1u) << inspection.why_none;
  const TracedRequest& request = inspection.traces[0];
  expect_sums(request);
  ASSERT_GE(request.rows.front().spans.size(), 2u);
  const TraceSpan& first = request.rows.front().spans.front();
  EXPECT_EQ(first.state, WaitState::accept_queue);
  EXPECT_EQ(first.service, "web");
  EXPECT_NEAR(first.end, 0.1, 0.005);
}

// A proxy passes on the account of the server behind it, which calls a database: what is held by
// the database is said so, not as what the proxy called.
TEST(Inspect, LooksThroughProxies) {
  const std::string text = R"({"format": 1, "name": "proxied",
    "workload": {"arrivals": {"kind": "constant", "rate": "2/s"},
                 "requests": {"page": {"steps": [{"cpu": "5ms"}, {"call": "database.list"}]}}},
    "application": {
      "front": {"server": "nginx", "upstream": {"web": {}}},
      "web": {"server": "gunicorn-sync", "workers": 2},
      "database": {"server": "external", "operations": {"list": {"steps": [{"wait": "40ms"}]}}}},
    "setups": {"box": {"machine": {"cores": 2}}},
    "study": {"duration": "30s", "warmup": "5s"}})";
  const Checked<Scenario> scenario = decode(text);
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "scenario");
  const Inspection inspection = inspected(*scenario);
  ASSERT_EQ(inspection.traces.size(), 1u) << inspection.why_none;
  const TracedRequest& request = inspection.traces[0];
  expect_sums(request);
  EXPECT_EQ(request.shares.front().state, WaitState::downstream);
  EXPECT_EQ(request.shares.front().by, "database.list");
  EXPECT_NEAR(request.shares.front().seconds, 0.04, 0.002);
}

TEST(Inspect, FindsWhatIsNearestToALatency) {
  const Scenario scenario = scenario_of(kTwoWorkers, R"({"machine": {"cores": 2}})",
                                        R"([{"cpu": {"law": "exponential", "mean": "30ms"}}])",
                                        R"({"kind": "poisson", "rate": "20/s"})");
  InspectOptions options;
  options.latencies = {0.02, 0.05, 0.1};
  options.percentiles = {0.5};
  const Inspection inspection = inspected(scenario, options);
  ASSERT_EQ(inspection.traces.size(), 4u);
  EXPECT_EQ(inspection.traces[0].percentile, 0.5);
  for (std::size_t i = 1; i < 4; ++i) {
    const TracedRequest& request = inspection.traces[i];
    EXPECT_NEAR(request.latency, request.wanted, 0.02 * request.wanted);
    EXPECT_GE(request.arrival, 5);
    expect_sums(request);
  }
}

// As many requests as the report of one replication counts.
TEST(Inspect, LooksAtTheFirstReplicationOfTheStudy) {
  Scenario scenario = scenario_of(kTwoWorkers, R"({"machine": {"cores": 2}})",
                                  R"([{"cpu": {"law": "exponential", "mean": "30ms"}}])",
                                  R"({"kind": "poisson", "rate": "20/s"})");
  scenario.study.warmup.reset();
  scenario.study.replications = 10;
  const Checked<Report> study = run_study(scenario, ".", {});
  const Inspection inspection = inspected(scenario);
  EXPECT_EQ(inspection.warmup, study->provenance.warmup);
  scenario.study.warmup = Duration(static_cast<std::int64_t>(study->provenance.warmup * 1e9));
  StudyOptions once;
  once.replications = 1;
  const Checked<Report> first = run_study(scenario, ".", once);
  EXPECT_EQ(inspection.requests,
            first->setups[0].outcomes[static_cast<std::size_t>(Outcome::completed)]);
}

TEST(Inspect, SaysWhyThereIsNothing) {
  const Scenario scenario = scenario_of(kTwoWorkers, R"({"machine": {"cores": 2}})");
  InspectOptions options;
  options.outcome = Outcome::timed_out;
  EXPECT_EQ(inspected(scenario, options).why_none,
            "no request ended as timed_out after the warm-up");
  const std::atomic<bool> stop{true};
  options.stop = &stop;
  EXPECT_EQ(inspected(scenario, options).why_none, "it was stopped");
}

}  // namespace
}  // namespace cotenant
