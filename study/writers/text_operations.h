// SPDX-License-Identifier: Apache-2.0
//
// What services ask of each other: a row for each operation of each setup. Empty where no service
// calls another one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/report.h"
#include "study/writers/display.h"

namespace cotenant {

std::vector<std::string> operation_table(const Report& report, const Ink& ink, std::size_t width);

}  // namespace cotenant
