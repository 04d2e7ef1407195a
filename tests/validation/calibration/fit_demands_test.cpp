// SPDX-License-Identifier: Apache-2.0
//
// Captures of applications that are known, because they are simulated: what is found in them is the
// truth, or it is refused.
#include "validation/calibration/fit_demands.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/validation/calibration/simulated_capture.h"
#include "validation/calibration/calibrate.h"

namespace cotenant {
namespace {

// Two classes on one core, one of which waits for something else.
std::string scenario(const std::string& limits) {
  return R"({
    "format": 1, "name": "known",
    "workload": { "requests": {
      "browse": { "arrivals": { "kind": "poisson", "rate": "24/s" },
        "steps": [ { "cpu": { "law": "lognormal", "mean": "9ms", "cv": 0.4 } } ] },
      "search": { "arrivals": { "kind": "poisson", "rate": "12/s" },
        "steps": [ { "cpu": { "law": "lognormal", "mean": "4ms", "cv": 0.3 } },
                   { "wait": { "law": "lognormal", "mean": "30ms", "cv": 0.5 } },
                   { "cpu": { "law": "lognormal", "mean": "4ms", "cv": 0.3 } } ] } } },
    "application": { "web": { "server": "gunicorn-sync", "workers": 4 } },
    "setups": { "vps": { "machine": { "cores": 1, "scheduler": "eevdf" },
      "groups": { "captured": { )" +
         limits + R"( } }, "services": { "web": { "group": "captured" } } } }
  })";
}

CapturedServer four_workers() {
  CapturedServer server;
  server.kind = "gunicorn-sync";
  server.group = "captured";
  server.workers = 4;
  return server;
}

CalibrationOptions quick() {
  CalibrationOptions options;
  options.phases = 2;
  options.members = 40;
  return options;
}

CapturedGroup unlimited() {
  CapturedGroup group;
  group.name = "captured";
  return group;
}

DemandFit fit(const Capture& capture, const std::filesystem::path& folder) {
  const auto result = fit_demands(capture, folder, ParameterSet(), quick());
  EXPECT_TRUE(result.ok()) << render(result.diagnostics(), "fit");
  return **result;
}

const Parameter& find(const DemandFit& fit, const std::string& kind, const std::string& of) {
  for (const Parameter& parameter : fit.parameters) {
    if (parameter.kind == kind && parameter.of == of) return parameter;
  }
  ADD_FAILURE() << "no " << kind << " of " << of;
  return fit.parameters.front();
}

TEST(FitDemands, FindsWhatRequestsNeed) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "known";
  const Capture capture =
      test::capture_of_simulation(scenario(""), unlimited(), four_workers(), seconds(140), bundle);
  const DemandFit result = fit(capture, bundle);
  ASSERT_EQ(result.refused, "");
  EXPECT_NEAR(find(result, "demand_cpu", "browse").value, 0.009, 0.0009 * 0.5);
  EXPECT_NEAR(find(result, "demand_cpu", "search").value, 0.008, 0.0008);
  EXPECT_NEAR(find(result, "demand_wait", "search").value, 0.030, 0.003);
  EXPECT_NEAR(result.simulated_cpu / result.captured_cpu, 1, 0.02);
  for (const FittedQuantile& cell : result.quantiles) {
    EXPECT_NEAR(cell.simulated / cell.captured, 1, 0.12) << cell.class_name << " p" << cell.p;
  }
  // The CPU of single requests is not in the log: their spread is guessed from latencies.
  const Parameter& cpu = find(result, "demand_cpu", "browse");
  EXPECT_LT(cpu.low, 0.009);
  EXPECT_GT(cpu.high, 0.009);
  EXPECT_EQ(cpu.ensemble.size(), 40u);
}

TEST(FitDemands, RefusesACaptureWhoseQuotaNobodyTold) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "throttled";
  const Capture capture =
      test::capture_of_simulation(scenario(R"("cpu_max": { "quota": "48ms", "period": "100ms" })"),
                                  unlimited(), four_workers(), seconds(80), bundle);
  const DemandFit result = fit(capture, bundle);
  EXPECT_NE(result.refused.find("a CPU quota"), std::string::npos) << result.refused;
  EXPECT_TRUE(result.parameters.empty());
}

TEST(FitDemands, TakesAQuotaThatIsTold) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "limited";
  CapturedGroup told = unlimited();
  told.cpu_quota = milliseconds(48);
  const Capture capture =
      test::capture_of_simulation(scenario(R"("cpu_max": { "quota": "48ms", "period": "100ms" })"),
                                  told, four_workers(), seconds(80), bundle);
  const DemandFit result = fit(capture, bundle);
  EXPECT_EQ(result.refused, "");
  EXPECT_NEAR(find(result, "demand_cpu", "browse").value, 0.009, 0.0009);
}

TEST(FitDemands, SaysWhatIsMissing) {
  Capture capture;
  EXPECT_NE(why_no_scenario(capture).find("--log"), std::string::npos);
  capture.requests.resize(1);
  EXPECT_NE(why_no_scenario(capture).find("--pid"), std::string::npos);
  capture.server = four_workers();
  EXPECT_NE(why_no_scenario(capture).find("control group"), std::string::npos);
}

TEST(ScenarioName, HasNoSlashesAndDots) {
  EXPECT_EQ(scenario_name("/shop/cart.html"), "shop cart html");
  EXPECT_EQ(scenario_name("/"), "root");
  EXPECT_EQ(scenario_name("GET users {id}"), "GET users {id}");
}

}  // namespace
}  // namespace cotenant
