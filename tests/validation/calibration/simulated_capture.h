// SPDX-License-Identifier: Apache-2.0
//
// A capture of a simulated application, of which everything is known: what calibration finds in it
// can be held against the truth.
#pragma once

#include <filesystem>
#include <string>

#include "validation/capture/capture.h"

namespace cotenant::test {

// Runs the scenario's only setup, writes what `cotenant capture` would have seen of it as a bundle,
// and reads that. Each class must have arrivals of its own. The group of the service is "captured";
// what `described` says of its configuration is what the bundle says, true or not.
Capture capture_of_simulation(const std::string& scenario, const CapturedGroup& described,
                              const CapturedServer& server, Duration length,
                              const std::filesystem::path& folder);

}  // namespace cotenant::test
