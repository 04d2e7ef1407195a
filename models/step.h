// SPDX-License-Identifier: Apache-2.0
//
// The one place that says what happens next. step() takes the earliest event, hands it to the
// domain that owns it, and delivers the effects that follow from it at the same instant until none
// is left. run() repeats that to the horizon.
#pragma once

#include <atomic>
#include <cstdint>

#include "models/blueprint.h"
#include "models/recorder.h"
#include "models/run_record.h"
#include "models/world.h"

namespace cotenant {

// Requires that something is due.
void step(World& world, const Blueprint& blueprint, Recorder& recorder);

struct RunOptions {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  RecorderOptions recorder;
  Budget budget;
  const std::atomic<bool>* cancel = nullptr;  // looked at every few thousand events
  std::uint64_t tie_salt = 0;                 // tests permute events of equal instant and phase
};

// One replication of one setup, from an empty system to the horizon.
RunRecord run(const Blueprint& blueprint, const RunOptions& options);

}  // namespace cotenant
