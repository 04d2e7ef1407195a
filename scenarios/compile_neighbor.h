// SPDX-License-Identifier: Apache-2.0
//
// What neighbors do, when, and how that differs from box to box, compiled.
#pragma once

#include <optional>
#include <string>

#include "models/neighbor/spec.h"
#include "scenarios/scenario.h"

namespace cotenant {

CompiledPattern compile_pattern(const std::optional<NeighborPattern>& pattern);

std::optional<NeighborFiles> compile_load(const std::optional<FileLoad>& load);

// Of the neighbor of that name.
std::optional<BoxSpec> compile_box(const std::string& name, const Neighbor& neighbor);

}  // namespace cotenant
