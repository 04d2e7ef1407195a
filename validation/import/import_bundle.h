// SPDX-License-Identifier: Apache-2.0
//
// What was imported as a capture bundle (docs/bundle-format.md): each request of the logs, and the
// configuration, but no counters of a kernel, which logs do not have.
#pragma once

#include <filesystem>

#include "scenarios/scenario.h"
#include "validation/import/importer.h"

namespace cotenant {

// The scenario is the one that was made of the same files. Throws CannotWriteBundle.
void write_imported_bundle(const std::filesystem::path& folder, const Imported& imported,
                           const ImportOptions& options, const Scenario& scenario);

}  // namespace cotenant
