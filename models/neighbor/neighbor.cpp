// SPDX-License-Identifier: Apache-2.0
#include "models/neighbor/neighbor.h"

#include "models/world.h"

namespace cotenant {
namespace {

// CPU that a thread needs to see what time it is: a clock_gettime() that the vDSO answers and some
// arithmetic. Assumed; anything well below a scheduler tick gives the same.
constexpr CpuTime kLookAtClock{1'000};

// One thread during one step of the simulation.
struct Acting {
  World& world;
  const Blueprint& blueprint;
  NeighborId id;

  NeighborState& state() const { return world.neighbors[id]; }
  const NeighborSpec& spec() const { return blueprint.neighbors[id]; }
  Instant now() const { return world.events.now(); }
  void wake_after(Duration time) const {
    world.events.schedule(world.slot(id), now() + time, order(Phase::server),
                          {EventKind::neighbor_due, id.index()});
  }
};

Duration draw(const Sampler& law, Stream stream, std::uint64_t ordinal) {
  Draws draws = stream.at(ordinal);
  return law.draw_duration(draws);
}

// A run begins in the middle of the neighbors' lives: at a random point of a burst or of a pause.
struct FirstPart {
  bool on;
  double left;  // share of it that is still to come
};

FirstPart first_part(const OnOffPattern& pattern, const NeighborChance& chance) {
  Draws draws = chance.start.at(0);
  const bool on = draws.next_unit() < pattern.on_share;
  return {on, draws.next_unit()};
}

Duration part_of(Duration time, double share) {
  return duration_from_nanoseconds(static_cast<double>(time.count()) * share);
}

// How long burst k lasts.
Duration on_time(const Acting& acting, std::uint64_t burst) {
  if (const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern)) {
    const NeighborChance& chance = acting.world.chance.neighbors[acting.id];
    const Duration time = draw(on_off->on, chance.on, burst);
    const FirstPart first = first_part(*on_off, chance);
    return burst == 0 && first.on ? part_of(time, first.left) : time;
  }
  return std::get<BurstsPattern>(acting.spec().pattern).bursts[burst].on;
}

// Sleeps until burst k, if there is one.
void sleep_until(const Acting& acting, std::uint64_t burst) {
  acting.state().phase = NeighborPhase::sleeping;
  if (const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern)) {
    acting.wake_after(draw(on_off->off, acting.world.chance.neighbors[acting.id].off, burst));
    return;
  }
  const auto& bursts = std::get<BurstsPattern>(acting.spec().pattern).bursts;
  if (burst < bursts.size()) acting.wake_after(bursts[burst].pause);
}

void start(const Acting& acting) {
  if (std::holds_alternative<SpinPattern>(acting.spec().pattern)) {
    return acting.wake_after(Duration(0));
  }
  if (std::holds_alternative<BurstsPattern>(acting.spec().pattern)) return sleep_until(acting, 0);
  const auto& on_off = std::get<OnOffPattern>(acting.spec().pattern);
  const NeighborChance& chance = acting.world.chance.neighbors[acting.id];
  const FirstPart first = first_part(on_off, chance);
  acting.wake_after(first.on ? Duration(0) : part_of(draw(on_off.off, chance.off, 0), first.left));
}

}  // namespace

void NeighborState::hash_into(Hasher& hasher) const {
  hasher.add(static_cast<std::uint64_t>(phase));
  hasher.add(bursts);
}

void start_neighbors(World& world, const Blueprint& blueprint) {
  for (std::uint32_t n = 0; n < blueprint.neighbors.size(); ++n) {
    start(Acting{world, blueprint, NeighborId(n)});
  }
}

void on_neighbor_due(World& world, const Blueprint& blueprint, NeighborId id, Effects& effects) {
  const Acting acting{world, blueprint, id};
  NeighborState& state = acting.state();
  const TaskRef task = acting.spec().task;
  if (std::holds_alternative<SpinPattern>(acting.spec().pattern)) {
    state.phase = NeighborPhase::on;
    effects.push(DemandCpu{task, kEndless});
    return;
  }
  if (state.phase == NeighborPhase::sleeping) {
    state.phase = NeighborPhase::starting;
    effects.push(DemandCpu{task, kLookAtClock});
    return;
  }
  COTENANT_ASSERT(state.phase == NeighborPhase::on);
  effects.push(WithdrawCpu{task});
  if (world.machines[task.machine].cpu.speed(task.task) > 0)
    return sleep_until(acting, state.bursts);
  state.phase = NeighborPhase::stopping;
  effects.push(DemandCpu{task, kLookAtClock});
}

void on_neighbor_ran(World& world, const Blueprint& blueprint, NeighborId id, Effects& effects) {
  const Acting acting{world, blueprint, id};
  NeighborState& state = acting.state();
  if (state.phase == NeighborPhase::stopping) return sleep_until(acting, state.bursts);
  COTENANT_ASSERT(state.phase == NeighborPhase::starting);
  state.phase = NeighborPhase::on;
  acting.wake_after(on_time(acting, state.bursts++));
  effects.push(DemandCpu{acting.spec().task, kEndless});
}

}  // namespace cotenant
