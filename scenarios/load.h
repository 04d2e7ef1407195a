// SPDX-License-Identifier: Apache-2.0
//
// The same application with more clients, or fewer: what a question such as "how far is the cliff?"
// turns, and the key "load" of a workload says.
#pragma once

#include "scenarios/scenario.h"

namespace cotenant {

// So many times the arrivals: rates, and numbers of users, of which one remains at least. What
// comes at given times (cron) is not multiplied; nor are recorded arrivals, of which there are no
// more. The factor is positive.
Arrivals multiplied(const Arrivals& arrivals, double factor);

// Whether arrivals of any class are recorded: then nothing can be multiplied.
bool has_recorded_arrivals(const Workload& workload);

// With so many times the load that it says itself. Without recorded arrivals only.
Scenario at_load(const Scenario& scenario, double factor);

}  // namespace cotenant
