// SPDX-License-Identifier: Apache-2.0
#include "models/server/leader_followers_life.h"

#include <utility>

#include "models/server/arbiter.h"
#include "models/server/leader_followers.h"
#include "models/server/process.h"

namespace cotenant {
namespace {

const LeaderFollowersSpec& server_of(const Blueprint& blueprint, ServiceId service) {
  return std::get<LeaderFollowersSpec>(blueprint.services[service].server);
}

const LeaderFollowersSpec& server_of(const ServerThread& thread) {
  return server_of(thread.blueprint, thread.process_spec().service);
}

// It finishes what it holds, and is killed if that takes too long.
void stop(World& world, const LeaderFollowersSpec& server, ProcessId id, ProcessPhase how) {
  ProcessState& process = world.processes[id];
  if (process.phase == ProcessPhase::dying) return;
  process.phase = how;
  if (server.ends_overdue) process.deadline = Instant::never();
  const Duration longest = process.connections == 0 ? Duration(0) : server.patience;
  schedule_in_life(world, id, world.events.now() + longest);
}

// --- When it is overdue

// uWSGI has one deadline for each process, which is that of the request that has begun last. In
// whole seconds of the clock: it is over when the clock shows a later one.
Instant deadline_of_latest(const ServerThread& thread) {
  const ServiceId service = thread.process_spec().service;
  const Instant tick = Instant() + thread.world.chance.arbiters[service].clock;
  return first_after(thread.now(), tick, seconds(1)) + *server_of(thread).arbiter.timeout;
}

// mod_wsgi adds up how long the requests of a process have taken and divides by its threads: when
// that will be more than the timeout, unless something changes.
Instant deadline_of_all(const LeaderFollowersSpec& server, const ProcessState& process) {
  if (process.begun.count == 0 || !process.accepts()) return Instant::never();
  const Int128 together = Int128{server.arbiter.timeout->count()} * server.threads;
  return Instant() +
         Duration(static_cast<std::int64_t>((together + process.begun.sum) / process.begun.count));
}

// --- When it has served enough

// It may be too young, or go on for a while if it is busy.
void end_when_old(const ServerThread& thread) {
  const LeaderFollowersSpec& server = server_of(thread);
  const ProcessState& process = thread.process();
  if (thread.now() - process.life.reported < server.youngest) return;
  if (process.connections > 0 && !server.grace.is_zero()) {
    return schedule_in_life(thread.world, thread.spec().process, thread.now() + server.grace);
  }
  stop(thread.world, server, thread.spec().process, ProcessPhase::stopping);
}

// uWSGI looks at the size of the process after each request.
bool is_too_large(const ServerThread& thread) {
  const Bytes most = server_of(thread).reload_on_rss;
  const ResidentId id = thread.process_spec().resident;
  return most != kNoLimit && thread.world.memcg.is_alive(id) &&
         thread.world.memcg.resident(id) >= most;
}

// --- How many there are

bool is_active(const ProcessState& process) {
  return process.phase != ProcessPhase::gone && process.phase != ProcessPhase::retiring;
}

// Ended, and nobody is on the way to replace it.
bool is_stopped(const World& world, ProcessId id) {
  return world.processes[id].phase == ProcessPhase::gone &&
         world.events.scheduled_at(world.slot(id)) == Instant::never();
}

// Calls f(ProcessId).
template <class F>
void for_each_process(const LeaderFollowersSpec& server, F f) {
  for (std::uint32_t p = 0; p < server.processes; ++p)
    f(ProcessId(server.first_process.index() + p));
}

CheaperView view_of(const World& world, const LeaderFollowersSpec& server, ServiceId service) {
  CheaperView view;
  view.queued = static_cast<std::uint32_t>(world.services[service].accept_queue.size());
  for_each_process(server, [&](ProcessId id) {
    const ProcessState& process = world.processes[id];
    if (is_stopped(world, id)) ++view.stopped;
    if (!is_active(process)) return;
    ++view.active;
    if (process.connections > 0) ++view.busy;
  });
  return view;
}

void start_one(World& world, const LeaderFollowersSpec& server) {
  bool started = false;
  for_each_process(server, [&](ProcessId id) {
    if (started || !is_stopped(world, id)) return;
    schedule_in_life(world, id, world.events.now());
    started = true;
  });
}

// The oldest. One that boots is not told before it looks, and then it is not the oldest.
void end_one(World& world, const LeaderFollowersSpec& server) {
  ProcessId oldest;
  for_each_process(server, [&](ProcessId id) {
    const ProcessState& process = world.processes[id];
    if (!is_active(process) || process.phase == ProcessPhase::booting) return;
    if (oldest.is_none() || process.life.reported < world.processes[oldest].life.reported) {
      oldest = id;
    }
  });
  if (!oldest.is_none()) stop(world, server, oldest, ProcessPhase::retiring);
}

}  // namespace

void request_begins(const ServerThread& thread) {
  const LeaderFollowersSpec& server = server_of(thread);
  if (!server.arbiter.timeout) return;
  ProcessState& process = thread.process();
  if (server.timed == TimedRequests::average) {
    thread.thread().began = thread.now();
    process.begun.add(thread.now());
  }
  process.deadline = server.timed == TimedRequests::latest ? deadline_of_latest(thread)
                                                           : deadline_of_all(server, process);
  look_by(thread.world, thread.process_spec().service, process.deadline);
}

void request_is_over(const ServerThread& thread) {
  const LeaderFollowersSpec& server = server_of(thread);
  ProcessState& process = thread.process();
  // uWSGI forgets the deadline as soon as any request of the process is over.
  process.deadline = Instant::never();
  if (process.begun.count > 0) {
    process.begun.remove(std::exchange(thread.thread().began, Instant()));
    process.deadline = deadline_of_all(server, process);
    look_by(thread.world, thread.process_spec().service, process.deadline);
  }
  if (process.life.has_served_enough() && process.accepts()) process.phase = ProcessPhase::worn_out;
  if (is_too_large(thread) && process.accepts()) process.phase = ProcessPhase::worn_out;
  if (process.phase == ProcessPhase::worn_out) end_when_old(thread);
  if (!process.accepts() && process.connections == 0) {
    schedule_in_life(thread.world, thread.spec().process, thread.now());
  }
}

bool told_to_end(World& world, const Blueprint& blueprint, ProcessId id) {
  if (!accepts_for_itself(blueprint, id)) return false;
  const LeaderFollowersSpec& server = server_of(blueprint, blueprint.processes[id].service);
  if (!server.ends_overdue) return false;
  stop(world, server, id, ProcessPhase::stopping);
  return true;
}

void on_leader_process_due(World& world, const Blueprint& blueprint, ProcessId id,
                           Effects& effects) {
  if (!world.processes[id].accepts()) return end_process(world, blueprint, id, effects);
  const LeaderFollowersSpec& server = server_of(blueprint, blueprint.processes[id].service);
  stop(world, server, id, ProcessPhase::stopping);
}

bool adapts(const ServiceSpec& service) {
  const auto* server = std::get_if<LeaderFollowersSpec>(&service.server);
  return server != nullptr && server->cheaper;
}

bool begins_stopped(const Blueprint& blueprint, ProcessId id) {
  const LeaderFollowersSpec& server = server_of(blueprint, blueprint.processes[id].service);
  const std::uint32_t number = id.index() - server.first_process.index();
  return server.cheaper && number >= server.cheaper->workers;
}

void adapt(World& world, const Blueprint& blueprint, ServiceId id) {
  const LeaderFollowersSpec& server = server_of(blueprint, id);
  std::int32_t change =
      world.services[id].cheaper.decide(*server.cheaper, view_of(world, server, id));
  if (change < 0) return end_one(world, server);
  while (change-- > 0) start_one(world, server);
}

}  // namespace cotenant
