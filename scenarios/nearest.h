// SPDX-License-Identifier: Apache-2.0
//
// "Did you mean": the valid name nearest to a mistyped one, by Damerau-Levenshtein distance (an
// insertion, deletion, substitution or swap of neighbors costs one). Nothing is suggested when more
// than about a third of the name would have to change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cotenant {

// Empty when nothing is near. Ties go to the candidate named first.
std::string nearest_name(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace cotenant
