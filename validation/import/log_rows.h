// SPDX-License-Identifier: Apache-2.0
//
// The requests of a log one by one, for a trace or a bundle: a second look at the file, after the
// tally knows which classes there are. In bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "validation/import/arrivals.h"
#include "validation/import/importer.h"
#include "validation/import/log_tally.h"

namespace cotenant {

// Calls take() for each request of all logs, those of one log in the order of their arrivals;
// class_index is that of the tally. The answer is how many came out late (ArrivalOrder).
std::int64_t for_each_request(const Imported& imported, const ImportOptions& options,
                              const std::function<void(const Arrival&)>& take);

}  // namespace cotenant
