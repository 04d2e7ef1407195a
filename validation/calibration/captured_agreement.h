// SPDX-License-Identifier: Apache-2.0
//
// A capture beside its prediction with parameters that were fitted to others: the same arrivals, on
// the machine, in the group and with the server that were captured, and with those demands.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "validation/agreement/agreement.h"
#include "validation/calibration/calibration_options.h"
#include "validation/capture/capture.h"

namespace cotenant {

// Why it cannot be predicted, as a clause that names what is missing; empty if it can.
std::string why_not_predicted(const Capture& capture, const ParameterSet& set);

// One for each class with requests enough, called "capture: class", of the family `capture`; and
// one of the CPU. Members of the ensemble are simulated, too. Nothing when it was stopped.
Checked<std::optional<std::vector<BundleAgreement>>> captured_agreement(
    const Capture& capture, const std::filesystem::path& folder, const ParameterSet& set,
    const CalibrationOptions& options);

}  // namespace cotenant
