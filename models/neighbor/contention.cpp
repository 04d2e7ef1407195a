// SPDX-License-Identifier: Apache-2.0
#include "models/neighbor/contention.h"

#include <algorithm>

#include "models/blueprint.h"
#include "models/world.h"
#include "sim/base/int128.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

}  // namespace

IdVector<MachineId, Contention> contention_in(const Blueprint& blueprint) {
  const bool any = std::any_of(blueprint.neighbors.begin(), blueprint.neighbors.end(),
                               [](const NeighborSpec& each) { return each.slowdown > 0; });
  return IdVector<MachineId, Contention>(any ? blueprint.machines.size() : 0);
}

void count_contender(World& world, const Blueprint& blueprint, const NeighborSpec& neighbor,
                     std::int64_t more) {
  if (neighbor.slowdown == 0) return;
  Contention& contention = world.contention[blueprint.hardware_of(neighbor.task.machine)];
  contention.slowdown += more * neighbor.slowdown;
  contention.threads += more;
}

CpuTime slowed_down(const World& world, const Blueprint& blueprint, MachineId machine,
                    CpuTime work) {
  const MachineId hardware = blueprint.hardware_of(machine);
  const Contention& contention = world.contention[hardware];
  const std::int64_t cores = blueprint.machines[hardware].cpu.cores;
  const std::int64_t shared_by = std::max(cores, contention.threads) * kMillion;
  return work + CpuTime(scaled(work.count(), contention.slowdown, shared_by));
}

}  // namespace cotenant
