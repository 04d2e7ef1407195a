// SPDX-License-Identifier: Apache-2.0
#include "study/explain.h"

#include <utility>

namespace cotenant {

Checked<std::vector<Cliff>> find_cliffs(const Scenario& scenario, const Report& report,
                                        const std::filesystem::path& directory,
                                        const StudyOptions& options) {
  CliffOptions cliff_options;
  cliff_options.study = options;
  cliff_options.study.timeline_slices = 0;  // of loads that nobody has
  std::vector<Cliff> cliffs;
  for (const SetupReport& setup : report.setups) {
    Checked<Cliff> cliff = find_cliff(scenario, setup, directory, cliff_options);
    if (!cliff.ok()) return cliff.diagnostics();
    cliffs.push_back(std::move(cliff).value());
  }
  return cliffs;
}

}  // namespace cotenant
