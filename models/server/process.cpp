// SPDX-License-Identifier: Apache-2.0
#include "models/server/process.h"

#include <variant>

#include "models/python/thread.h"
#include "models/server/arbiter.h"
#include "models/server/gthread_life.h"
#include "models/server/leader_followers.h"
#include "models/server/leader_followers_life.h"
#include "models/server/listening.h"
#include "models/server/loop_life.h"
#include "models/server/outage.h"
#include "models/server/parking.h"
#include "models/server/stay.h"
#include "models/service/connections.h"
#include "models/workload/client.h"

namespace cotenant {
namespace {

// Calls f(ThreadId): the first is the one that accepts.
template <class F>
void for_each_thread(const Blueprint& blueprint, ProcessId process, F f) {
  for (ThreadId thread = blueprint.processes[process].main;
       thread.index() < blueprint.threads.size() && blueprint.threads[thread].process == process;
       thread = ThreadId(thread.index() + 1)) {
    f(thread);
  }
}

// Accepted by the process, which has not replied to it.
bool is_held_by(const Blueprint& blueprint, ProcessId process, const Request& request) {
  if (!request.at_server || request.task.machine.is_none()) return false;
  const ServiceId service = blueprint.classes[request.request_class].service;
  if (service != blueprint.processes[process].service) return false;
  return blueprint.process_of(request.task) == process;
}

void lose(World& world, RequestId id, Outcome outcome, Effects& effects) {
  Request& request = world.requests[id];
  stop_timer(world, request.wait);
  forget_waits(world, id);
  close_connection(world, request);
  give_memory_back(world, request);
  request.at_server = false;
  if (request.ended) {
    world.requests.remove(id);
  } else {
    effects.push(RequestEnded{id, outcome});
  }
}

// All of them: in a thread, in a queue, and while the loop waits for something.
void lose_requests(World& world, const Blueprint& blueprint, ProcessId process, Outcome outcome,
                   Effects& effects) {
  ServiceState& service = world.services[blueprint.processes[process].service];
  effects.reserve(world.requests.live() + blueprint.threads.size());
  world.requests.for_each([&](RequestId id, const Request& request) {
    if (!is_held_by(blueprint, process, request)) return;
    --service.in_service;
    lose(world, id, outcome_of_victim(world, id, outcome), effects);
  });
}

void stop_thread(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  ThreadState& thread = world.threads[id];
  world.events.cancel(world.slot(id));
  if (thread.python.wants_cpu()) effects.push(WithdrawCpu{blueprint.threads[id].task});
  const std::uint64_t waits = thread.python.waits;  // the chance of those to come is their own
  thread = {};
  thread.python.waits = waits;
}

// What a new process has of it.
void reset(World& world, const Blueprint& blueprint, ProcessId id) {
  ProcessState& process = world.processes[id];
  process.gil.reset();
  process.queue.clear();
  process.connections = 0;
  process.deadline = Instant::never();
  process.abort = Abort::none;
  process.begun = {};
  process.code = {};
  if (process.loop) process.loop->clear();
  listen_anew(world, id);
  process.idle.clear();
  fill_pool(world, blueprint, id);
}

void boot(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const Place place = place_of(blueprint, id);
  const ArbiterSpec& arbiter = blueprint.services[place.service].arbiter();
  const ThreadId main = blueprint.processes[id].main;
  ProcessState& process = world.processes[id];
  process.phase = ProcessPhase::booting;
  process.life.requests_left = requests_allowed(world, blueprint, place);
  process.life.reported = world.events.now();
  watch(world, place.service, arbiter, process.life.reported);
  world.threads[main].phase = ThreadPhase::booting;
  const CpuTime cost = cost_of_boot(world, blueprint, place.service);
  if (compute_outside(world, blueprint, main, cost, WaitState::server_cpu, effects)) {
    effects.push(WorkDone{blueprint.threads[main].task});
  }
}

// Main threads of gthread do not hang.
bool may_end(const World& world, const Blueprint& blueprint, ProcessId id) {
  if (accepts_for_itself(blueprint, id)) return true;
  const ArbiterSpec& arbiter = blueprint.services[blueprint.processes[id].service].arbiter();
  return arbiter.max_requests > 0 || arbiter.may_crash ||
         (world.processes[id].loop && arbiter.timeout);
}

// Nobody starts another process of the service, not even those who are on the way.
void end_for_good(World& world, const Blueprint& blueprint, ServiceId service, Effects& effects) {
  const auto& server = std::get<LoopSpec>(blueprint.services[service].server);
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId id(server.first_process.index() + p);
    ++world.services[service].arbiter.lost;
    world.events.cancel(world.slot(id));
    if (world.processes[id].phase == ProcessPhase::gone) continue;
    world.processes[id].phase = ProcessPhase::retiring;
    end_process(world, blueprint, id, effects);
  }
}

// Of a process that dies so, and of all others where they die with it.
void end_abruptly(World& world, const Blueprint& blueprint, ProcessId id, Outcome outcome,
                  Effects& effects) {
  const ServiceId service = blueprint.processes[id].service;
  const ArbiterSpec& arbiter = blueprint.services[service].arbiter();
  if (arbiter.dies_with_any) world.processes[id].phase = ProcessPhase::retiring;
  end_process(world, blueprint, id, outcome, effects);
  if (!arbiter.dies_with_any) return;
  if (!blueprint.services[service].restart) return end_for_good(world, blueprint, service, effects);
  begin_outage(world, blueprint, service, arbiter.victim, effects);
}

void end_crashed(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServiceId service = blueprint.processes[id].service;
  end_abruptly(world, blueprint, id, blueprint.services[service].arbiter().victim, effects);
}

}  // namespace

void begin_life(World& world, const Blueprint& blueprint, ProcessId id) {
  const Place place = place_of(blueprint, id);
  if (!may_end(world, blueprint, id)) return;
  world.processes[id].life.requests_left = requests_allowed(world, blueprint, place);
  if (place.number == 0) start_arbiter(world, place.service);
  if (world.processes[id].loop) begin_ticking_anywhere(world, blueprint, id);
}

void fill_pool(World& world, const Blueprint& blueprint, ProcessId process) {
  const ThreadId main = blueprint.processes[process].main;
  for_each_thread(blueprint, process, [&](ThreadId thread) {
    if (thread != main) world.processes[process].idle.push(thread);
  });
}

void end_process(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServiceId service = blueprint.processes[id].service;
  end_process(world, blueprint, id, blueprint.services[service].arbiter().victim, effects);
}

void end_process(World& world, const Blueprint& blueprint, ProcessId id, Outcome outcome,
                 Effects& effects) {
  const bool is_replaced = world.processes[id].phase != ProcessPhase::retiring;
  lose_connections(world, id);
  // Accounts are closed before what was computed for them is lost.
  lose_requests(world, blueprint, id, outcome, effects);
  for_each_thread(blueprint, id,
                  [&](ThreadId thread) { stop_thread(world, blueprint, thread, effects); });
  reset(world, blueprint, id);
  end_residence(world, blueprint.processes[id]);
  close_pools(world, blueprint, blueprint.processes[id].pools);
  close_kept(world, blueprint, blueprint.processes[id].kept, effects);
  world.connections.end_process(blueprint.processes[id].descriptors);
  world.threads[blueprint.processes[id].main].phase = ThreadPhase::gone;
  world.processes[id].phase = ProcessPhase::gone;
  world.events.cancel(world.slot(id));
  ++world.processes[id].life.lives;
  if (is_replaced) replace_process(world, blueprint, place_of(blueprint, id));
  if (accepts_for_itself(blueprint, id)) pass_turn_on(world, blueprint, id, effects);
}

void crash(World& world, ProcessId id) {
  world.processes[id].phase = ProcessPhase::dying;
  schedule_in_life(world, id, world.events.now());
}

void kill_process(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  end_abruptly(world, blueprint, id, Outcome::oom_killed, effects);
}

bool begin_serving(World& world, const Blueprint& blueprint, ProcessId id) {
  if (!begin_residence(world, blueprint, blueprint.processes[id].resident)) return false;
  world.processes[id].phase = ProcessPhase::running;
  if (world.processes[id].loop) begin_ticking(world, blueprint, id);
  return true;
}

void schedule_in_life(World& world, ProcessId process, Instant at) {
  world.events.schedule(world.slot(process), at, order(Phase::server),
                        {EventKind::process_due, process.index()});
}

void on_process_due(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ProcessState& process = world.processes[id];
  if (process.phase == ProcessPhase::gone) return boot(world, blueprint, id, effects);
  if (process.phase == ProcessPhase::dying) return end_crashed(world, blueprint, id, effects);
  if (process.loop) return on_loop_tick_due(world, blueprint, id, effects);
  if (accepts_for_itself(blueprint, id)) {
    return on_leader_process_due(world, blueprint, id, effects);
  }
  on_gthread_due(world, blueprint, id, effects);
}

}  // namespace cotenant
