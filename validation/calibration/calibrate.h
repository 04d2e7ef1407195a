// SPDX-License-Identifier: Apache-2.0
//
// From recordings and captures to parameters: the whole of calibration. docs/calibration.md
// explains the steps.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "validation/calibration/fit_demands.h"
#include "validation/calibration/fit_overheads.h"
#include "validation/calibration/modulated_rate.h"

namespace cotenant {

struct CapturedApplication {
  Capture capture;
  std::filesystem::path folder;
};

struct CalibrationInput {
  std::vector<Bundle> recordings;             // experiments whose requests' work is known
  std::vector<CapturedApplication> captures;  // of applications about which nothing is known
};

// How the requests of a capture came, and what a scenario would say of that.
struct CapturedArrivals {
  std::string capture;
  ArrivalFit fit;
  std::string json;  // of workload.arrivals; empty: the scenario format cannot say it
};

struct Calibration {
  ParameterSet parameters;
  std::vector<OverheadFit> overheads;  // of the recordings
  std::vector<DemandFit> demands;      // of the captures
  std::vector<CapturedArrivals> arrivals;
  std::vector<std::string> remarks;  // what was left out, and what to doubt, in sentences
};

// Without parameters where nothing could be fitted; remarks, or the fits themselves, say why.
// Overheads that recordings tell are used for the captures. Nothing when it was stopped.
Checked<std::optional<Calibration>> calibrate(const CalibrationInput& input,
                                              const CalibrationOptions& options);

}  // namespace cotenant
