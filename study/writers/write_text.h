// SPDX-License-Identifier: Apache-2.0
//
// A report as a page for a terminal: the numbers side by side, which objectives are met, why others
// are missed, where the time of a request goes, and what to doubt. It computes nothing: every
// number is in the Report. Ends with a newline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "study/report.h"

namespace cotenant {

struct TextOptions {
  bool color = false;                   // ANSI escape sequences
  std::size_t width = 100;              // columns; below 80 is treated as 80
  std::optional<std::int64_t> today{};  // days since 1970-01-01: says which prices are old
};

std::string write_text(const Report& report, const TextOptions& options);

// The same numbers for somebody who has to choose: what meets the objectives for the least money,
// how sure that is, why the others do not, and what they differ in.
std::string write_comparison_text(const Report& report, const TextOptions& options);

}  // namespace cotenant
