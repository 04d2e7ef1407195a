// SPDX-License-Identifier: Apache-2.0
//
// Sentences about memory: how much was used of which limit, and which limit killed whom, when
// first.
#pragma once

#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant {

// Whose limit it was: "hardware/app".
std::string limit_of(const FirstOomKill& kill);

// Of groups with a limit, and of those that have none where a process was killed all the same.
std::vector<std::string> memory_use(const Report& report);

}  // namespace cotenant
