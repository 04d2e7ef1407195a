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

// With the CPU of each request in the log, what is left of the counters is the server's own: here
// three times that of its preset.
TEST(FitDemands, FindsWhatTheServerItselfCosts) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "known";
  std::string text = scenario("");
  const auto put = [&](const std::string& part, const std::string& other) {
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += other.size()) {
      text.replace(at, part.size(), other);
    }
  };
  put(R"({ "law": "lognormal", "mean": "9ms", "cv": 0.4 })", R"("9ms")");
  put(R"({ "law": "lognormal", "mean": "4ms", "cv": 0.3 })", R"("4ms")");
  put(R"("workers": 4)", R"("workers": 4, "overhead": { "preset": "gunicorn-20.1-sync",
    "accept": { "hot": "150us", "cold": "495us" }, "respond": { "hot": "174us", "cold": "345us" },
    "finish": { "hot": "210us", "cold": "495us" },
    "spurious_wake": { "hot": "30us", "cold": "60us" } })");
  Capture capture =
      test::capture_of_simulation(text, unlimited(), four_workers(), seconds(140), bundle);
  for (CapturedRequest& request : capture.requests) {
    const bool browses = capture.classes[request.class_index] == "browse";
    request.cpu = CpuTime(milliseconds(browses ? 9 : 8).count());
  }
  const DemandFit result = fit(capture, bundle);
  ASSERT_EQ(result.refused, "");
  EXPECT_NEAR(find(result, "demand_cpu", "browse").value, 0.009, 0.0002);
  EXPECT_NEAR(find(result, "demand_cpu", "search").value, 0.008, 0.0002);
  for (const char* kind : {"overhead_reply", "overhead_after"}) {
    const Parameter& level = find(result, kind, "gunicorn-20.1-sync");
    EXPECT_NEAR(level.value, 3, 0.3);
    EXPECT_LT(level.low, 3);
    EXPECT_GT(level.high, 3);
    EXPECT_EQ(level.ensemble.size(), result.parameters.front().ensemble.size());
  }
  for (const Parameter& parameter : result.parameters) {
    EXPECT_EQ(parameter.covariance.size(), result.parameters.size());
  }
  EXPECT_NEAR(result.simulated_cpu / result.captured_cpu, 1, 0.01);
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
