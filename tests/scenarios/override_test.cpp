// SPDX-License-Identifier: Apache-2.0
//
// --set path=value: what it changes, and how it fails.
#include "scenarios/override.h"

#include <gtest/gtest.h>

#include "scenarios/decode.h"
#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

Checked<Scenario> with(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  for (const std::string& text : texts) {
    const Checked<Override> change = parse_override(text);
    EXPECT_TRUE(change.ok()) << render(change.diagnostics(), text);
    overrides.push_back(*change);
  }
  return decode(test::minimal_scenario(), overrides);
}

std::string problems(const std::string& text) { return render(with({text}).diagnostics(), "f"); }

TEST(Overrides, SetNumbersTextsAndQuantities) {
  const Checked<Scenario> scenario =
      with({"setups.vps.machine.cores=8", "name=Two words", "workload.arrivals.rate=90/s",
            "workload.requests.page.steps.0.cpu={\"mean\": \"7ms\", \"cv\": 1}"});
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "f");
  EXPECT_EQ(scenario->setups[0].second.machine.cores, 8);
  EXPECT_EQ(scenario->name, "Two words");
  EXPECT_EQ(std::get<PoissonArrivals>(*scenario->workload.arrivals).rate, Rate{90});
}

TEST(Overrides, MakeOptionalPartsThatTheFileLeavesOut) {
  const Checked<Scenario> scenario =
      with({"study.duration=1min", "setups.vps.services.web.workers=9"});
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "f");
  EXPECT_EQ(scenario->study.duration, seconds(60));
  EXPECT_EQ(scenario->setups[0].second.services[0].second.workers, 9);
}

TEST(Overrides, AcceptJsonPointers) {
  const Checked<Scenario> scenario = with({"/setups/vps/machine/cores=8"});
  ASSERT_TRUE(scenario.ok());
  EXPECT_EQ(scenario->setups[0].second.machine.cores, 8);
  EXPECT_EQ(parse_override("/a~1b/~0=1")->path, (std::vector<std::string>{"a/b", "~"}));
}

TEST(Overrides, AddAWholeEntryOnPurpose) {
  const Checked<Scenario> scenario = with({"setups.big={\"machine\": {\"cores\": 64}}"});
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "f");
  EXPECT_EQ(scenario->setups.at(1).second.machine.cores, 64);
}

TEST(Overrides, LaterOnesWin) { EXPECT_EQ(with({"seed=2", "seed=3"})->seed, 3u); }

TEST(Overrides, AreJudgedLikeTheFile) {
  EXPECT_EQ(
      problems("setups.vps.machine.cores=two"),
      "f: error: /setups/vps/machine/cores: must be a whole number from 1 to 4096, got \"two\" "
      "(given by --set)\n");
  EXPECT_EQ(problems("setups.vps.machine.corse=2"),
            "f: error: /setups/vps/machine/corse: unknown key \"corse\" (given by --set); did you "
            "mean \"cores\"?\n");
  EXPECT_EQ(problems("study.warmup=11min"),
            "f: error: /study/warmup: must be shorter than the duration of 10min, got 11min (given "
            "by --set)\n");
}

TEST(Overrides, DoNotMakeEntriesByASlip) {
  EXPECT_EQ(
      problems("setups.vpn.machine.cores=2"),
      "f: error: /setups/vpn: there is no \"vpn\" here (given by --set); did you mean \"vps\"?\n");
  EXPECT_EQ(
      problems("setups.vps.services.wbe.workers=2"),
      "f: error: /setups/vps/services/wbe: there is no service \"wbe\" (given by --set); did you "
      "mean \"web\"?\n");
}

TEST(Overrides, CannotReachIntoScalarsOrBeyondArrays) {
  EXPECT_EQ(problems("name.first=x"),
            "f: error: /name/first: there is no \"first\" in /name, which is \"Shop\" (given by "
            "--set)\n");
  EXPECT_EQ(problems("workload.requests.page.steps.1.cpu=1ms"),
            "f: error: /workload/requests/page/steps/1: there is no \"1\" in "
            "/workload/requests/page/steps, which is an array (given by --set)\n");
}

TEST(Overrides, MustHaveAPathAndAValue) {
  const auto problem = [](const std::string& text) {
    return render(parse_override(text).diagnostics(), "--set");
  };
  EXPECT_EQ(problem("cores"), "--set: error: \"cores\" is not of the form path=value\n");
  EXPECT_EQ(problem("=2"), "--set: error: \"=2\" is not of the form path=value\n");
  EXPECT_EQ(problem("a..b=2"), "--set: error: the path \"a..b\" has an empty part\n");
  EXPECT_EQ(problem("a=\xff"), "--set: error: an override must be UTF-8 text\n");
  std::string deep = "a";
  for (int i = 0; i < 32; ++i) deep += ".a";
  EXPECT_NE(problem(deep + "=1").find("has more than 32 parts"), std::string::npos);
}

}  // namespace
}  // namespace cotenant
