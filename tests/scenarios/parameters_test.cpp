// SPDX-License-Identifier: Apache-2.0
//
// Files with fitted parameters, and what they make of a scenario.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "models/step.h"
#include "scenarios/apply_parameters.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "scenarios/parameter_set.h"
#include "scenarios/parameters.h"
#include "tests/support/temporary_directory.h"

namespace cotenant {
namespace {

constexpr const char* kScenario = R"({
  "format": 1, "name": "fitted",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "10/s" },
    "requests": { "page": { "steps": [ { "cpu": "6ms" }, { "wait": "20ms" }, { "cpu": "2ms" } ] } }
  },
  "application": { "web": { "server": "gunicorn-sync", "workers": 1 } },
  "setups": { "vps": { "machine": { "cores": 1 } } }
})";

Parameter parameter(const std::string& kind, const std::string& of, double value) {
  Parameter result;
  result.kind = kind;
  result.of = of;
  result.value = value;
  result.low = value / 2;
  result.high = value * 2;
  result.origin = "fitted";
  return result;
}

ParameterSet set_of(std::vector<Parameter> parameters) {
  ParameterSet set;
  set.parameters = std::move(parameters);
  return set;
}

Scenario with(const ParameterSet& set) {
  return with_parameters(*decode(kScenario), set, set.values()).scenario;
}

TEST(ParameterSet, IsReadAsItWasWritten) {
  ParameterSet set = set_of({parameter("overhead_reply", "gunicorn-20.1-sync", 1.25),
                             parameter("demand_cpu", "page", 0.004)});
  set.captures = {"E0_sync"};
  set.discrepancy = 0.05;
  for (Parameter& each : set.parameters) {
    each.covariance = {0.01, 0.002};
    each.ensemble = {1.2, 1.3, 1.1};
  }
  set.parameters[1].identified = false;
  set.parameters[1].remark = "only one class was seen";
  const Checked<ParameterSet> again = decode_parameters(encode(set));
  ASSERT_TRUE(again.ok()) << render(again.diagnostics(), "parameters.json");
  EXPECT_EQ(*again, set);
}

TEST(ParameterSet, HasAllItsProblemsReportedAtOnce) {
  const Checked<ParameterSet> set = decode_parameters(R"({
    "format": 1,
    "parameters": [
      { "kind": "overhead_repyl", "of": "nginx-1.22", "value": 1, "low": 1, "high": 1, "origin": "fitted" },
      { "kind": "demand_cpu", "of": "page", "value": 3, "low": 1, "high": 2, "origin": "fitted",
        "covariance": [1] },
      { "kind": "demand_cpu", "of": "page", "value": 1, "low": 1, "high": 2, "origin": "fitted",
        "ensemble": [1] }
    ]
  })");
  ASSERT_FALSE(set.ok());
  const std::string text = render(set.diagnostics(), "parameters.json");
  for (const char* part : {"overhead_reply", "outside of its interval", "for each of the 3",
                           "as long as that of the first", "a second \"demand_cpu of page\""}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(WithParameters, MultipliesTheCostsOfThePreset) {
  const Scenario scenario = with(set_of({parameter("overhead_reply", "gunicorn-20.1-sync", 2),
                                         parameter("overhead_after", "gunicorn-20.1-sync", 3),
                                         parameter("overhead_cold", "gunicorn-20.1-sync", 0.5)}));
  const auto& server = std::get<GunicornSync>(scenario.application.front().second.server);
  const OverheadSpec& preset = overhead_preset("gunicorn-20.1-sync")->overhead;
  const PhaseCpu accept = preset[ServerPhase::accept], finish = preset[ServerPhase::finish];
  EXPECT_EQ(server.overhead.accept->hot, accept.hot * 2);
  EXPECT_EQ(server.overhead.accept->cold.count(),
            accept.hot.count() * 2 + (accept.cold - accept.hot).count());
  EXPECT_EQ(server.overhead.finish->hot, finish.hot * 3);
}

TEST(WithParameters, GivesDemandsTheirMeanAndSpread) {
  const Scenario scenario =
      with(set_of({parameter("demand_cpu", "page", 0.004), parameter("demand_wait", "page", 0.03),
                   parameter("demand_wait_cv", "page", 0.5)}));
  const auto& steps = scenario.workload.requests.front().second.steps;
  EXPECT_EQ(std::get<CpuStep>(steps[0]).cpu, DurationLaw{ConstantLaw{milliseconds(3)}});
  EXPECT_EQ(std::get<CpuStep>(steps[2]).cpu, DurationLaw{ConstantLaw{milliseconds(1)}});
  EXPECT_EQ(std::get<WaitStep>(steps[1]).wait, (DurationLaw{LognormalLaw{milliseconds(30), 0.5}}));
}

TEST(WithParameters, SayWhatNothingInTheScenarioIsAbout) {
  const ParameterSet set =
      set_of({parameter("demand_cpu", "checkout", 1), parameter("overhead_reply", "uwsgi-2.0", 1),
              parameter("demand_cpu", "page", 1)});
  const auto result = with_parameters(*decode(kScenario), set, set.values());
  EXPECT_EQ(result.used, (std::vector<bool>{false, false, true}));
}

TEST(WithParameters, OfOneChangeNoCost) {
  const Scenario scenario = with(set_of({parameter("overhead_reply", "gunicorn-20.1-sync", 1),
                                         parameter("demand_cpu", "page", 0.008)}));
  EXPECT_EQ(scenario.workload, decode(kScenario)->workload);
  const auto& overhead =
      std::get<GunicornSync>(scenario.application.front().second.server).overhead;
  const PhaseCpu accept = overhead_preset("gunicorn-20.1-sync")->overhead[ServerPhase::accept];
  EXPECT_EQ(overhead.accept, (PhaseCost{accept.hot, accept.cold}));
}

TEST(Scenario, ThatNamesParametersCompilesWithThem) {
  const TemporaryDirectory folder;
  const ParameterSet set = set_of({parameter("demand_cpu", "page", 0.004)});
  folder.write("fitted.json", encode(set));
  Scenario scenario = *decode(kScenario);
  scenario.parameters = "fitted.json";
  const auto named = compile(scenario, folder.path());
  const auto applied = compile(with(set), folder.path());
  ASSERT_TRUE(named.ok() && applied.ok());
  RunOptions options;
  options.recorder.horizon = Instant() + seconds(10);
  EXPECT_EQ(run(named->front(), options).fingerprint, run(applied->front(), options).fingerprint);
  EXPECT_NE(run(named->front(), options).fingerprint,
            run(compile(*decode(kScenario), folder.path())->front(), options).fingerprint);
  folder.write("fitted.json", "{}");
  EXPECT_FALSE(compile(scenario, folder.path()).ok());
  scenario.parameters = "missing.json";
  EXPECT_THROW((void)compile(scenario, folder.path()), std::runtime_error);
}

}  // namespace
}  // namespace cotenant
