// SPDX-License-Identifier: Apache-2.0
//
// Real servers on a real kernel, replayed with the CPU per request of each run and 16 phases. The
// recordings are not part of the repository: without them, beside it in shared/captures, these
// tests are skipped. docs/validation.md has the figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "models/cpu/cpu.h"
#include "validation/agreement.h"
#include "validation/replay.h"

namespace cotenant {
namespace {

std::filesystem::path captures() {
  return std::filesystem::path(COTENANT_SOURCE_DIR) / ".." / "shared" / "captures";
}

std::vector<std::filesystem::path> recordings_of(const std::string& family) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(captures())) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(family + "_", 0) == 0) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// Largest allowed median over the runs of a family, of the size of the relative error.
struct Gate {
  std::string family;
  Compared metric;
  double fluid;  // the ideal CPU has no slices, ticks or wake-ups
  double eevdf;
};

std::ostream& operator<<(std::ostream& out, const Gate& gate) {
  return out << gate.family << ' ' << to_string(gate.metric);
}

class Captures : public ::testing::TestWithParam<Gate> {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(captures())) GTEST_SKIP() << "no recordings here";
  }
};

std::vector<BundleAgreement> agreements_of(const std::string& family) {
  SimulationOptions options;
  options.overhead = OverheadSource::measured;
  std::vector<BundleAgreement> agreements;
  for (const auto& folder : recordings_of(family)) {
    const Checked<Bundle> bundle = read_bundle(folder);
    EXPECT_TRUE(bundle.ok()) << render(bundle.diagnostics(), folder.string());
    if (!bundle.ok() || !why_not_replayed(*bundle).empty()) continue;
    const auto simulation = simulate(*bundle, options);
    EXPECT_TRUE(simulation.ok());
    if (simulation.ok()) agreements.push_back(compare(*bundle, **simulation));
  }
  return agreements;
}

TEST_P(Captures, AreMatchedByTheMedianOfTheirFamily) {
  const Gate& gate = GetParam();
  const double allowed = scheduler_kind_named("eevdf") ? gate.eevdf : gate.fluid;
  for (const FamilyError& error : by_family(agreements_of(gate.family))) {
    if (error.metric != gate.metric) continue;
    EXPECT_LE(error.median, allowed) << gate.family << " " << to_string(gate.metric);
    return;
  }
  ADD_FAILURE() << "nothing to compare in " << gate.family;
}

INSTANTIATE_TEST_SUITE_P(
    Families, Captures,
    ::testing::Values(Gate{"E1", Compared::throughput, 0.005, 0.005},
                      Gate{"E1", Compared::service_cpu_utilization, 0.01, 0.01},
                      Gate{"E1", Compared::latency_mean, 0.03, 0.015},
                      Gate{"E1", Compared::latency_p50, 0.04, 0.015},
                      Gate{"E1", Compared::latency_p95, 0.025, 0.025},
                      Gate{"E1", Compared::latency_p99, 0.03, 0.03},
                      Gate{"E2", Compared::latency_mean, 0.025, 0.025},
                      Gate{"E2", Compared::latency_p50, 0.08, 0.03},
                      Gate{"E2", Compared::latency_p95, 0.03, 0.03},
                      Gate{"E2", Compared::latency_p99, 0.04, 0.04},
                      Gate{"E3", Compared::latency_mean, 0.08, 0.06},
                      Gate{"E3", Compared::latency_p50, 0.09, 0.06},
                      Gate{"E3", Compared::latency_p95, 0.07, 0.07},
                      Gate{"E3", Compared::latency_p99, 0.07, 0.07},
                      Gate{"E3", Compared::throttled_time_ratio, 0.13, 0.06},
                      Gate{"E3", Compared::nr_throttled, 0.13, 0.06},
                      Gate{"E4", Compared::latency_mean, 0.03, 0.015},
                      Gate{"E4", Compared::latency_p50, 0.10, 0.03},
                      Gate{"E4", Compared::latency_p95, 0.03, 0.03},
                      Gate{"E4", Compared::latency_p99, 0.03, 0.03},
                      Gate{"E4", Compared::neighbor_cpu_utilization, 0.015, 0.015},
                      Gate{"E10", Compared::latency_mean, 0.03, 0.03},
                      Gate{"E10", Compared::latency_p50, 0.04, 0.04},
                      Gate{"E10", Compared::latency_p95, 0.05, 0.05},
                      Gate{"E10", Compared::latency_p99, 0.05, 0.05}),
    [](const auto& gate) {
      return gate.param.family + "_" + std::string(to_string(gate.param.metric));
    });

}  // namespace
}  // namespace cotenant
