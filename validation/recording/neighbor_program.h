// SPDX-License-Identifier: Apache-2.0
//
// The program that made the noise in the recordings: its arguments, and the bursts that its random
// numbers give. These are part of what was done to the server, like the arrivals, so a replay
// repeats them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "validation/recording/bundle.h"

namespace cotenant {

struct NeighborProgram {
  std::int64_t threads = 0;
  double on_ms = 100, off_ms = 0;  // off 0: never sleeps
  bool exponential = false;

  bool spins() const { return off_ms <= 0; }
};

// Nothing when it did something else than use CPU; then `unknown` names it.
std::optional<NeighborProgram> parse_neighbor_program(const std::string& arguments,
                                                      std::string& unknown);

// The bursts of one thread that does not spin, for a scenario whose time 0 is `start` in the
// recording.
std::vector<Burst> bursts_of(const NeighborProgram& program, std::uint64_t seed,
                             std::int64_t thread, Duration start, Duration duration);

}  // namespace cotenant
