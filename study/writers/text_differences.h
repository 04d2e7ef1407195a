// SPDX-License-Identifier: Apache-2.0
//
// Tables that set setups against each other: differences to the baseline, what a box more or less
// lucky makes of the p95, and what is used and paid.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/report.h"
#include "study/writers/display.h"
#include "study/writers/table.h"

namespace cotenant {

// How a setup differs from the baseline, in signed figures; without rows where there is nothing to
// compare. Cells of `table.columns[0]` are names as they are.
Table difference_table(const Report& report);

std::vector<std::string> difference_lines(const Report& report, const Ink& ink, std::size_t width);

// Empty where no setup has a spread.
std::vector<std::string> spread_lines(const Report& report, const Ink& ink);
// The same by the hour of the run, where that has several.
std::vector<std::string> hour_lines(const Report& report, const Ink& ink);

// CPU, limits, memory and money.
std::vector<std::string> resource_lines(const Report& report, const Ink& ink, std::size_t width);

}  // namespace cotenant
