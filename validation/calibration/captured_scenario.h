// SPDX-License-Identifier: Apache-2.0
//
// A capture as a scenario: the same arrivals, on the machine, in the group and with the server that
// were captured, and with demands that somebody believes. Classes are named by their number in the
// capture, because that is how its requests name them.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"
#include "validation/capture/capture.h"

namespace cotenant {

inline constexpr const char* kCapturedService = "application";
inline constexpr const char* kCapturedGroup = "captured";

// Of the requests of a class. Seconds; a law of that mean and spread, lognormal.
struct BelievedDemand {
  double cpu = 0, cpu_cv = 0;    // without the server's own
  double wait = 0, wait_cv = 0;  // 0: it waits for nothing
};

// Why no scenario can be made of it, as a clause with what to do; empty if one can.
std::string why_no_scenario(const Capture& capture);

// What happened on the machine and is not in the scenario, as a sentence; empty if nothing to speak
// of did.
std::string what_is_left_out(const Capture& capture);

// `demands` are those of the classes. Files in it are relative to the folder of the bundle.
Checked<Scenario> scenario_of(const Capture& capture, const std::vector<BelievedDemand>& demands);

}  // namespace cotenant
