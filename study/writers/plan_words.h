// SPDX-License-Identifier: Apache-2.0
//
// A hosting plan in a row of a table, the same in the terminal and in the window, and how a row is
// found.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/scenario_plan.h"

namespace cotenant {

struct PlanWords {
  std::string name, provider, kind;
  std::string vcpus, cpu, memory, disk, price;  // "?": not published, or not found
  std::string as_of;                            // of the price
  bool is_old = false;                          // the price; or its age is unknown
};

// `today` in days since 1970-01-01.
PlanWords words_of(const std::string& name, const Plan& plan, std::int64_t today);

// Whether every word is in the name, the provider, the kind or the CPU, in whatever case.
bool matches(const PlanWords& plan, const std::vector<std::string>& words);

}  // namespace cotenant
