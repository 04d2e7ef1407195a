// SPDX-License-Identifier: Apache-2.0
//
// What no single field can tell: references between parts of a scenario, and combinations that are
// impossible or mean nothing. Ranges of single fields are in the field table, the contents of
// recorded files are compile()'s.
#pragma once

#include "scenarios/catalog.h"
#include "scenarios/document.h"
#include "scenarios/parameter_set.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

// Adds what is wrong to the diagnostics. Parts of the scenario that already have diagnostics are
// skipped: their values are defaults that the user never wrote. The document gives the positions,
// the catalog what else a setup might have meant to buy.
void check(const Scenario& scenario, const Node& document, const Catalog& catalog,
           Diagnostics& diagnostics);

// The same of a catalog.
void check(const Catalog& catalog, const Node& document, Diagnostics& diagnostics);
// And of a file with parameters.
void check(const ParameterSet& set, const Node& document, Diagnostics& diagnostics);

}  // namespace cotenant
