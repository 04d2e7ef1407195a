// SPDX-License-Identifier: Apache-2.0
//
// A recorded experiment (format 0) as a capture, so that calibration takes both the same way. What
// the harness knew of its own making, the demands of each request, is left out: nobody knows them
// of a running application.
#pragma once

#include "sim/base/diagnostics.h"
#include "validation/capture/capture.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// The bundle is one with requests, not of the kernel only. Throws std::runtime_error when a file
// cannot be read.
Checked<Capture> capture_of(const Bundle& bundle);

// cpu.weight of cgroup v2 for cpu.shares of v1, by which the kernel does the same.
std::int64_t weight_of_shares(std::int64_t shares);

}  // namespace cotenant
