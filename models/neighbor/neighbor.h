// SPDX-License-Identifier: Apache-2.0
//
// The neighbors' part of a step: when their threads want CPU, or use files (file_user.h), and when
// they stop. A thread looks at
// the clock only while it runs, as real ones do, so its on-time begins when it first gets a core
// and ends when it has one at or after the time that it meant to stop. docs/models/neighbors.md.
#pragma once

#include <cstdint>

#include "models/blueprint.h"
#include "models/chance.h"
#include "models/effects.h"
#include "sim/base/hash.h"

namespace cotenant {

struct World;

enum class NeighborPhase : std::uint8_t {
  sleeping,  // until its slot is due, or for ever
  starting,  // runnable, has not looked at the clock yet
  on,        // wants CPU without end
  stopping,  // its time is over, which it will see as soon as it runs
  files,     // uses a file, or is about to
};

// All others do.
constexpr bool wants_cpu(NeighborPhase phase) {
  return phase != NeighborPhase::sleeping && phase != NeighborPhase::files;
}

struct NeighborState {
  NeighborPhase phase = NeighborPhase::sleeping;
  std::uint64_t bursts = 0;  // begun so far
  std::uint64_t uses = 0;    // of files, begun so far
  Instant due;               // when the next of them is
  Instant until;             // end of the burst that it is in

  void hash_into(Hasher& hasher) const;
};

// Schedules the first thing that every neighbor does. Those that spin begin at once, but by an
// event: nothing runs before the first step.
void start_neighbors(World& world, const Blueprint& blueprint);

void on_neighbor_due(World& world, const Blueprint& blueprint, NeighborId id, Effects& effects);

// What it has done with a file is done.
void on_neighbor_served(World& world, const Blueprint& blueprint, NeighborId id);

// It got the CPU it needed to look at the clock.
void on_neighbor_ran(World& world, const Blueprint& blueprint, NeighborId id, Effects& effects);

}  // namespace cotenant
