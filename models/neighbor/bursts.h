// SPDX-License-Identifier: Apache-2.0
//
// When a thread of a neighbor wants what it wants: the bursts of its pattern, whatever it does in
// them.
#pragma once

#include "models/neighbor/neighbor.h"
#include "models/world.h"

namespace cotenant {

// One thread during one step of the simulation.
struct ActingNeighbor {
  World& world;
  const Blueprint& blueprint;
  NeighborId id;

  NeighborState& state() const { return world.neighbors[id]; }
  const NeighborSpec& spec() const { return blueprint.neighbors[id]; }
  const NeighborChance& chance() const { return world.chance.neighbors[id]; }
  Instant now() const { return world.events.now(); }
  bool wants_always() const { return std::holds_alternative<SpinPattern>(spec().pattern); }
  void wake_after(Duration time) const {
    world.events.schedule(world.slot(id), now() + time, order(Phase::server),
                          {EventKind::neighbor_due, id.index()});
  }
};

// That a thread sees what time it is takes so long: a clock_gettime() that the vDSO answers and
// some arithmetic. Assumed; anything well below a scheduler tick gives the same.
inline constexpr Duration kLookAtClock{1'000};

// It goes to another phase; what others take to compute may depend on that.
void enter(const ActingNeighbor& acting, NeighborPhase phase);
// Before the first burst, unless the run begins in it.
void sleep_at_first(const ActingNeighbor& acting);
// Sleeps until burst k, if there is one.
void sleep_until(const ActingNeighbor& acting, std::uint64_t burst);
// How long burst k lasts.
Duration on_time(const ActingNeighbor& acting, std::uint64_t burst);

}  // namespace cotenant
