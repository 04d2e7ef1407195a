// SPDX-License-Identifier: Apache-2.0
//
// From the text of a scenario file to the typed Scenario, or to everything that is wrong with it:
// syntax, unknown and missing keys, units, ranges, references, impossible combinations. Never
// throws for bad input. Files that a scenario refers to (recordings) are not opened here. Plans
// that setups name are copied from the catalog into the scenario, unless it has one of that name
// itself.
#pragma once

#include <string_view>
#include <vector>

#include "scenarios/catalog.h"
#include "scenarios/override.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

Checked<Scenario> decode(std::string_view text, const std::vector<Override>& overrides = {},
                         const Catalog& catalog = shipped_catalog());

}  // namespace cotenant
