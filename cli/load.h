// SPDX-License-Identifier: Apache-2.0
//
// From files and --set to scenarios, with the problems of all files reported at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "cli/input.h"
#include "scenarios/catalog.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

struct LoadedScenario {
  Input input;
  Scenario scenario;
};

// Where scenarios come from, and what is said beside them.
struct Sources {
  const std::vector<std::string>& files;
  const std::vector<std::string>& sets;      // "path=value"
  const std::vector<std::string>& catalogs;  // files
};

// Diagnostics go to standard error; invalid files are missing in the result. Throws CannotRead.
std::vector<LoadedScenario> load(const Sources& sources, Environment& environment);

// The catalogs of the files, an earlier one before a later one, and what ships with the program.
// Nothing when one is invalid; its diagnostics go to standard error. Throws CannotRead.
std::optional<Catalog> load_catalogs(const std::vector<std::string>& files,
                                     Environment& environment);

// One line for each; what they quote from the file cannot drive the terminal.
void print(const Diagnostics& diagnostics, const std::string& name, std::ostream& err);

}  // namespace cotenant
