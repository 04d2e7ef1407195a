// SPDX-License-Identifier: Apache-2.0
//
// Reads the recorded load of a neighbor from csv or csv.gz, row by row; a row that cannot be used
// is a diagnostic with its line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"
#include "sim/base/units.h"

namespace cotenant {

struct LoadRow {
  Duration at;      // since the first row
  double load = 0;  // threads that want something, until the next row
};

// In rising order of time, at least one. `pointer` is the place in the scenario that asked for the
// file, for diagnostics. A file that cannot be opened or decompressed throws std::runtime_error.
Checked<std::vector<LoadRow>> read_load(const std::filesystem::path& file,
                                        const RecordedLoad& recorded, const std::string& pointer);

}  // namespace cotenant
