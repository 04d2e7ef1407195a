// SPDX-License-Identifier: Apache-2.0
//
// What setups buy, for the report: prices, and what no simulation shows.
#pragma once

#include <optional>

#include "scenarios/scenario.h"
#include "study/report.h"

namespace cotenant {

// The price of a month and, of a setup with numbers, of a million good requests.
std::optional<Price> price_report(const Scenario& scenario, const Setup& setup,
                                  const SetupReport& report);

// Fills in `plan`, `node_plans` and `replicas` of the setups that have them. The report has them
// all, as the user said them.
void add_plans(Report& report, const Scenario& said);

// Whether the provider tells its customer which processes the kernel killed.
bool tells_of_kills(const Scenario& scenario, const Setup& setup);

}  // namespace cotenant
