// SPDX-License-Identifier: Apache-2.0
//
// A scenario with fitted parameters in the place of what presets, or the scenario itself, say.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "scenarios/parameter_set.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

struct ParametrizedScenario {
  Scenario scenario;
  std::vector<bool> used;  // by parameter: something in the scenario is about it
};

// Factors multiply the costs of every server with that preset, those that the scenario says itself
// included. Demands scale the steps of the class so that their sum has that mean, and give each
// the law of that spread (lognormal). What is read from a recording is not touched.
ParametrizedScenario with_parameters(Scenario scenario, const ParameterSet& set,
                                     const std::vector<double>& values);

// That of the file that the scenario names, if it names one. The problems are those of the file,
// told of /parameters. Throws std::runtime_error when it cannot be read.
Checked<std::optional<ParameterSet>> parameters_of(const Scenario& scenario,
                                                   const std::filesystem::path& directory);

}  // namespace cotenant
