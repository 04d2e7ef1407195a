// SPDX-License-Identifier: Apache-2.0
//
// Reads a capture bundle, format 1, and checks all of it: checksums, order, counters that do not go
// back. One whose writer was killed is read up to the last row that is whole, and a remark says so.
#pragma once

#include <filesystem>

#include "sim/base/diagnostics.h"
#include "validation/capture/capture.h"

namespace cotenant {

// Whether the folder says of itself that it is one, rather than a recorded experiment (format 0).
bool is_capture(const std::filesystem::path& folder);

// Throws std::runtime_error when a file cannot be read.
Checked<Capture> read_capture(const std::filesystem::path& folder);

}  // namespace cotenant
