// SPDX-License-Identifier: Apache-2.0
//
// Timelines for other programs; docs/report-format.md describes both forms.
#pragma once

#include <string>

#include "study/report.h"
#include "study/writers/json_text.h"

namespace cotenant {

// A heading, and one row for each setup, series and slice, then one for each event.
std::string write_timeline_csv(const Report& report);

// Without its key.
void write(JsonText& json, const Timeline& timeline);

}  // namespace cotenant
