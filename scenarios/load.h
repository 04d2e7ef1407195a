// SPDX-License-Identifier: Apache-2.0
//
// The same application with more clients, or fewer: what a question such as "how far is the cliff?"
// turns.
#pragma once

#include <optional>

#include "scenarios/scenario.h"

namespace cotenant {

// With so many times the arrivals: rates, and numbers of users, of which one remains at least. What
// comes at given times (cron) is not multiplied. Nothing where arrivals are recorded: there are no
// more of them. The factor is positive.
std::optional<Scenario> at_load(const Scenario& scenario, double factor);

}  // namespace cotenant
