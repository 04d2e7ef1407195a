// SPDX-License-Identifier: Apache-2.0
//
// What a server itself costs, from recordings in which the work of every request is known: a fit of
// the simulator to their latencies. How large the cost was in the hour of each recording comes from
// the kernel's CPU counters, never from latencies; what latencies tell is how it divides, before
// and after the reply, and how much dearer the code is after a pause.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/parameter_set.h"
#include "validation/agreement/agreement.h"
#include "validation/calibration/calibration_options.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// The latencies of a recording before and after the fit.
struct FittedRun {
  std::string name;
  double overhead_factor = 1;  // of its hour, by CPU counters, after the fit
  BundleAgreement before, after;
};

// Of all recordings of servers with one preset.
struct OverheadFit {
  std::string preset;
  std::vector<Parameter> parameters;  // reply, after, cold; covariances among these three
  std::vector<FittedRun> runs;
  // Mean square of ln(predicted / recorded) of latencies, without what is noise, of recordings
  // whose median is a millisecond or more; none without such recordings.
  std::optional<double> discrepancy;
  int evaluations = 0;  // of all recordings together
  bool converged = false;
};

// The overhead preset of the server of a recording that can be replayed.
std::string preset_of(const Bundle& bundle);

// Why a recording tells nothing about overheads, as a clause; empty if it does.
std::string why_not_fitted(const Bundle& bundle);

// At least one recording, all of the same preset and fit for it. Nothing when it was stopped.
Checked<std::optional<OverheadFit>> fit_overheads(const std::vector<const Bundle*>& bundles,
                                                  const CalibrationOptions& options);

}  // namespace cotenant
