// SPDX-License-Identifier: Apache-2.0
//
// What neighbors do, when, and how that differs from hour to hour and from box to box, compiled.
#pragma once

#include <filesystem>
#include <string>

#include "models/neighbor/spec.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

// A thread of the neighbor of that name, without its own name and task. `pointer` is its place in
// the scenario, `directory` where files are looked for.
Checked<NeighborSpec> compile_neighbor(const std::string& name, const Neighbor& neighbor,
                                       const std::string& pointer,
                                       const std::filesystem::path& directory);

}  // namespace cotenant
