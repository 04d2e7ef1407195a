// SPDX-License-Identifier: Apache-2.0
//
// A report, and how far each of its setups is from its cliff.
#pragma once

#include <filesystem>
#include <vector>

#include "scenarios/scenario.h"
#include "study/cliff.h"
#include "study/report.h"
#include "study/study.h"

namespace cotenant {

struct Explanation {
  Report report;
  std::vector<Cliff> cliffs;  // by setup of the report
};

// Of all setups of a report of that scenario, made with these options. Their number of replications
// holds for each load that is tried, too.
Checked<std::vector<Cliff>> find_cliffs(const Scenario& scenario, const Report& report,
                                        const std::filesystem::path& directory,
                                        const StudyOptions& options);

}  // namespace cotenant
