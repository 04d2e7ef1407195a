// SPDX-License-Identifier: Apache-2.0
//
// Folders of recorded runs and of captures, as `validate` and `calibrate` take them.
#pragma once

#include <string>
#include <vector>

#include "cli/environment.h"
#include "validation/calibration/calibrate.h"

namespace cotenant {

struct Recordings {
  CalibrationInput input;  // those that are whole
  bool all_valid = true;
};

// Of either format: each folder says itself which it is. Diagnostics go to standard error. Throws
// std::runtime_error when a file cannot be read.
Recordings read_recordings(const std::vector<std::string>& folders, Environment& environment);

}  // namespace cotenant
