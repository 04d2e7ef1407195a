// SPDX-License-Identifier: Apache-2.0
//
// An explanation in sentences with numbers, setup by setup: what its median and its slowest
// requests spend their time on, what fails and why, and how far the cliff is.
#pragma once

#include <string>
#include <vector>

#include "study/explain.h"
#include "study/writers/write_json.h"
#include "study/writers/write_markdown.h"
#include "study/writers/write_text.h"

namespace cotenant {

std::string write_explanation_text(const Explanation& explanation, const TextOptions& options);
std::string write_explanation_markdown(const Explanation& explanation,
                                       const MarkdownOptions& options = {});
// One as an object, or several as an array of such objects.
std::string write_explanation_json(const Explanation& explanation, const JsonOptions& options = {});
std::string write_explanation_json(const std::vector<Explanation>& explanations,
                                   const JsonOptions& options = {});

}  // namespace cotenant
