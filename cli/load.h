// SPDX-License-Identifier: Apache-2.0
//
// From files and --set to scenarios, with the problems of all files reported at once.
#pragma once

#include <string>
#include <vector>

#include "cli/environment.h"
#include "cli/input.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

struct LoadedScenario {
  Input input;
  Scenario scenario;
};

// Diagnostics go to standard error; invalid files are missing in the result. Throws CannotRead.
std::vector<LoadedScenario> load(const std::vector<std::string>& files,
                                 const std::vector<std::string>& sets, Environment& environment);

// One line for each; what they quote from the file cannot drive the terminal.
void print(const Diagnostics& diagnostics, const std::string& name, std::ostream& err);

}  // namespace cotenant
