// SPDX-License-Identifier: Apache-2.0
//
// Neighbors who never want anything change nothing, bit for bit, and a virtual machine on an empty
// host is as good as the computer.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/decode.h"
#include "study/study.h"
#include "study/writers/write_json.h"

namespace cotenant {
namespace {

SetupReport report_of(const std::string& setup, std::uint64_t replications) {
  const std::string text = R"({"format": 1, "name": "empty", "workload": {
      "arrivals": {"kind": "poisson", "rate": "60/s"},
      "requests": {"page": {"steps": [{"cpu": {"mean": "20ms", "cv": 0.7}}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 4}},
      "setups": {"it": )" + setup +
                           R"(},
      "study": {"duration": "60s", "warmup": "5s"}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  StudyOptions options;
  options.replications = replications;
  const Checked<Report> report = run_study(*scenario, ".", options);
  EXPECT_TRUE(report.ok());
  return report->setups.at(0);
}

// All numbers, as text.
std::string all_of(const SetupReport& setup) {
  Report report;
  report.setups = {setup};
  return write_json(report, {false});
}

constexpr const char* kOwn = R"({"machine": {"cores": 2}})";

TEST(EmptyHost, NeighborsWhoWantNothingChangeNothing) {
  const std::string own = all_of(report_of(kOwn, 2));
  EXPECT_EQ(all_of(report_of(R"({"machine": {"cores": 2}, "neighborhood": "none"})", 2)), own);
  EXPECT_EQ(all_of(report_of(R"({"machine": {"cores": 2}, "neighbors": {"idle": {"threads": 8,
      "pattern": {"bursts": [["1d", "1s"]]}}}})",
                             2)),
            own);
}

// Nothing is charged for virtualization: what it costs depends on what an application does.
TEST(EmptyHost, AVirtualMachineAloneIsAsGoodAsTheComputer) {
  const SetupReport own = report_of(kOwn, 10);
  const SetupReport guest = report_of(R"({"machine": {"cores": 8},
      "guests": {"vm": {"machine": {"cores": 2}}}, "services": {"web": {"guest": "vm"}}})",
                                      10);
  for (const Metric metric : {Metric::latency_mean, Metric::latency_p50, Metric::latency_p95}) {
    const auto index = static_cast<std::size_t>(metric);
    EXPECT_NEAR(*guest.metrics[index].value / *own.metrics[index].value, 1, 0.01);
  }
}

}  // namespace
}  // namespace cotenant
