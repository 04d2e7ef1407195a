// SPDX-License-Identifier: Apache-2.0
//
// Reads recorded requests from csv or csv.gz: when each arrived, of which class it was, and what it
// needed. Rows are read one at a time; a row that cannot be used is a diagnostic with its line,
// never silently dropped. A file that cannot be opened or decompressed throws std::runtime_error.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"
#include "sim/base/units.h"

namespace cotenant {

struct RecordedRequest {
  Instant arrival;
  std::string class_name;         // empty when the recording has no class column
  std::vector<Duration> demands;  // in the order of the columns asked for
  std::string user{};             // empty when the recording has no user column
  Instant done{};                 // only with users
};

// In order of arrival; time counts from the last whole second before the first row. `pointer` is
// the place in the scenario that asked for the file, for diagnostics.
Checked<std::vector<RecordedRequest>> read_trace(const std::filesystem::path& file,
                                                 const ReplayArrivals& replay,
                                                 const std::vector<RecordedLaw>& demands,
                                                 const std::string& pointer);

}  // namespace cotenant
