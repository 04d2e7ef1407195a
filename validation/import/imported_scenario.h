// SPDX-License-Identifier: Apache-2.0
//
// Everything that was imported, as one scenario: what files say, and what had to be assumed because
// none does. The findings are told of the latter.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/scenario.h"
#include "validation/import/importer.h"

namespace cotenant {

// The most frequent classes of the logs, and for each class of the tally which of these it is; the
// last one may be all the rest together.
struct ChosenClasses {
  std::vector<LogClass> classes;
  std::vector<std::uint32_t> index;
};
ChosenClasses choose_classes(const LogTally& logs, std::size_t most);

// The part of the time that is simulated.
struct ChosenTime {
  std::int64_t begin = 0;  // ns since 1970
  std::int64_t width = 0;  // of an interval, ns
  std::vector<std::int64_t> counts;
  std::int64_t replications = 1;
  bool is_all = true;
};
ChosenTime choose_time(const LogTally& logs);

// The problems are those of the options: a service that is not there.
Checked<Scenario> imported_scenario(Imported& imported, const ImportOptions& options);

}  // namespace cotenant
