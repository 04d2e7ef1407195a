// SPDX-License-Identifier: Apache-2.0
//
// The clients of random scenarios: how they try again, what they send and receive and how fast, and
// what connections they keep. Times are near those of the run, in nanoseconds.
#pragma once

#include "scenarios/scenario.h"
#include "tests/support/die.h"
#include "tests/support/random_laws.h"

namespace cotenant {

Retries random_retries(Die& die, const LawChoice& laws, double run);

// Sizes of some classes, files that a proxy has, and links that need some milliseconds for them.
void add_random_links(Die& die, Scenario& scenario, double run);

// The recordings that are generated name no users.
ClientKeepAlive random_keep_alive(Die& die, const Workload& workload);

}  // namespace cotenant
