// SPDX-License-Identifier: Apache-2.0
//
// Checks of what platforms do to services: probes, and stops for lack of requests.
#pragma once

#include <string>

#include "scenarios/checker.h"

namespace cotenant {

// The pointer is that of the placement.
void check_idle_stop(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service);
void check_probes(Checker& checker, const std::string& pointer, const Placement& placement,
                  const Service& service);

}  // namespace cotenant
