// SPDX-License-Identifier: Apache-2.0
#include "models/server/place.h"

#include <variant>

#include "models/server/hub.h"
#include "models/server/leader_followers_life.h"
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

// It does not report in the middle of something.
Instant hangs_at(const World& world, const ArbiterSpec& arbiter, WorkerId id) {
  const WorkerState& worker = world.workers[id];
  if (worker.phase == WorkerPhase::idle || worker.phase == WorkerPhase::gone) {
    return Instant::never();
  }
  return worker.life.reported + arbiter.timeout.value();
}

// Main threads of gthread report all the time: they never serve. Event loops do when they get round
// to it. Of processes whose threads accept for themselves requests are timed instead.
Instant hangs_at(const World& world, const ArbiterSpec& arbiter, ProcessId id) {
  const ProcessState& process = world.processes[id];
  if (process.phase == ProcessPhase::gone) return Instant::never();
  if (arbiter.times_requests) return process.deadline;
  if (!process.loop && process.accepts()) return Instant::never();
  return process.life.reported + arbiter.timeout.value();
}

bool is_dying(const World&, WorkerId) { return false; }
bool is_dying(const World& world, ProcessId id) { return world.processes[id].abort != Abort::none; }

void kill(World& world, const Blueprint& blueprint, WorkerId worker, Effects& effects) {
  const ServiceSpec& service = blueprint.services[blueprint.workers[worker].service];
  kill_worker(world, blueprint, worker, service.arbiter().victim, effects);
}
void kill(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects) {
  if (told_to_end(world, blueprint, process)) return;
  if (asked_to_end(world, blueprint, process, effects)) return;
  end_process(world, blueprint, process, effects);
}

bool is_empty(const World& world, WorkerId worker) {
  return world.workers[worker].phase == WorkerPhase::gone;
}
bool is_empty(const World& world, ProcessId process) {
  return world.processes[process].phase == ProcessPhase::gone;
}

void end(World& world, const Blueprint& blueprint, WorkerId worker, Outcome outcome,
         Effects& effects) {
  kill_worker(world, blueprint, worker, outcome, effects);
}
void end(World& world, const Blueprint& blueprint, ProcessId process, Outcome outcome,
         Effects& effects) {
  end_process(world, blueprint, process, outcome, effects);
}

Event fork_of(WorkerId worker) { return {EventKind::worker_forked, worker.index()}; }
Event fork_of(ProcessId process) { return {EventKind::process_due, process.index()}; }

}  // namespace

std::uint32_t places_of(const ServiceSpec& service) {
  if (const auto* sync = std::get_if<SyncSpec>(&service.server)) return sync->workers;
  return std::visit(
      [](const auto& server) -> std::uint32_t {
        if constexpr (requires { server.processes; }) return server.processes;
        return 0;
      },
      service.server);
}

Place place_of(const Blueprint& blueprint, WorkerId worker) {
  const ServiceId service = blueprint.workers[worker].service;
  const auto& server = std::get<SyncSpec>(blueprint.services[service].server);
  return {service, worker.index() - server.first_worker.index()};
}

Place place_of(const Blueprint& blueprint, ProcessId process) {
  const ServiceId service = blueprint.processes[process].service;
  const ProcessId first = std::visit(
      [](const auto& server) {
        if constexpr (requires { server.first_process; }) return server.first_process;
        return ProcessId::none();
      },
      blueprint.services[service].server);
  return {service, process.index() - first.index()};
}

bool is_dying(const World& world, const Blueprint& blueprint, Place place) {
  return with_process(blueprint, place, [&](auto id) { return is_dying(world, id); });
}

Life& life_at(World& world, const Blueprint& blueprint, Place place) {
  return with_process(blueprint, place, [&](auto id) -> Life& { return life_of(world, id); });
}

Instant hangs_at(const World& world, const Blueprint& blueprint, Place place) {
  const ArbiterSpec& arbiter = blueprint.services[place.service].arbiter();
  return with_process(blueprint, place, [&](auto id) { return hangs_at(world, arbiter, id); });
}

void kill_at(World& world, const Blueprint& blueprint, Place place, Effects& effects) {
  with_process(blueprint, place, [&](auto id) { kill(world, blueprint, id, effects); });
}

void clear_place(World& world, const Blueprint& blueprint, Place place, Outcome outcome,
                 Effects& effects) {
  with_process(blueprint, place, [&](auto id) {
    if (!is_empty(world, id)) end(world, blueprint, id, outcome, effects);
    world.events.cancel(world.slot(id));
  });
}

void schedule_fork(World& world, const Blueprint& blueprint, Place place, Instant at) {
  with_process(blueprint, place, [&](auto id) {
    world.events.schedule(world.slot(id), at, order(Phase::server), fork_of(id));
  });
}

}  // namespace cotenant
