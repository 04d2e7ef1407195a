// SPDX-License-Identifier: Apache-2.0
//
// A report as GitHub-flavored Markdown, short enough for a pull request: the table of numbers, why
// objectives are missed, what to doubt, and how to repeat it. Text from the scenario is escaped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "study/report.h"

namespace cotenant {

struct MarkdownOptions {
  int heading_level = 3;
  std::optional<std::int64_t> today{};  // as in TextOptions
};

std::string write_markdown(const Report& report, const MarkdownOptions& options = {});

}  // namespace cotenant
