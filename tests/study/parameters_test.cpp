// SPDX-License-Identifier: Apache-2.0
//
// Reports of scenarios with fitted parameters: what is not known about them is in every interval.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "scenarios/decode.h"
#include "scenarios/parameter_set.h"
#include "study/study.h"
#include "tests/support/temporary_directory.h"

namespace cotenant {
namespace {

constexpr const char* kScenario = R"({
  "format": 1, "name": "fitted", "parameters": "fitted.json",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "60/s" },
    "requests": { "page": { "steps": [ { "cpu": { "law": "exponential", "mean": "6ms" } } ] } }
  },
  "application": { "web": { "server": "gunicorn-sync", "workers": 2 } },
  "setups": { "one": { "machine": { "cores": 1 } }, "two": { "machine": { "cores": 2 } } },
  "study": { "duration": "60s", "warmup": "2s", "replications": 6 }
})";

// CPU of a page, known to so much (the standard deviation of its logarithm is about that).
ParameterSet cpu_known_to(double spread, double discrepancy) {
  Parameter cpu;
  cpu.kind = "demand_cpu";
  cpu.of = "page";
  cpu.value = 0.008;
  cpu.low = 0.008 * (1 - spread);
  cpu.high = 0.008 * (1 + spread);
  cpu.origin = "fitted";
  for (const double step : {-1.2, -0.6, 0.0, 0.6, 1.2}) {
    cpu.ensemble.push_back(0.008 * (1 + spread * step));
  }
  ParameterSet set;
  set.captures = {"monday"};
  set.discrepancy = discrepancy;
  set.parameters = {cpu};
  return set;
}

Report study_with(const ParameterSet& set, unsigned jobs = 1) {
  const TemporaryDirectory folder;
  folder.write("fitted.json", encode(set));
  StudyOptions options;
  options.jobs = jobs;
  const Checked<Scenario> scenario = decode(kScenario);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "scenario");
  return *run_study(*scenario, folder.path(), options);
}

const MetricValue& p95_of(const Report& report, std::size_t setup = 0) {
  return at(report.setups[setup].metrics, Metric::latency_p95);
}

double width(const MetricValue& value) { return *value.high - *value.low; }

bool has_note(const std::vector<std::string>& notes, const std::string& part) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

TEST(Study, WidensIntervalsByWhatIsNotKnownAboutParameters) {
  const Report exact = study_with(cpu_known_to(1e-6, 0));
  const Report vague = study_with(cpu_known_to(0.05, 0));
  EXPECT_EQ(p95_of(exact).value, p95_of(vague).value);
  EXPECT_GT(width(p95_of(vague)), 1.5 * width(p95_of(exact)));
  ASSERT_TRUE(p95_of(vague).parts && p95_of(exact).parts);
  EXPECT_GT(p95_of(exact).parts->simulation, 0.999);
  EXPECT_GT(p95_of(vague).parts->parameters, 0.5);
  EXPECT_EQ(p95_of(vague).parts->discrepancy, 0);
  EXPECT_TRUE(has_note(vague.setups[0].notes, "more captures would narrow it most"));
  EXPECT_TRUE(has_note(exact.setups[0].notes, "more replications would narrow it most"));
}

TEST(Study, AddsWhatNoParameterExplains) {
  const Report report = study_with(cpu_known_to(1e-6, 0.2));
  const MetricValue& p95 = p95_of(report);
  EXPECT_GT(p95.parts->discrepancy, 0.8);
  // 1.96 standard deviations of 20 % to each side, and a little of the runs.
  EXPECT_GT(*p95.high, *p95.value * 1.392);
  EXPECT_LT(*p95.low, *p95.value * 0.608);
  const UncertaintyParts& parts = *p95.parts;
  EXPECT_NEAR(parts.parameters + parts.simulation + parts.discrepancy, 1, 1e-12);
  // Throughput is no latency: the model's error in those says nothing of it.
  EXPECT_EQ(at(report.setups[0].metrics, Metric::throughput).parts->discrepancy, 0);
}

TEST(Study, WidensDifferencesBetweenSetups) {
  const auto of_p95 = [](const Report& report) {
    for (const Difference& difference : report.setups[1].differences) {
      if (difference.metric == Metric::latency_p95) return difference.value;
    }
    return MetricValue();
  };
  const MetricValue exact = of_p95(study_with(cpu_known_to(1e-6, 0)));
  const MetricValue vague = of_p95(study_with(cpu_known_to(0.05, 0.2)));
  ASSERT_TRUE(vague.parts);
  EXPECT_GT(width(vague), width(exact));
  EXPECT_EQ(vague.parts->discrepancy, 0);
}

TEST(Study, SaysWhereItsParametersComeFrom) {
  ParameterSet set = cpu_known_to(0.05, 0.03);
  Parameter other = set.parameters[0];
  other.of = "checkout";
  set.parameters[0].identified = false;
  set.parameters.push_back(other);
  const Report report = study_with(set);
  EXPECT_TRUE(report.provenance.parameters_hash);
  EXPECT_TRUE(has_note(report.notes, "those of fitted.json, fitted to 1 capture"));
  EXPECT_TRUE(has_note(report.notes, "do not determine demand_cpu of page"));
  EXPECT_TRUE(has_note(report.notes, "what was fitted of checkout is of no use here"));
}

TEST(Study, WithParametersDoesNotDependOnThreads) {
  const ParameterSet set = cpu_known_to(0.05, 0.03);
  const Report one = study_with(set, 1), three = study_with(set, 3);
  EXPECT_EQ(p95_of(one).low, p95_of(three).low);
  EXPECT_EQ(p95_of(one, 1).high, p95_of(three, 1).high);
  EXPECT_EQ(one.provenance.fingerprint, three.provenance.fingerprint);
}

}  // namespace
}  // namespace cotenant
