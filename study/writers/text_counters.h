// SPDX-License-Identifier: Apache-2.0
//
// What operators would see: the counters of cgroups and virtual machines as rates and shares.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/report.h"
#include "study/writers/display.h"

namespace cotenant {

// A row for each cgroup and machine of each setup; empty where no setup has cgroups or guests,
// because the table of setups says it all then.
std::vector<std::string> counter_table(const Report& report, const Ink& ink, std::size_t width);

}  // namespace cotenant
