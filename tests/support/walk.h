// SPDX-License-Identifier: Apache-2.0
//
// Steps a world to the horizon and looks at it after every step: the invariants of
// tests/support/invariants.h, and a bookkeeping of its own that owes nothing to the recorder.
#pragma once

#include <cstdint>
#include <vector>

#include "models/blueprint.h"
#include "models/recorder.h"
#include "models/world.h"
#include "tests/support/invariants.h"

namespace cotenant {

struct WalkOptions {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  std::uint64_t tie_salt = 0;
  Instant horizon;
  Ingredients ingredients;
  // What the invariants are judged by, where the world is run on something else: for tests that a
  // wrong model is found out.
  const Blueprint* judged_by = nullptr;
};

struct Walked {
  RunRecord record;
  Complaints complaints;  // at most the first few
  // Counted request by request.
  std::uint64_t arrivals;
  std::uint64_t attempts;
  Int128 sojourns;       // ns in the system, cut off at the horizon
  std::uint64_t reuses;  // requests that were seen on connections that had carried another one
  // By machine, the CPU that tasks were given, from their speeds, in whole ns, and how many bursts
  // of CPU have ended.
  std::vector<std::int64_t> speed_integrals;
  std::vector<std::int64_t> bursts;
};

Walked walk(const Blueprint& blueprint, const WalkOptions& options);

}  // namespace cotenant
