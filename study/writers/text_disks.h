// SPDX-License-Identifier: Apache-2.0
//
// What disks did, as a table of the text form of a report: a row for each that a setup has. Nothing
// where none was used.
#pragma once

#include <string>
#include <vector>

#include "study/report.h"
#include "study/writers/display.h"

namespace cotenant {

std::vector<std::string> disk_table(const Report& report, const Ink& ink, std::size_t width);

}  // namespace cotenant
