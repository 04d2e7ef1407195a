// SPDX-License-Identifier: Apache-2.0
//
// Overheads from a recording that ships with the project; from all of them in docs/validation.md.
#include "validation/calibration/fit_overheads.h"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/apply_parameters.h"
#include "validation/calibration/calibrate.h"

namespace cotenant {
namespace {

Bundle lowest_load() {
  const auto bundle =
      read_bundle(std::string(COTENANT_SOURCE_DIR) + "/validation/data/E1_det_r30_s1");
  EXPECT_TRUE(bundle.ok());
  return *bundle;
}

CalibrationOptions quick(unsigned jobs = 1) {
  CalibrationOptions options;
  options.phases = 2;
  options.members = 20;
  options.jobs = jobs;
  return options;
}

TEST(FitOverheads, GivesARunTheCpuThatItsCountersSay) {
  const Bundle bundle = lowest_load();
  const auto fit = fit_overheads({&bundle}, quick());
  ASSERT_TRUE(fit.ok() && fit->has_value());
  const OverheadFit& result = **fit;
  EXPECT_EQ(result.preset, "gunicorn-20.1-sync");
  ASSERT_EQ(result.parameters.size(), 3u);
  // The preset was made from this run, and its hour was 1.16
  // (validation/recording/recorded_machine.h).
  EXPECT_NEAR(result.runs.front().before.overhead_factor, 1.16, 0.05);
  for (const Cell& cell : result.runs.front().after.cells) {
    EXPECT_LT(std::abs(*cell.relative_error), 0.03) << to_string(cell.metric);
  }
  for (const Parameter& parameter : result.parameters) {
    EXPECT_LT(parameter.low, parameter.value);
    EXPECT_GT(parameter.high, parameter.value);
    EXPECT_EQ(parameter.ensemble.size(), 20u);
    EXPECT_TRUE(parameter.identified || !parameter.remark.empty());
  }
}

TEST(FitOverheads, DoesNotDependOnThreads) {
  const Bundle bundle = lowest_load();
  const auto one = fit_overheads({&bundle}, quick(1)), three = fit_overheads({&bundle}, quick(3));
  EXPECT_EQ((*one)->parameters, (*three)->parameters);
}

TEST(FitOverheads, LeavesOutRunsWhoseWorkersWereReplaced) {
  Bundle bundle = lowest_load();
  EXPECT_EQ(why_not_fitted(bundle), "");
  bundle.worker_restarts = 1;
  EXPECT_NE(why_not_fitted(bundle).find("replaced"), std::string::npos);
  const auto calibration = calibrate({{bundle}, {}}, quick());
  EXPECT_TRUE((*calibration)->parameters.parameters.empty());
  EXPECT_EQ((*calibration)->remarks.size(), 1u);
}

}  // namespace
}  // namespace cotenant
