// SPDX-License-Identifier: Apache-2.0
//
// Names on the command line that must be in a scenario.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/load.h"

namespace cotenant {

struct NameOption {
  std::string_view option;  // "--setup"
  std::string_view what;    // "setup"
  const std::string& name;  // empty: not given
};

// Whether it is one of the names, or none was given; otherwise says so, with the nearest one.
bool is_known(const NameOption& given, const std::vector<std::string_view>& names,
              const LoadedScenario& loaded, std::ostream& err);

std::vector<std::string_view> setup_names(const Scenario& scenario);
std::vector<std::string_view> class_names(const Scenario& scenario);

}  // namespace cotenant
