// SPDX-License-Identifier: Apache-2.0
#include "cli/known_name.h"

#include <algorithm>

#include "scenarios/nearest.h"
#include "study/writers/display.h"

namespace cotenant {

bool is_known(const NameOption& given, const std::vector<std::string_view>& names,
              const LoadedScenario& loaded, std::ostream& err) {
  if (given.name.empty() || std::find(names.begin(), names.end(), given.name) != names.end()) {
    return true;
  }
  const std::string nearest = nearest_name(given.name, names);
  err << "cotenant: " << printable(loaded.input.name) << " has no " << given.what << " \""
      << printable(given.name) << "\" for " << given.option
      << (nearest.empty() ? "" : "; did you mean \"" + printable(nearest) + "\"?") << "\n";
  return false;
}

std::vector<std::string_view> setup_names(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const auto& [name, setup] : scenario.setups) names.push_back(name);
  return names;
}

std::vector<std::string_view> class_names(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const auto& [name, request_class] : scenario.workload.requests) names.push_back(name);
  return names;
}

}  // namespace cotenant
