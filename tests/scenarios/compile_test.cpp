// SPDX-License-Identifier: Apache-2.0
//
// Scenario -> Blueprint: numbers that depend on kernel rules, the order of ids, and what recordings
// must agree with.
#include "scenarios/compile.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/decode.h"

namespace cotenant {
namespace {

std::string scenario_text(const std::string& arrivals, const std::string& setup) {
  return R"({"format": 1, "name": "test", "workload": {"arrivals": )" + arrivals +
         R"(, "requests": {"page": {"steps": [{"cpu": "5ms"}]}}},
            "application": {"web": {"server": "gunicorn-sync", "workers": 2, "overhead": "none"}},
            "setups": {"only": )" +
         setup + R"(}, "study": {"duration": "10s"}})";
}

Blueprint compiled(const std::string& arrivals, const std::string& setup) {
  const Checked<Scenario> scenario = decode(scenario_text(arrivals, setup));
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  EXPECT_TRUE(blueprints.ok()) << render(blueprints.diagnostics(), "test");
  return std::move(blueprints).value().front();
}

constexpr const char* kPoisson = R"({"kind": "poisson", "rate": "50/s"})";
constexpr const char* kPlain = R"({"machine": {"cores": 1}})";

TEST(Compile, AnAcceptQueueHoldsOneMoreThanTheLesserLimit) {
  // 2048 by default, and somaxconn is larger; a lower somaxconn wins.
  EXPECT_EQ(compiled(kPoisson, kPlain).services[ServiceId(0)].accept_queue_capacity, 2049u);
  const Blueprint limited = compiled(kPoisson, R"({"machine": {"cores": 1, "somaxconn": 128}})");
  EXPECT_EQ(limited.services[ServiceId(0)].accept_queue_capacity, 129u);
}

TEST(Compile, WeightsFollowTheKernel) {
  const Blueprint blueprint = compiled(kPoisson, R"({
      "machine": {"cores": 1},
      "groups": {"child": {"parent": "tenant"}, "tenant": {"cpu_weight": 250}},
      "services": {"web": {"group": "child", "nice": 5}}})");
  // The parent comes first whatever the order in the file; weight 250 is 2.5 nice-0 tasks; nice 5
  // is 335.
  ASSERT_EQ(blueprint.cpu.groups.size(), 3u);
  EXPECT_EQ(blueprint.group_names[GroupId(1)], "tenant");
  EXPECT_EQ(blueprint.cpu.groups[GroupId(1)].weight, 2560);
  EXPECT_EQ(blueprint.cpu.groups[GroupId(2)].parent, GroupId(1));
  EXPECT_EQ(blueprint.cpu.tasks[TaskId(0)].weight, 335);
  EXPECT_EQ(blueprint.cpu.tasks[TaskId(0)].group, GroupId(2));
}

TEST(Compile, ASetupMayChangeTheNumberOfWorkers) {
  const Blueprint blueprint =
      compiled(kPoisson, R"({"machine": {"cores": 1}, "services": {"web": {"workers": 7}}})");
  EXPECT_EQ(blueprint.workers.size(), 7u);
  EXPECT_EQ(blueprint.cpu.tasks.size(), 7u);
}

TEST(Compile, OnlyConstantsAreNotRandom) {
  EXPECT_TRUE(compiled(kPoisson, kPlain).is_random());
  EXPECT_FALSE(compiled(R"({"kind": "constant", "rate": "50/s"})", kPlain).is_random());
  const char* random_phase = R"({"machine": {"cores": 1},
      "groups": {"box": {"cpu_max": {"quota": "50ms"}}}, "services": {"web": {"group": "box"}}})";
  EXPECT_TRUE(compiled(R"({"kind": "constant", "rate": "50/s"})", random_phase).is_random());
}

TEST(Compile, AProfileSwingsAsItsBurstinessAsks) {
  const Blueprint blueprint = compiled(
      R"({"kind": "profile", "points": [["0s", "100/s"], ["9s", "100/s"]], "burstiness": 26,
          "burst_length": "1s"})",
      kPlain);
  const auto& profile = std::get<ProfileSource>(blueprint.sources[SourceId(0)].kind);
  // 1 + m d^2 L = 26 with m = 100/s and L = 1 s: d = 0.5.
  EXPECT_DOUBLE_EQ(profile.swing, 0.5);
}

TEST(Compile, ARecordingMustNotNameUnknownClasses) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "compile_unknown_class";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "r.csv") << "at,kind\n1,pege\n2,pege\n";
  const Checked<Scenario> scenario = decode(scenario_text(
      R"({"kind": "replay", "file": "r.csv", "time_column": "at", "time_unit": "ms",
          "class_column": "kind"})",
      kPlain));
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const auto blueprints = compile(*scenario, directory);
  ASSERT_FALSE(blueprints.ok());
  ASSERT_EQ(blueprints.diagnostics().size(), 1u);
  EXPECT_EQ(blueprints.diagnostics()[0].message,
            "the recording has requests of class \"pege\", which the scenario does not describe");
  EXPECT_EQ(blueprints.diagnostics()[0].nearest, "page");
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace cotenant
