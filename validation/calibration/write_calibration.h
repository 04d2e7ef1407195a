// SPDX-License-Identifier: Apache-2.0
//
// A calibration as text for people. It computes nothing: every number is in the value passed. The
// form for programs is the file of parameters itself (scenarios/parameter_set.h).
#pragma once

#include <string>

#include "validation/calibration/calibrate.h"

namespace cotenant {

// What was fitted to, how well, what came out, and what remains unknown. Ends with a newline.
std::string calibration_text(const Calibration& calibration);

}  // namespace cotenant
