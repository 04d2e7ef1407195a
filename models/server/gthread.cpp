// SPDX-License-Identifier: Apache-2.0
#include "models/server/gthread.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "models/python/thread.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// What recv() of a request and send() of a reply cost on a loopback connection: a part of the
// phases start and respond. Assumed; that other threads get the lock meanwhile is what matters.
constexpr CpuTime kSystemCall{10'000};

// One thread during one step of the simulation: everything its transitions need.
struct Acting {
  World& world;
  const Blueprint& blueprint;
  ThreadId id;
  Effects& effects;

  ThreadState& thread() const { return world.threads[id]; }
  const ThreadSpec& spec() const { return blueprint.threads[id]; }
  ProcessState& process() const { return world.processes[spec().process]; }
  const ProcessSpec& process_spec() const { return blueprint.processes[spec().process]; }
  ServiceState& service() const { return world.services[process_spec().service]; }
  const GthreadSpec& server() const {
    return std::get<GthreadSpec>(blueprint.services[process_spec().service].server);
  }
  Instant now() const { return world.events.now(); }
  Request& request() const { return world.requests[thread().python.request]; }
  Acting other(ThreadId thread) const { return {world, blueprint, thread, effects}; }
};

CpuTime phase_cost(const Acting& acting, ServerPhase phase) {
  return acting.server().overhead.cost(phase, acting.process().code.since(phase, acting.now()));
}

void ran(const Acting& acting, ServerPhase phase) {
  acting.process().code.ran(phase, acting.now());
}

// The server's own code. True when there is nothing to wait for.
bool run_server(const Acting& acting, CpuTime cost) {
  return compute(acting.world, acting.blueprint, acting.id, cost, WaitState::server_cpu,
                 acting.effects);
}

// A system call, which is a part of a phase that costs this: the lock is free meanwhile.
bool call_system(const Acting& acting, CpuTime cost) {
  acting.thread().paid = std::min(cost, kSystemCall);
  if (acting.thread().paid.is_zero()) return run_server(acting, CpuTime(0));
  return compute_outside(acting.world, acting.blueprint, acting.id, acting.thread().paid,
                         WaitState::server_cpu, acting.effects);
}

CpuTime paid(const Acting& acting) { return std::exchange(acting.thread().paid, CpuTime(0)); }

void sleep(const Acting& acting, ThreadPhase phase) {
  acting.thread().phase = phase;
  block(acting.world, acting.blueprint, acting.id, acting.effects);
}

// --- Threads of the pool

bool fetch(const Acting& acting) {
  ProcessState& process = acting.process();
  ThreadState& thread = acting.thread();
  if (process.queue.empty()) {
    process.idle.push(acting.id);
    sleep(acting, ThreadPhase::idle);
    return false;
  }
  thread.python.request = process.queue.pop();
  thread.phase = ThreadPhase::receiving;
  thread.step = 0;
  acting.request().task = acting.spec().task;
  return call_system(acting, phase_cost(acting, ServerPhase::start));
}

// The rest of the start phase.
bool begin_starting(const Acting& acting) {
  acting.thread().phase = ThreadPhase::starting;
  return run_server(acting,
                    std::max(phase_cost(acting, ServerPhase::start) - paid(acting), CpuTime(0)));
}

bool begin_responding(const Acting& acting) {
  acting.thread().phase = ThreadPhase::responding;
  const CpuTime cost = phase_cost(acting, ServerPhase::respond);
  return run_server(acting, cost - std::min(cost, kSystemCall));
}

bool begin_sending(const Acting& acting) {
  acting.thread().phase = ThreadPhase::sending;
  return call_system(acting, phase_cost(acting, ServerPhase::respond));
}

bool begin_sleeping(const Acting& acting, Duration time) {
  acting.thread().phase = ThreadPhase::sleeping;
  if (time.is_zero()) return true;
  Request& request = acting.request();
  if (!request.ended) enter(request, WaitState::wait, acting.now());
  sleep(acting, ThreadPhase::sleeping);
  acting.world.events.schedule(acting.world.slot(acting.id), acting.now() + time,
                               order(Phase::server), {EventKind::thread_slept, acting.id.index()});
  return false;
}

// Starts step `thread.step` of the application, or the response after the last one.
bool begin_step(const Acting& acting) {
  ThreadState& thread = acting.thread();
  const auto& steps = acting.blueprint.classes[acting.request().request_class].steps;
  thread.step = static_cast<std::uint16_t>(
      next_step(acting.world, acting.blueprint, acting.request(), thread.step));
  if (thread.step == steps.size()) return begin_responding(acting);
  const StepSpec& step = steps[thread.step];
  const Duration demand = demand_of(acting.world, acting.blueprint, acting.request(), thread.step);
  if (step.kind == StepSpec::Kind::wait) return begin_sleeping(acting, demand);
  thread.phase = ThreadPhase::computing;
  const auto run = step.gil ? compute : compute_outside;
  return run(acting.world, acting.blueprint, acting.id, CpuTime(demand.count()), WaitState::cpu,
             acting.effects);
}

// The reply leaves the server: the client has it, unless it gave up before.
bool begin_finishing(const Acting& acting) {
  ThreadState& thread = acting.thread();
  const RequestId id = thread.python.request;
  Request& request = acting.request();
  thread.python.request = RequestId::none();
  thread.phase = ThreadPhase::finishing;
  --acting.service().in_service;
  ++acting.service().served;
  request.at_server = false;
  if (request.ended) {
    acting.world.requests.remove(id);
  } else {
    acting.effects.push(RequestEnded{id, outcome_of_reply(request)});
  }
  if (!run_server(acting, phase_cost(acting, ServerPhase::finish))) return false;
  // A thread to which requests cost nothing may empty a whole queue at one instant. It takes the
  // next one when the end of this one has been delivered, so that effects do not pile up.
  acting.effects.push(WorkDone{acting.spec().task, {}});
  return false;
}

void wake_main(const Acting& main);

// The connection is closed. A main thread that held all it may has room for another.
void leave(const Acting& acting) {
  --acting.process().connections;
  const Acting main = acting.other(acting.process_spec().main);
  const bool waits = main.thread().phase == ThreadPhase::selecting;
  if (waits && !acting.service().accept_queue.empty()) wake_main(main);
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on_in_pool(const Acting& acting) {
  ThreadState& thread = acting.thread();
  switch (thread.phase) {
    case ThreadPhase::fetching:
      return fetch(acting);
    case ThreadPhase::receiving:
      return begin_starting(acting);
    case ThreadPhase::starting:
      ran(acting, ServerPhase::start);
      return begin_step(acting);
    case ThreadPhase::computing:
    case ThreadPhase::sleeping:
      ++thread.step;
      return begin_step(acting);
    case ThreadPhase::responding:
      return begin_sending(acting);
    case ThreadPhase::sending:
      ran(acting, ServerPhase::respond);
      thread.paid = CpuTime(0);
      return begin_finishing(acting);
    case ThreadPhase::finishing:
      ran(acting, ServerPhase::finish);
      leave(acting);
      return fetch(acting);
    default:
      COTENANT_ASSERT(false && "an idle thread has no phase to end");
      return false;
  }
}

void end_phase_in_pool(const Acting& acting) {
  while (go_on_in_pool(acting)) {
  }
}

void wake_pool(const Acting& acting) {
  acting.thread().phase = ThreadPhase::fetching;
  if (run_server(acting, CpuTime(0))) end_phase_in_pool(acting);
}

// --- Main threads

bool may_accept(const Acting& main) {
  return main.process().connections < main.server().connections;
}

// accept(): the next connection, or back to select().
bool try_accept(const Acting& main) {
  ThreadState& thread = main.thread();
  BoundedQueue<RequestId>& accept_queue = main.service().accept_queue;
  if (accept_queue.empty() || !may_accept(main)) {
    thread.paid = CpuTime(0);
    sleep(main, ThreadPhase::selecting);
    return false;
  }
  ++main.process().connections;
  thread.python.request = accept_queue.pop();
  thread.phase = ThreadPhase::accepting;
  main.request().task = main.spec().task;
  const CpuTime cost = phase_cost(main, ServerPhase::accept);
  return run_server(main, std::max(cost - paid(main), CpuTime(0)));
}

// Into the queue of the process. An idle thread is told; another one may be faster to take it.
bool hand_over(const Acting& main) {
  ProcessState& process = main.process();
  ThreadState& thread = main.thread();
  const RequestId id = thread.python.request;
  Request& request = main.request();
  thread.python.request = RequestId::none();
  thread.phase = ThreadPhase::handing_over;
  const bool waits_for_lock = !process.idle.empty() && main.process_spec().gil;
  if (!request.ended) {
    enter(request, waits_for_lock ? WaitState::gil : WaitState::process_queue, main.now());
  }
  process.queue.push(id);
  if (!process.idle.empty()) wake_pool(main.other(process.idle.pop()));
  return run_server(main, phase_cost(main, ServerPhase::hand_over));
}

bool go_on_in_main(const Acting& main) {
  switch (main.thread().phase) {
    case ThreadPhase::waking:
      ran(main, ServerPhase::spurious_wake);
      return try_accept(main);
    case ThreadPhase::accepting:
      ran(main, ServerPhase::accept);
      return hand_over(main);
    case ThreadPhase::handing_over:
      ran(main, ServerPhase::hand_over);
      return try_accept(main);
    default:
      COTENANT_ASSERT(false && "a main thread in select() has no phase to end");
      return false;
  }
}

void end_phase_in_main(const Acting& main) {
  while (go_on_in_main(main)) {
  }
}

void wake_main(const Acting& main) {
  ThreadState& thread = main.thread();
  thread.phase = ThreadPhase::waking;
  thread.paid = phase_cost(main, ServerPhase::spurious_wake);
  if (run_server(main, thread.paid)) end_phase_in_main(main);
}

}  // namespace

void start_gthread(World& world, const Blueprint& blueprint, const GthreadSpec& server) {
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId id(server.first_process.index() + p);
    ProcessState& process = world.processes[id];
    process.gil = Gil(server.threads + 1);
    process.queue = BoundedQueue<RequestId>(server.connections);
    process.idle = BoundedQueue<ThreadId>(server.threads);
    const ThreadId main = blueprint.processes[id].main;
    world.threads[main].phase = ThreadPhase::selecting;
    for (std::uint32_t t = 1; t <= server.threads; ++t) {
      process.idle.push(ThreadId(main.index() + t));
    }
  }
}

// In the order of the processes, as epoll's callbacks are called in a fixed order; which of them
// gets a core first is the scheduler's business.
void wake_gthread(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const auto& server = std::get<GthreadSpec>(blueprint.services[id].server);
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId process(server.first_process.index() + p);
    const Acting main{world, blueprint, blueprint.processes[process].main, effects};
    if (main.thread().phase == ThreadPhase::selecting && may_accept(main)) wake_main(main);
  }
}

void on_gthread_main_ran(World& world, const Blueprint& blueprint, ThreadId id,
                         const BurstTimes& burst, Effects& effects) {
  if (!on_thread_ran(world, blueprint, id, burst, effects)) return;
  end_phase_in_main({world, blueprint, id, effects});
}

void on_gthread_pool_ran(World& world, const Blueprint& blueprint, ThreadId id,
                         const BurstTimes& burst, Effects& effects) {
  if (!on_thread_ran(world, blueprint, id, burst, effects)) return;
  end_phase_in_pool({world, blueprint, id, effects});
}

void on_gthread_slept(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  end_phase_in_pool({world, blueprint, id, effects});
}

}  // namespace cotenant
