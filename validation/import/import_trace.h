// SPDX-License-Identifier: Apache-2.0
//
// The requests of logs as a trace that a scenario replays: a csv file with the columns arrival_us,
// class and took_us, or csv.gz.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "validation/import/importer.h"

namespace cotenant {

// "cannot write shop.csv.gz: No space left on device".
class CannotWriteTrace : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All or nothing, as all results are. Throws CannotWriteTrace.
void write_imported_trace(const std::filesystem::path& file, const Imported& imported,
                          const ImportOptions& options);

}  // namespace cotenant
