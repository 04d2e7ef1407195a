// SPDX-License-Identifier: Apache-2.0
//
// Parts of a report as JSON, for texts that hold more than one report.
#pragma once

#include <string_view>

#include "study/report.h"
#include "study/writers/json_text.h"
#include "study/writers/write_json.h"

namespace cotenant {

std::string_view to_string(Verdict verdict);  // "cannot_tell"

// With its key, "metrics".
void write(JsonText& json, const Metrics& metrics);

void write(JsonText& json, const Report& report, const JsonOptions& options);

}  // namespace cotenant
