// SPDX-License-Identifier: Apache-2.0
//
// The workload of an imported scenario, and how long it is simulated. Part of imported_scenario.h.
#pragma once

#include "scenarios/scenario.h"
#include "validation/import/importer.h"

namespace cotenant {

// Sets `workload` and `study` from the logs; without any, from assumptions.
void import_workload(Imported& imported, const ImportOptions& options, Scenario& scenario);

}  // namespace cotenant
