// SPDX-License-Identifier: Apache-2.0
//
// What neighbors do, when, and how that differs from box to box, compiled.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "models/neighbor/spec.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

CompiledPattern compile_pattern(const std::optional<NeighborPattern>& pattern);

std::optional<NeighborFiles> compile_load(const std::optional<FileLoad>& load);

// Of a neighbor whose pattern has times on and off; null where it is always the same. `pointer` is
// its place in the scenario, `directory` where files are looked for.
Checked<std::shared_ptr<const LoadCurve>> compile_curve(const Neighbor& neighbor,
                                                        const std::string& pointer,
                                                        const std::filesystem::path& directory);

// Of the neighbor of that name.
std::optional<BoxSpec> compile_box(const std::string& name, const Neighbor& neighbor);

}  // namespace cotenant
