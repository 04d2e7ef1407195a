// SPDX-License-Identifier: Apache-2.0
//
// The tables of numbers in the text report: setups side by side, and request classes. Made to fit
// the width: intervals go first, then whole columns, never a number that an objective is about.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/report.h"
#include "study/writers/display.h"

namespace cotenant {

std::vector<std::string> setup_table(const Report& report, const Ink& ink, std::size_t width);

// Empty when no setup has more than one class.
std::vector<std::string> class_table(const Report& report, const Ink& ink, std::size_t width);

}  // namespace cotenant
