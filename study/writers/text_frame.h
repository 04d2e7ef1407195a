// SPDX-License-Identifier: Apache-2.0
//
// What every page about a report begins and ends with.
#pragma once

#include "study/report.h"
#include "study/writers/display.h"
#include "study/writers/page.h"

namespace cotenant {

// What was run, and whether all of it.
void begin_page(Page& page, const Report& report, const Ink& ink);

// What to doubt, and the fine print that lets somebody else repeat it.
void end_page(Page& page, const Report& report, const Ink& ink);

}  // namespace cotenant
