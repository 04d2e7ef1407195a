// SPDX-License-Identifier: Apache-2.0
//
// Many runs on several threads. Runs share nothing but immutable blueprints, and their results are
// placed by number, so the outcome is the same for any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/blueprint.h"
#include "models/run_record.h"
#include "models/step.h"

namespace cotenant {

struct ReplicationPlan {
  const std::vector<Blueprint>& blueprints;  // one per setup
  RunOptions run;  // all but the replication number; a timeline is made of that replication only
  std::uint64_t first = 0;  // replications first, first + 1, ..., first + count - 1
  std::uint64_t count = 0;
  unsigned jobs = 1;
  std::function<void()> on_run_done;  // called on this thread
};

// A setup in which nothing is random has one replication and one pilot: others would repeat them.
bool has_replication(const Blueprint& blueprint, std::uint64_t replication);

// By replication and setup: records[r * setups + s]. A run that a setup does not have, or that was
// not started because of a cancellation, is nullopt. A Bug in any run is thrown here.
std::vector<std::optional<RunRecord>> replicate(const ReplicationPlan& plan);

}  // namespace cotenant
