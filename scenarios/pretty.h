// SPDX-License-Identifier: Apache-2.0
//
// JSON for people: what fits into a line stays in one, everything else is broken and indented by
// two.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cotenant {

std::string pretty(const nlohmann::ordered_json& json);

}  // namespace cotenant
