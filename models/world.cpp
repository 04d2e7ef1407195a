// SPDX-License-Identifier: Apache-2.0
#include "models/world.h"

#include "models/server/sync_workers.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// At one instant a new connection wakes every idle worker of a service, and every task may
// complete; each writes a handful of effects before the first is delivered.
std::size_t effects_capacity(const Blueprint& blueprint) {
  return 4 * static_cast<std::size_t>(blueprint.cpu.tasks.size()) + 16;
}

}  // namespace

World::World(const Blueprint& blueprint, std::uint64_t seed, std::uint64_t replication,
             std::uint64_t tie_salt)
    : events(1 + blueprint.sources.size() + blueprint.workers.size() + blueprint.neighbors.size()),
      sources(blueprint.sources.size()),
      user_cycles(blueprint.users, 0),
      services(blueprint.services.size()),
      workers(blueprint.workers.size()),
      neighbors(blueprint.neighbors.size()),
      chance(blueprint, seed, replication),
      cpu(blueprint.scheduler, blueprint.cpu, chance.quota_phases, chance.tick_phases),
      effects(effects_capacity(blueprint)) {
  events.set_tie_salt(tie_salt);
  completed.reserve(blueprint.cpu.tasks.size());
  for (std::uint32_t s = 0; s < services.size(); ++s) {
    const ServiceId id(s);
    const ServiceSpec& spec = blueprint.services[id];
    services[id].accept_queue = BoundedQueue<RequestId>(spec.accept_queue_capacity);
    services[id].idle = BoundedQueue<WorkerId>(spec.workers);
    start_service(*this, blueprint, id);
  }
  start_neighbors(*this, blueprint);
  start_workload(*this, blueprint);
}

std::uint64_t World::hash() const {
  Hasher hasher;
  hasher.add_signed(events.now().ns());
  events.hash_into(hasher);
  for (const SourceState& source : sources) source.hash_into(hasher);
  for (const std::uint32_t cycle : user_cycles) hasher.add(cycle);
  requests.hash_into(hasher);
  for (const ServiceState& service : services) service.hash_into(hasher);
  for (const WorkerState& worker : workers) worker.hash_into(hasher);
  for (const NeighborState& neighbor : neighbors) neighbor.hash_into(hasher);
  cpu.hash_into(hasher);
  return hasher.value();
}

WaitTimes account_so_far(const World& world, const Blueprint& blueprint, const Request& request) {
  const Instant now = world.events.now();
  if (request.since == now) return request.times;
  Request copy = request;
  const bool on_cpu = copy.state == WaitState::cpu || copy.state == WaitState::server_cpu;
  if (on_cpu) {
    const TaskId task = blueprint.workers[copy.worker].task;
    book_burst(copy, copy.state, world.cpu.burst_so_far(task, now), now);
  } else {
    enter(copy, copy.state, now);
  }
  return copy.times;
}

}  // namespace cotenant
