// SPDX-License-Identifier: Apache-2.0
//
// What a valid file becomes: values, defaults, variants. Refusals are in invalid_test.cpp.
#include "scenarios/decode.h"

#include <gtest/gtest.h>

#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

Scenario decoded(const std::string& text) {
  Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "text");
  return scenario.ok() ? *scenario : Scenario();
}

const DurationLaw& first_cpu(const Scenario& scenario) {
  return std::get<CpuStep>(scenario.workload.requests.at(0).second.steps.at(0)).cpu;
}

Scenario with_law(const std::string& law) {
  return decoded(test::minimal_scenario_with("\"5ms\"", law));
}

TEST(Decode, FillsInDefaults) {
  const Scenario scenario = decoded(test::minimal_scenario());
  EXPECT_EQ(scenario.seed, 1u);
  EXPECT_EQ(scenario.study, Study());
  EXPECT_EQ(scenario.study.duration, seconds(600));
  EXPECT_FALSE(scenario.study.warmup.has_value());
  const auto& server = std::get<GunicornSync>(scenario.application.at(0).second.server);
  EXPECT_EQ(server.workers, 4);
  EXPECT_EQ(server.backlog, 2048);
  EXPECT_EQ(server.overhead.preset, "gunicorn-20.1-sync");
  const cotenant::Setup& setup = scenario.setups.at(0).second;  // not testing::Test::Setup
  EXPECT_EQ(setup.machine, (Machine{2, "eevdf", 4096, 28'232, 2, {}}));
  EXPECT_FALSE(setup.price.has_value());
  EXPECT_EQ(std::get<PoissonArrivals>(*scenario.workload.arrivals),
            (PoissonArrivals{Rate{8}, FixedBatch{1}}));
}

TEST(Decode, KeepsTheOrderOfNames) {
  const Scenario scenario = decoded(test::minimal_scenario_with(
      R"("vps": { "machine": { "cores": 2 } })",
      R"("z": { "machine": { "cores": 1 } }, "a": { "machine": { "cores": 2 } })"));
  ASSERT_EQ(scenario.setups.size(), 2u);
  EXPECT_EQ(scenario.setups[0].first, "z");
  EXPECT_EQ(scenario.setups[1].first, "a");
}

TEST(Decode, AcceptsNamesInAnyScript) {
  const Scenario scenario =
      decoded(test::minimal_scenario_with("\"vps\"", "\"Größe (2 vCPU) 小\""));
  EXPECT_EQ(scenario.setups[0].first, "Größe (2 vCPU) 小");
}

TEST(Decode, PlainDurationIsAConstantLaw) {
  EXPECT_EQ(std::get<ConstantLaw>(first_cpu(decoded(test::minimal_scenario())).kind).value,
            milliseconds(5));
}

TEST(Decode, LawWithoutNameIsLognormal) {
  const Scenario scenario = with_law(R"({ "mean": "12ms", "cv": 0.6 })");
  EXPECT_EQ(std::get<LognormalLaw>(first_cpu(scenario).kind),
            (LognormalLaw{milliseconds(12), 0.6}));
}

TEST(Decode, EveryLaw) {
  const auto decodes_to = [](const std::string& text, const auto& law) {
    using Law = std::remove_cvref_t<decltype(law)>;
    const Scenario scenario = with_law(text);
    ASSERT_TRUE(std::holds_alternative<Law>(first_cpu(scenario).kind)) << text;
    EXPECT_EQ(std::get<Law>(first_cpu(scenario).kind), law) << text;
  };
  const Duration ms = milliseconds(1);
  decodes_to(R"({"law": "constant", "value": "1ms"})", ConstantLaw{ms});
  decodes_to(R"({"law": "exponential", "mean": "1ms"})", ExponentialLaw{ms});
  decodes_to(R"({"law": "uniform", "low": "0s", "high": "1ms"})", UniformLaw{Duration(0), ms});
  decodes_to(R"({"law": "normal", "mean": "1ms", "cv": 0.2})", NormalLaw{ms, 0.2});
  decodes_to(R"({"law": "lognormal", "mean": "1ms", "cv": 2})", LognormalLaw{ms, 2});
  decodes_to(R"({"law": "gamma", "mean": "1ms", "cv": 2})", GammaLaw{ms, 2});
  decodes_to(R"({"law": "erlang", "mean": "1ms", "stages": 4})", ErlangLaw{ms, 4});
  decodes_to(R"({"law": "hyperexponential", "mean": "1ms", "cv": 4})", HyperexponentialLaw{ms, 4});
  decodes_to(R"({"law": "weibull", "mean": "1ms", "shape": 0.7})", WeibullLaw{ms, 0.7});
  decodes_to(R"({"law": "pareto", "mean": "1ms", "tail": 1.2, "max": "1s"})",
             ParetoLaw{ms, 1.2, seconds(1)});
  decodes_to(R"({"law": "empirical", "points": [[0, "0s"], [1, "1ms"]]})",
             EmpiricalLaw{{{0, Duration(0)}, {1, ms}}});
  decodes_to(R"({"law": "mixture", "parts": [{"weight": 3, "law": "1ms"}]})",
             MixtureLaw{{{3, DurationLaw{ConstantLaw{ms}}}}});
}

TEST(Decode, OverheadIsAPresetOrAnObject) {
  const auto overhead = [](const std::string& text) {
    const Scenario scenario = decoded(
        test::minimal_scenario_with("\"workers\": 4", "\"workers\": 4, \"overhead\": " + text));
    return std::get<GunicornSync>(scenario.application.at(0).second.server).overhead;
  };
  EXPECT_EQ(overhead("\"none\"").preset, "none");
  const Overhead own = overhead(R"({ "accept": { "hot": "55us", "cold": "115us" } })");
  EXPECT_EQ(own.preset, "gunicorn-20.1-sync");
  EXPECT_EQ(own.accept, (PhaseCost{CpuTime(55'000), CpuTime(115'000)}));
  EXPECT_FALSE(own.respond.has_value());
}

TEST(Decode, PhaseOfALimitIsRandomUnlessGiven) {
  const auto phase = [](const std::string& more) {
    const Scenario scenario = decoded(test::minimal_scenario_with(
        "{ \"cores\": 2 }",
        "{ \"cores\": 2 }, \"groups\": { \"g\": { \"cpu_max\": { \"quota\": \"20ms\"" + more +
            " } } }"));
    return scenario.setups.at(0).second.groups.at(0).second.cpu_max.value().phase.fixed;
  };
  EXPECT_EQ(phase(""), std::nullopt);
  EXPECT_EQ(phase(", \"phase\": \"random\""), std::nullopt);
  EXPECT_EQ(phase(", \"phase\": \"30ms\""), milliseconds(30));
}

TEST(Decode, BoundsAreInTheUnitOfTheirMetric) {
  const Scenario scenario = decoded(test::minimal_scenario_with("\"name\": \"Shop\",",
                                                                R"("name": "Shop", "objectives": [
        { "below": "400ms", "metric": "latency_p95" },
        { "metric": "throughput", "above": "600/min" },
        { "metric": "error_ratio", "below": 0.001 }],)"));
  EXPECT_EQ(scenario.objectives.at(0).below, 0.4);  // also when the bound comes before the metric
  EXPECT_EQ(scenario.objectives.at(1).above, 10.0);
  EXPECT_EQ(scenario.objectives.at(2).below, 0.001);
  EXPECT_FALSE(scenario.objectives.at(2).above.has_value());
}

TEST(Decode, WholeNumbersAreExactAndNothingElse) {
  const auto seed = [](const std::string& text) {
    return decode(
        test::minimal_scenario_with("\"format\": 1,", "\"format\": 1, \"seed\": " + text + ","));
  };
  EXPECT_EQ(seed("9223372036854775807")->seed, 9'223'372'036'854'775'807u);
  EXPECT_FALSE(seed("9223372036854775808").ok());
  EXPECT_FALSE(seed("1.0").ok());
  EXPECT_FALSE(seed("1e3").ok());
}

// A mistake in one place must not hide one in another, and must not cause messages elsewhere.
TEST(Decode, ReportsAllProblemsOrderedByPosition) {
  const Checked<Scenario> scenario =
      decode(test::read_source("tests/scenarios/invalid/many_problems.json"));
  EXPECT_EQ(scenario.diagnostics().size(), 9u);
  Position last;
  for (const Diagnostic& diagnostic : scenario.diagnostics()) {
    EXPECT_LE(std::tie(last.line, last.column), std::tie(diagnostic.line, diagnostic.column));
    last = {diagnostic.line, diagnostic.column};
  }
}

TEST(Decode, SurvivesManyProblems) {
  // 2000 unknown keys: the first thousand are shown, the rest counted.
  std::string keys;
  for (int i = 0; i < 2000; ++i) keys += "\"key" + std::to_string(i) + "\": 1,";
  const Checked<Scenario> scenario =
      decode(test::minimal_scenario_with("\"format\": 1,", "\"format\": 1," + keys));
  EXPECT_EQ(scenario.diagnostics().size(), Diagnostics::kMax);
  EXPECT_EQ(scenario.diagnostics().left_out(), 2000 - Diagnostics::kMax);
}

}  // namespace
}  // namespace cotenant
