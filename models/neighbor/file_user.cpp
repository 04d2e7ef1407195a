// SPDX-License-Identifier: Apache-2.0
#include "models/neighbor/file_user.h"

#include <algorithm>

#include "models/disk/file_io.h"

namespace cotenant {
namespace {

// Nobody aligns threads with each other: the first use of one that never sleeps is at a random
// point of the time between two.
Duration first_pause(const ActingNeighbor& acting) {
  const Duration every = acting.spec().files->every;
  if (!acting.wants_always() || every.is_zero()) return Duration(0);
  Draws draws = acting.chance().start.at(0);
  return duration_from_nanoseconds(static_cast<double>(every.count()) * draws.next_unit());
}

void begin_burst(const ActingNeighbor& acting) {
  NeighborState& state = acting.state();
  enter(acting, NeighborPhase::files);
  state.due = acting.now() + first_pause(acting);
  state.until =
      acting.wants_always() ? Instant::never() : acting.now() + on_time(acting, state.bursts);
  ++state.bursts;
}

void wake_at(const ActingNeighbor& acting, Instant at) { acting.wake_after(at - acting.now()); }

}  // namespace

// What it could not do when it was due, because something else was not done yet, it does then.
void go_on_with_files(const ActingNeighbor& acting) {
  NeighborState& state = acting.state();
  if (state.phase == NeighborPhase::sleeping) begin_burst(acting);
  if (acting.now() >= state.until) return sleep_until(acting, state.bursts);
  if (acting.now() < state.due) return wake_at(acting, std::min(state.due, state.until));
  const Duration every = acting.spec().files->every;
  state.due = every.is_zero() ? acting.now() : state.due + every;
  ++state.uses;
  if (begin_file_io(acting.world, acting.blueprint, acting.id)) look_at_clock(acting);
}

void look_at_clock(const ActingNeighbor& acting) {
  const NeighborState& state = acting.state();
  const Instant seen = acting.now() + kLookAtClock;
  wake_at(acting, std::max(std::min(state.due, state.until), seen));
}

}  // namespace cotenant
