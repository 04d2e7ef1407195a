// SPDX-License-Identifier: Apache-2.0
//
// A report as GitHub-flavored Markdown, short enough for a pull request: the table of numbers, why
// objectives are missed, what to doubt, and how to repeat it. Text from the scenario is escaped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/report.h"

namespace cotenant {

struct MarkdownOptions {
  int heading_level = 3;
  std::optional<std::int64_t> today{};  // as in TextOptions
  bool comparison = false;              // for somebody who has to choose
};

// Levels are those of HTML, 1 to 6.
std::string markdown_heading(std::string_view text, int level);

// A list; lines that begin with spaces are below the one before.
std::string markdown_bullets(const std::vector<std::string>& lines);

std::string write_markdown(const Report& report, const MarkdownOptions& options = {});

}  // namespace cotenant
