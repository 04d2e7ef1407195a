// SPDX-License-Identifier: Apache-2.0
//
// Scenario -> Blueprint: names become dense ids, laws become samplers, presets become numbers. A
// scenario that decode() and check() accept compiles, unless a file that it names is missing or
// wrong.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/blueprint.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

// One blueprint per setup, in the order of the scenario. Files are looked up relative to
// `directory`. Throws std::runtime_error when a file cannot be read.
Checked<std::vector<Blueprint>> compile(const Scenario& scenario,
                                        const std::filesystem::path& directory);

}  // namespace cotenant
