// SPDX-License-Identifier: Apache-2.0
#include "models/server/gthread.h"

#include <variant>

#include "models/python/thread.h"
#include "models/server/gthread_life.h"
#include "models/server/process.h"
#include "models/server/server_thread.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

const GthreadSpec& server_of(const ServerThread& thread) {
  return std::get<GthreadSpec>(thread.service_spec().server);
}

// --- Threads of the pool

bool fetch(const ServerThread& pool) {
  ProcessState& process = pool.process();
  ThreadState& thread = pool.thread();
  if (process.queue.empty()) {
    process.idle.push(pool.id);
    pool.sleep(ThreadPhase::idle);
    return false;
  }
  pool.take_up(process.queue.pop());
  thread.phase = ThreadPhase::receiving;
  thread.step = 0;
  return pool.call_system(pool.cost(ServerPhase::start));
}

bool begin_responding(const ServerThread& pool) {
  pool.thread().phase = ThreadPhase::responding;
  return pool.run_before_call(ServerPhase::respond);
}

bool begin_sending(const ServerThread& pool) {
  pool.thread().phase = ThreadPhase::sending;
  return pool.call_system(pool.cost(ServerPhase::respond));
}

// Starts step `thread.step` of the application, or the response after the last one.
bool begin_step(const ServerThread& pool) {
  std::uint16_t& at = pool.thread().step;
  const auto& steps = pool.request_class().steps;
  pass_errors(pool.world, steps, pool.request(), at);
  if (at == steps.size()) return begin_responding(pool);
  if (steps[at].kind == StepSpec::Kind::call) return pool.call_with_request(steps[at]);
  const Duration demand = demand_of(pool.world, pool.blueprint, pool.request(), at);
  if (steps[at].kind != StepSpec::Kind::cpu) return pool.sleep_with_request(demand);
  return pool.compute_step(steps[at], CpuTime(demand.count()));
}

bool begin_finishing(const ServerThread& pool) {
  pool.thread().phase = ThreadPhase::finishing;
  pool.reply(pool.request().reply);
  if (pool.run_server(pool.cost(ServerPhase::finish))) pool.go_on_later();
  return false;
}

void wake_main(const ServerThread& main);

// The connection is closed. A main thread that held all it may has room for another.
void leave(const ServerThread& pool) {
  --pool.process().connections;
  if (pool.process().phase == ProcessPhase::stopping) return end_when_empty(pool);
  const ServerThread main = pool.main();
  const bool waits = main.thread().phase == ThreadPhase::selecting;
  if (waits && !pool.service().accept_queue.empty()) wake_main(main);
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on_in_pool(const ServerThread& pool) {
  ThreadState& thread = pool.thread();
  switch (thread.phase) {
    case ThreadPhase::fetching:
      return fetch(pool);
    case ThreadPhase::receiving:
      thread.phase = ThreadPhase::starting;
      return pool.run_after_call(ServerPhase::start);
    case ThreadPhase::starting:
      pool.ran(ServerPhase::start);
      count_request(pool);
      return begin_step(pool);
    case ThreadPhase::computing:
    case ThreadPhase::sleeping:
      ++thread.step;
      return begin_step(pool);
    case ThreadPhase::responding:
      return begin_sending(pool);
    case ThreadPhase::sending:
      pool.ran(ServerPhase::respond);
      thread.paid = CpuTime(0);
      return begin_finishing(pool);
    case ThreadPhase::finishing:
      pool.ran(ServerPhase::finish);
      leave(pool);
      return fetch(pool);
    default:
      COTENANT_ASSERT(false && "an idle thread has no phase to end");
      return false;
  }
}

void end_phase_in_pool(const ServerThread& pool) {
  while (go_on_in_pool(pool)) {
  }
}

void wake_pool(const ServerThread& pool) {
  pool.thread().phase = ThreadPhase::fetching;
  if (pool.run_server(CpuTime(0))) end_phase_in_pool(pool);
}

// --- Main threads

bool may_accept(const ServerThread& main) {
  return main.process().connections < server_of(main).connections;
}

// accept(): the next connection, or back to select().
bool try_accept(const ServerThread& main) {
  ThreadState& thread = main.thread();
  BoundedQueue<RequestId>& accept_queue = main.service().accept_queue;
  if (accept_queue.empty() || !may_accept(main)) {
    thread.paid = CpuTime(0);
    if (begin_round(main)) main.sleep(ThreadPhase::selecting);
    return false;
  }
  ++main.process().connections;
  main.take_up(accept_queue.pop());
  thread.phase = ThreadPhase::accepting;
  return main.run_after_call(ServerPhase::accept);
}

// Into the queue of the process. An idle thread is told; another one may be faster to take it.
bool hand_over(const ServerThread& main) {
  ProcessState& process = main.process();
  ThreadState& thread = main.thread();
  const RequestId id = thread.python.request;
  thread.phase = ThreadPhase::handing_over;
  const bool waits_for_lock = !process.idle.empty() && main.process_spec().gil;
  main.put_down(waits_for_lock ? WaitState::gil : WaitState::process_queue);
  process.queue.push(id);
  if (!process.idle.empty()) wake_pool(main.other(process.idle.pop()));
  return main.run_server(main.cost(ServerPhase::hand_over));
}

bool go_on_in_main(const ServerThread& main) {
  switch (main.thread().phase) {
    case ThreadPhase::waking:
      main.ran(ServerPhase::spurious_wake);
      return try_accept(main);
    case ThreadPhase::accepting:
      main.ran(ServerPhase::accept);
      return hand_over(main);
    case ThreadPhase::handing_over:
      main.ran(ServerPhase::hand_over);
      return begin_round(main) && try_accept(main);
    case ThreadPhase::booting:
      begin_serving(main.world, main.blueprint, main.spec().process);
      return try_accept(main);
    default:
      COTENANT_ASSERT(false && "a main thread in select() has no phase to end");
      return false;
  }
}

void end_phase_in_main(const ServerThread& main) {
  while (go_on_in_main(main)) {
  }
}

void wake_main(const ServerThread& main) {
  ThreadState& thread = main.thread();
  thread.phase = ThreadPhase::waking;
  thread.paid = main.cost(ServerPhase::spurious_wake);
  if (main.run_server(thread.paid)) end_phase_in_main(main);
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
    fill_pool(world, blueprint, id);
    begin_life(world, blueprint, id);
  }
}

// In the order of the processes, as epoll's callbacks are called in a fixed order; which of them
// gets a core first is the scheduler's business.
void wake_gthread(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const auto& server = std::get<GthreadSpec>(blueprint.services[id].server);
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId process(server.first_process.index() + p);
    const ServerThread main{world, blueprint, blueprint.processes[process].main, effects};
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
