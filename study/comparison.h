// SPDX-License-Identifier: Apache-2.0
//
// What setups are to each other: differences to a baseline, how much each depends on the box one is
// given, and in how many boxes it meets its objectives. docs/models/comparison.md says what the
// figures mean.
#pragma once

#include <string>
#include <vector>

#include "study/report.h"
#include "study/tally.h"

namespace cotenant {

// A setup that ran, and its part of the report.
struct ComparedSetup {
  const SetupTally& tally;
  SetupReport& report;
};

// Fills in the differences of all setups but the baseline. `baseline` indexes `setups`.
void compare_with(std::size_t baseline, const std::vector<ComparedSetup>& setups,
                  double confidence);

// Fills in the spreads of the p95 over replications and hours, and in how many replications each
// objective is met.
void judge_replications(const ComparedSetup& setup);

}  // namespace cotenant
