// SPDX-License-Identifier: Apache-2.0
//
// Runs that log every request, and the log of one of them: for tests that know by hand when it
// ends.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "models/step.h"

namespace cotenant {

inline RunRecord logged(const Blueprint& blueprint, Duration horizon, std::uint64_t seed = 1) {
  RunOptions options;
  options.seed = seed;
  options.recorder.horizon = Instant() + horizon;
  options.recorder.log_requests = true;
  return run(blueprint, options);
}

// Of the requests of the only source, by their order of arrival.
inline const LoggedRequest& request(const RunRecord& record, std::uint64_t ordinal) {
  for (const LoggedRequest& each : record.requests) {
    if (each.ordinal == ordinal) return each;
  }
  throw std::out_of_range("no such request");
}

}  // namespace cotenant
