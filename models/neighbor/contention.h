// SPDX-License-Identifier: Apache-2.0
//
// Caches and memory that the threads of one computer share: beside neighbors that are busy, the
// same instructions take longer. How much is said by the neighbors, for all cores; in between it is
// in proportion to the cores that they want. What computes is slowed down by what is there when a
// step or a phase begins. docs/models/neighbors.md.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

struct Blueprint;
struct NeighborSpec;
struct World;

// Of one piece of hardware.
struct Contention {
  std::int64_t slowdown = 0;  // summed over the threads that are on, in millionths
  std::int64_t threads = 0;   // of neighbors that slow others down, that are on

  void hash_into(Hasher& hasher) const {
    hasher.add_signed(slowdown);
    hasher.add_signed(threads);
  }
};

// Of all machines by number, of which only hardware has any; empty where no neighbor slows others
// down.
IdVector<MachineId, Contention> contention_in(const Blueprint& blueprint);

// A thread of such a neighbor goes on (1) or off (-1).
void count_contender(World& world, const Blueprint& blueprint, const NeighborSpec& neighbor,
                     std::int64_t more);

// What `work` takes on that machine now. See beside_neighbors() in models/world.h.
CpuTime slowed_down(const World& world, const Blueprint& blueprint, MachineId machine,
                    CpuTime work);

}  // namespace cotenant
