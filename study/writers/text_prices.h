// SPDX-License-Identifier: Apache-2.0
//
// What to know of the prices in a report: how old they are, and what they leave out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant {

// Sentences. Days since 1970-01-01; without today nothing is called old, so that the same report is
// the same text on any day.
std::vector<std::string> price_notes(const Report& report, std::optional<std::int64_t> today);

}  // namespace cotenant
