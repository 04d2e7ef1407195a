// SPDX-License-Identifier: Apache-2.0
//
// What a buyer wants to know, in sentences: which setup meets the objectives for the least money,
// by how much, how sure that is, and what the others are worth.
#pragma once

#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant {

// Paragraphs; never empty.
std::vector<std::string> answer(const Report& report);

// What is offered beside numbers: isolation, effort, scaling, and of how many failures one can see
// the cause. A paragraph for each setup that has any of it.
std::vector<std::string> attributes(const Report& report);

}  // namespace cotenant
