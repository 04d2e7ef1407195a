// SPDX-License-Identifier: Apache-2.0
#include "tests/support/invariants.h"
#include "tests/support/looks.h"

namespace cotenant {
namespace {

// As the process counts them; one that the kernel has killed has none any more.
std::int64_t connections_of(const World& world, const ResidentSpec& spec, ResidentId id) {
  if (spec.process.is_none() || !world.memcg.is_alive(id)) return 0;
  return world.processes[spec.process].connections;
}

MemoryCounts memory_counts(const World& world, const Blueprint& blueprint, MachineId machine,
                           GroupId group) {
  const MemorySpec& memory = blueprint.memory;
  const MemoryCharges groups(memory.groups[machine]);
  const auto is_below = [&](ResidentId id) {
    const ResidentSpec& spec = memory.residents[id];
    return spec.machine == machine && groups.contains(group, spec.group);
  };
  MemoryCounts counts;
  counts.charged = world.memcg.usage(machine, group).current;
  counts.limit = memory.groups[machine][group].max;
  ServiceId last;
  for (std::uint32_t r = 0; r < memory.residents.size(); ++r) {
    const ResidentId id(r);
    if (!is_below(id)) continue;
    counts.processes += world.memcg.charged(id);
    counts.swapped += world.memcg.swapped(id);
    const ServiceId service = memory.residents[id].service;
    const ProcessMemorySpec& spec = memory.services[service];
    const std::int64_t connections = connections_of(world, memory.residents[id], id);
    counts.sockets += spec.per_socket * connections;
    counts.held += spec.per_connection * connections;
    counts.has_immune = counts.has_immune || !spec.per_socket.is_zero() ||
                        memory.residents[id].oom_score_adj == kImmune;
    const OutageState& outage = world.services[service].outage;
    const IdleStopState& idle = world.services[service].idle_stop;
    if (service != last && !outage.is_down && !idle.stopped) counts.main += spec.main;
    counts.main_is_new = counts.main_is_new || outage.count > 0 || idle.cold_starts > 0;
    last = service;
  }
  for (const HoldingSpec& holding : memory.holdings) {
    const bool counts_here = holding.machine == machine && groups.contains(group, holding.group);
    if (counts_here) counts.main += holding.bytes;
  }
  for (std::uint32_t s = 0; s < memory.files.size(); ++s) {
    const FileSetSpec& files = memory.files[ServiceId(s)];
    const bool counts_here = files.machine == machine && groups.contains(group, files.group);
    if (counts_here) counts.cached += world.memcg.cached(ServiceId(s));
  }
  counts.in_swap = world.memcg.usage(machine, group).swapped.current;
  counts.swap_max = memory.groups[machine][group].swap_max;
  world.requests.for_each([&](RequestId, const Request& request) {
    const bool is_held = !request.holder.is_none() && world.memcg.is_alive(request.holder);
    if (is_held && is_below(request.holder)) counts.held += request.held;
  });
  return counts;
}

}  // namespace

Complaints memory_complaints(const World& world, const Blueprint& blueprint) {
  Complaints complaints;
  if (!blueprint.memory.in_use()) return complaints;
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    for (std::uint32_t g = 0; g < blueprint.machines[MachineId(m)].cpu.groups.size(); ++g) {
      check_memory(memory_counts(world, blueprint, MachineId(m), GroupId(g)), complaints);
    }
  }
  return complaints;
}

}  // namespace cotenant
