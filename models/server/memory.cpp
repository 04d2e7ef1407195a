// SPDX-License-Identifier: Apache-2.0
#include "models/server/memory.h"

#include <variant>

#include "models/disk/swap.h"
#include "models/server/celery.h"
#include "models/server/database_outage.h"
#include "models/server/on_demand.h"
#include "models/server/outage.h"
#include "models/server/process.h"
#include "models/server/sync_workers.h"

namespace cotenant {
namespace {

// In pieces of so much a process leaks as time passes: often enough for any limit, rarely enough
// to cost nothing.
constexpr std::int64_t kLeakPiece = std::int64_t{1} << 20;

// Calls for the kernel, which does not wait for what the process does at this instant.
struct Kill {
  World& world;

  void operator()(ResidentId victim) const {
    world.events.start_timer(world.events.now(), order(Phase::server),
                             {EventKind::oom_kill, victim.index()});
  }
};

bool is_there(const World& world, const ResidentSpec& spec) {
  if (!spec.process.is_none()) return world.processes[spec.process].phase != ProcessPhase::gone;
  return world.workers[spec.worker].phase != WorkerPhase::gone;
}

void charge_main(World& world, const Blueprint& blueprint, ServiceId service, bool ends) {
  for (const ResidentSpec& spec : blueprint.memory.residents) {
    if (spec.service != service) continue;
    const Bytes main = blueprint.memory.services[service].main;
    const Bytes more = ends ? Bytes(0) - main : main;
    return world.memcg.occupy_for_main(spec.machine, spec.group, more, world.events.now());
  }
}

// The next piece is begun when the last one is full.
void leak_later(World& world, const ProcessMemorySpec& spec, ResidentId id) {
  const auto [began, pieces] = world.memcg.leak(id);
  const std::int64_t leaked = static_cast<std::int64_t>(pieces) * kLeakPiece;
  const Duration after(scaled(seconds(3600).count(), leaked, spec.leak_per_hour.count()));
  world.leak_timers[id] = world.events.start_timer(began + after, order(Phase::server),
                                                   {EventKind::memory_leaks, id.index()});
}

// What of others is swapped out for a process, and not for a request, is waited for by nobody.
bool survives(World& world, const Blueprint& blueprint, ResidentId id, const Taken& taken) {
  write_swap(world, blueprint, blueprint.memory.residents[id].machine);
  return taken.survives;
}

bool leak(World& world, const Blueprint& blueprint, ResidentId id) {
  const ProcessMemorySpec& spec = blueprint.memory.services[blueprint.memory.residents[id].service];
  if (spec.leak_per_hour.is_zero()) return true;
  const MemoryDemand piece{Bytes(0), Bytes(kLeakPiece), false};
  const Taken taken = world.memcg.take(id, piece, world.events.now(), Kill{world});
  if (!survives(world, blueprint, id, taken)) return false;
  world.memcg.count_leak(id);
  leak_later(world, spec, id);
  return true;
}

// With a group the main process is killed, too, where the service has one in it.
bool dies_as_a_whole(const World& world, const Blueprint& blueprint, ResidentId id) {
  const ServiceId service = blueprint.memory.residents[id].service;
  return world.memcg.is_condemned_with_group(id) && blueprint.services[service].restart;
}

bool counts_connections(const Blueprint& blueprint, ResidentId id) {
  if (id.is_none()) return false;
  const ServiceId service = blueprint.memory.residents[id].service;
  return blueprint.memory.services[service].counts_connections();
}

struct KillWorker {
  World& world;
  const Blueprint& blueprint;
  WorkerId worker;
  Effects& effects;

  void operator()(const SyncSpec&) const {
    kill_worker(world, blueprint, worker, Outcome::oom_killed, effects);
  }
  void operator()(const OnDemandSpec&) const { kill_instance(world, blueprint, worker, effects); }
  void operator()(const CelerySpec&) const { kill_child(world, blueprint, worker, effects); }
  template <class Server>
  void operator()(const Server&) const {
    COTENANT_ASSERT(false && "the memory of such a worker does not count");
  }
};

}  // namespace

void start_memory(World& world, const Blueprint& blueprint) {
  for (const HoldingSpec& holding : blueprint.memory.holdings) {
    world.memcg.occupy_for_main(holding.machine, holding.group, holding.bytes, world.events.now());
  }
  for (std::uint32_t id = 0; id < blueprint.services.size() && world.memcg.in_use(); ++id) {
    occupy_main(world, blueprint, ServiceId(id));
  }
  for (std::uint32_t r = 0; r < blueprint.memory.residents.size(); ++r) {
    if (!is_there(world, blueprint.memory.residents[ResidentId(r)])) continue;
    occupy_base(world, blueprint, ResidentId(r));
  }
  if (world.memcg.in_use()) world.memcg.fill_cache(world.events.now());
}

bool occupy_base(World& world, const Blueprint& blueprint, ResidentId id) {
  const Taken taken = world.memcg.begin(id, world.events.now(), Kill{world});
  if (!survives(world, blueprint, id, taken)) return false;
  const ServiceId service = blueprint.memory.residents[id].service;
  if (world.services[service].outage.preloads) end_preload(world, blueprint, service);
  return leak(world, blueprint, id);
}

void occupy_main(World& world, const Blueprint& blueprint, ServiceId service) {
  charge_main(world, blueprint, service, false);
}
void release_main(World& world, const Blueprint& blueprint, ServiceId service) {
  charge_main(world, blueprint, service, true);
}

void occupy_connection(World& world, const Blueprint& blueprint, ResidentId id) {
  if (!counts_connections(blueprint, id)) return;
  world.memcg.open_connection(id, world.events.now(), Kill{world});
  write_swap(world, blueprint, blueprint.memory.residents[id].machine);
}

void release_connection(World& world, const Blueprint& blueprint, ResidentId id) {
  if (counts_connections(blueprint, id)) world.memcg.close_connection(id, world.events.now());
}

void release_all(World& world, ResidentId id) {
  world.memcg.end(id, world.events.now());
  stop_timer(world, world.leak_timers[id]);
}

MemoryStep take_memory(World& world, const Blueprint& blueprint, ResidentId id,
                       RequestId request_id, std::uint16_t step) {
  Request& request = world.requests[request_id];
  const MemoryDemand& demand = blueprint.classes[request.request_class].steps[step].memory;
  const MachineId machine = blueprint.memory.residents[id].machine;
  const Bytes before = world.memcg.swapped_out(machine);
  const Taken taken = world.memcg.take(id, demand, world.events.now(), Kill{world});
  const bool pushed_others_out = world.memcg.swapped_out(machine) != before;
  if (!taken.survives) {
    write_swap(world, blueprint, machine);
    return MemoryStep::dies;
  }
  request.held += demand.held;
  request.holder = id;
  const bool goes_on = begin_stall(world, blueprint, request_id, step, taken, pushed_others_out);
  return goes_on ? MemoryStep::done : MemoryStep::waits;
}

CpuTime make_objects(World& world, HeapId heap, RequestId request) {
  world.requests[request].heap = heap;
  return world.heaps[heap].make();
}

void on_oom_kill(World& world, const Blueprint& blueprint, ResidentId id, Effects& effects) {
  if (!world.memcg.is_condemned(id)) return;
  const ResidentSpec& spec = blueprint.memory.residents[id];
  if (is_database(blueprint.services[spec.service])) {
    return begin_database_outage(world, blueprint, spec.service,
                                 world.memcg.is_condemned_with_group(id), effects);
  }
  if (dies_as_a_whole(world, blueprint, id)) {
    return begin_outage(world, blueprint, spec.service, Outcome::oom_killed, effects);
  }
  if (!spec.process.is_none()) return kill_process(world, blueprint, spec.process, effects);
  std::visit(KillWorker{world, blueprint, spec.worker, effects},
             blueprint.services[spec.service].server);
}

void on_memory_leaks(World& world, const Blueprint& blueprint, ResidentId id) {
  world.leak_timers[id] = Timer::none();
  leak(world, blueprint, id);
}

}  // namespace cotenant
