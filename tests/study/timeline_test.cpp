// SPDX-License-Identifier: Apache-2.0
//
// Timelines in reports: of which run, and that they say the same as the rest of the report.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "scenarios/decode.h"
#include "study/study.h"
#include "study/writers/timeline_series.h"
#include "study/writers/write_json.h"
#include "study/writers/write_timeline.h"

namespace cotenant {
namespace {

// Workers in a group with little CPU, whose memory grows until the kernel kills one of them.
constexpr const char* kScenario = R"({
  "format": 1, "name": "too little of everything",
  "workload": {
    "arrivals": {"kind": "poisson", "rate": "30/s"},
    "requests": {"page": {"steps": [{"cpu": {"law": "exponential", "mean": "20ms"}}]}}
  },
  "application": {"web": {"server": "gunicorn-sync", "workers": 2,
                          "memory": {"base": "40MiB", "leak_per_request": "1MiB"}}},
  "setups": {"box": {
    "machine": {"cores": 2, "memory": "1GiB"},
    "groups": {"container": {"cpu_max": {"quota": "70ms", "period": "100ms"}, "memory_max": "200MiB"}},
    "services": {"web": {"group": "container"}}
  }},
  "study": {"duration": "40s", "warmup": "0s", "replications": 2}
})";

Report report_of(std::size_t slices) {
  const Checked<Scenario> scenario = decode(kScenario);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "scenario");
  StudyOptions options;
  options.timeline_slices = slices;
  const Checked<Report> report = run_study(*scenario, ".", options);
  EXPECT_TRUE(report.ok());
  return *report;
}

double sum(const Series& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST(Timelines, AreInReportsOnlyIfAskedFor) {
  const Report without = report_of(0), with = report_of(20);
  EXPECT_FALSE(without.setups[0].timeline.has_value());
  ASSERT_TRUE(with.setups[0].timeline.has_value());
  EXPECT_EQ(without.provenance.fingerprint, with.provenance.fingerprint);
  EXPECT_EQ(write_json(without).find("\"timeline\""), std::string::npos);
  EXPECT_NE(write_json(with).find("\"timeline\""), std::string::npos);
}

// Of two replications there is one; so it has about half of what the report counts.
TEST(Timelines, AreOfTheFirstReplication) {
  const Report report = report_of(20);
  const SetupReport& setup = report.setups[0];
  const Timeline& timeline = *setup.timeline;
  ASSERT_EQ(timeline.slices(), 20u);
  EXPECT_EQ(timeline.replication, 0u);
  EXPECT_EQ(timeline.slice, 2);
  EXPECT_EQ(timeline.end, 40);
  const auto requests = std::accumulate(setup.outcomes.begin(), setup.outcomes.end(), 0.0);
  EXPECT_NEAR(sum(timeline.requests.arrived), requests / 2, requests / 10);
  EXPECT_GT(sum(timeline.requests.failed), 0);
}

TEST(Timelines, SayWhatHappenedWhen) {
  const Timeline timeline = *report_of(20).setups[0].timeline;
  const GroupTimeline& group = timeline.machines[0].groups.at(1);
  EXPECT_LE(*std::max_element(group.cpu.begin(), group.cpu.end()), 0.7 * 1.05);
  EXPECT_GT(sum(group.throttled), 0);
  EXPECT_EQ(group.memory_limit, 200.0 * (1 << 20));
  for (std::size_t i = 0; i < timeline.slices(); ++i) {
    EXPECT_LE(group.memory[i], group.memory_peak[i]);
    EXPECT_LE(group.memory_peak[i], *group.memory_limit);
  }
  const auto kills =
      std::count_if(timeline.events.begin(), timeline.events.end(),
                    [](const TimelineEvent& event) { return event.kind == MarkKind::oom_kill; });
  EXPECT_GT(kills, 0);
  for (const TimelineEvent& event : timeline.events) {
    EXPECT_EQ(event.service, "web");
    EXPECT_LE(event.at, 40);
  }
}

// A row for each value, and none without a name.
TEST(Timelines, AreWrittenInFull) {
  const Report report = report_of(4);
  const Timeline& timeline = *report.setups[0].timeline;
  std::size_t rows = 1 + timeline.events.size();
  for_each_series(timeline, [&](const NamedSeries& name, const PartialSeries& values) {
    EXPECT_EQ(values.size(), 4u) << name.of << ' ' << name.subject << ' ' << name.quantity;
    rows += values.size();
  });
  const std::string csv = write_timeline_csv(report);
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')), rows);
  EXPECT_NE(csv.find("\nbox,requests,,arrived,count,10,"), std::string::npos) << csv;
}

}  // namespace
}  // namespace cotenant
