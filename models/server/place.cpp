// SPDX-License-Identifier: Apache-2.0
#include "models/server/place.h"

#include <variant>

#include "models/server/process.h"
#include "models/server/sync_workers.h"

namespace cotenant {
namespace {

WorkerId in_place(const SyncSpec& server, Place place) {
  return WorkerId(server.first_worker.index() + place.number);
}
template <class Server>
ProcessId in_place(const Server& server, Place place) {
  if constexpr (requires { server.first_process; }) {
    return ProcessId(server.first_process.index() + place.number);
  } else {
    COTENANT_ASSERT(false && "nobody looks after the processes of such a service");
    return ProcessId::none();
  }
}

// Calls f(WorkerId) or f(ProcessId).
template <class F>
decltype(auto) with_process(const Blueprint& blueprint, Place place, F f) {
  return std::visit(
      [&](const auto& server) -> decltype(auto) { return f(in_place(server, place)); },
      blueprint.services[place.service].server);
}

Life& life_of(World& world, WorkerId worker) { return world.workers[worker].life; }
Life& life_of(World& world, ProcessId process) { return world.processes[process].life; }

bool may_hang(const World& world, const Blueprint&, WorkerId worker) {
  const WorkerPhase phase = world.workers[worker].phase;
  return phase != WorkerPhase::idle && phase != WorkerPhase::gone;
}

// Main threads of gthread report all the time: they never serve. Event loops do when they get round
// to it.
bool may_hang(const World& world, const Blueprint&, ProcessId id) {
  const ProcessState& process = world.processes[id];
  if (process.phase == ProcessPhase::gone) return false;
  return process.loop || !process.accepts();
}

void kill(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects) {
  kill_worker(world, blueprint, worker, effects);
}
void kill(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects) {
  end_process(world, blueprint, process, effects);
}

Event fork_of(WorkerId worker) { return {EventKind::worker_forked, worker.index()}; }
Event fork_of(ProcessId process) { return {EventKind::process_due, process.index()}; }

}  // namespace

std::uint32_t places_of(const ServiceSpec& service) {
  if (const auto* sync = std::get_if<SyncSpec>(&service.server)) return sync->workers;
  if (const auto* gthread = std::get_if<GthreadSpec>(&service.server)) return gthread->processes;
  return std::get<LoopSpec>(service.server).processes;
}

Place place_of(const Blueprint& blueprint, WorkerId worker) {
  const ServiceId service = blueprint.workers[worker].service;
  const auto& server = std::get<SyncSpec>(blueprint.services[service].server);
  return {service, worker.index() - server.first_worker.index()};
}

Place place_of(const Blueprint& blueprint, ProcessId process) {
  const ServiceId service = blueprint.processes[process].service;
  const auto& server = blueprint.services[service].server;
  const auto* gthread = std::get_if<GthreadSpec>(&server);
  const ProcessId first =
      gthread != nullptr ? gthread->first_process : std::get<LoopSpec>(server).first_process;
  return {service, process.index() - first.index()};
}

Life& life_at(World& world, const Blueprint& blueprint, Place place) {
  return with_process(blueprint, place, [&](auto id) -> Life& { return life_of(world, id); });
}

bool may_hang(const World& world, const Blueprint& blueprint, Place place) {
  return with_process(blueprint, place, [&](auto id) { return may_hang(world, blueprint, id); });
}

void kill_at(World& world, const Blueprint& blueprint, Place place, Effects& effects) {
  with_process(blueprint, place, [&](auto id) { kill(world, blueprint, id, effects); });
}

void schedule_fork(World& world, const Blueprint& blueprint, Place place, Instant at) {
  with_process(blueprint, place, [&](auto id) {
    world.events.schedule(world.slot(id), at, order(Phase::server), fork_of(id));
  });
}

}  // namespace cotenant
