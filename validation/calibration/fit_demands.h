// SPDX-License-Identifier: Apache-2.0
//
// What the requests of a captured application need, by class. Means of CPU come from the kernel's
// counters (a regression), spreads from recorded CPU or from requests that met nobody; then all of
// it is refined until the simulated application answers like the captured one. What the server
// itself costs was fitted before, or is a preset's, times what is left of the counters where the
// log says what the application used.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/parameter_set.h"
#include "validation/calibration/calibration_options.h"
#include "validation/calibration/capture_checks.h"
#include "validation/calibration/captured_scenario.h"
#include "validation/calibration/demand_regression.h"
#include "validation/capture/capture.h"

namespace cotenant {

// A percentile of one class, captured and simulated with what was fitted. Seconds.
struct FittedQuantile {
  std::string class_name;
  double p = 0;
  double captured = 0, simulated = 0;
  double noise = 0;  // relative standard deviation of what was captured
};

struct DemandFit {
  std::string capture;
  std::vector<CaptureCheck> checks;
  std::string refused;  // why nothing was fitted, or the fit is not believed; empty: it is
  DemandRegression regression;
  std::vector<Parameter> parameters;  // covariances among these
  std::vector<FittedQuantile> quantiles;
  double captured_cpu = 0, simulated_cpu = 0;  // cores
  std::optional<double> discrepancy;           // as in OverheadFit
  std::vector<std::string> remarks;
  bool converged = false;
};

// A class as scenarios may call it: without slashes and dots.
std::string scenario_name(const std::string& class_name);

// `folder` is that of the bundle. `overheads` are fitted before, or none. Nothing when stopped.
Checked<std::optional<DemandFit>> fit_demands(const Capture& capture,
                                              const std::filesystem::path& folder,
                                              const ParameterSet& overheads,
                                              const CalibrationOptions& options);

}  // namespace cotenant
