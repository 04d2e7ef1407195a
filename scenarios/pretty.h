// SPDX-License-Identifier: Apache-2.0
//
// JSON for people: what fits into a line stays in one, everything else is broken and indented by
// two.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cotenant {

// Without any line break.
std::string in_one_line(const nlohmann::ordered_json& json);

std::string pretty(const nlohmann::ordered_json& json);

}  // namespace cotenant
