// SPDX-License-Identifier: Apache-2.0
#include "models/neighbor/neighbor.h"

#include "models/neighbor/bursts.h"
#include "models/neighbor/file_user.h"

namespace cotenant {
namespace {

constexpr CpuTime kCpuOfLook{kLookAtClock.count()};

}  // namespace

void NeighborState::hash_into(Hasher& hasher) const {
  hasher.add(static_cast<std::uint64_t>(phase));
  hasher.add(bursts);
  if (uses == 0) return;
  hasher.add(uses);
  hasher.add_signed(due.ns());
  hasher.add_signed(until.ns());
}

void start_neighbors(World& world, const Blueprint& blueprint) {
  for (std::uint32_t n = 0; n < blueprint.neighbors.size(); ++n) {
    sleep_at_first({world, blueprint, NeighborId(n)});
  }
}

void on_neighbor_due(World& world, const Blueprint& blueprint, NeighborId id, Effects& effects) {
  const ActingNeighbor acting{world, blueprint, id};
  if (acting.spec().files) return go_on_with_files(acting);
  NeighborState& state = acting.state();
  const TaskRef task = acting.spec().task;
  if (acting.wants_always()) {
    enter(acting, NeighborPhase::on);
    effects.push(DemandCpu{task, kEndless});
    return;
  }
  if (state.phase == NeighborPhase::sleeping) {
    enter(acting, NeighborPhase::starting);
    effects.push(DemandCpu{task, kCpuOfLook});
    return;
  }
  COTENANT_ASSERT(state.phase == NeighborPhase::on);
  effects.push(WithdrawCpu{task});
  if (world.machines[task.machine].cpu.speed(task.task) > 0)
    return sleep_until(acting, state.bursts);
  enter(acting, NeighborPhase::stopping);
  effects.push(DemandCpu{task, kCpuOfLook});
}

void on_neighbor_served(World& world, const Blueprint& blueprint, NeighborId id) {
  look_at_clock({world, blueprint, id});
}

void on_neighbor_ran(World& world, const Blueprint& blueprint, NeighborId id, Effects& effects) {
  const ActingNeighbor acting{world, blueprint, id};
  NeighborState& state = acting.state();
  if (state.phase == NeighborPhase::stopping) return sleep_until(acting, state.bursts);
  COTENANT_ASSERT(state.phase == NeighborPhase::starting);
  enter(acting, NeighborPhase::on);
  acting.wake_after(on_time(acting, state.bursts++));
  effects.push(DemandCpu{acting.spec().task, kEndless});
}

}  // namespace cotenant
