// SPDX-License-Identifier: Apache-2.0
#include "models/server/gthread.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "models/python/thread.h"
#include "models/server/gthread_life.h"
#include "models/server/parking.h"
#include "models/server/process.h"
#include "models/server/server_thread.h"

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
  return pool.receive(pool.cost(ServerPhase::start));
}

bool begin_responding(const ServerThread& pool) {
  pool.thread().phase = ThreadPhase::responding;
  return pool.run_before_sending(ServerPhase::respond);
}

bool begin_sending(const ServerThread& pool) {
  pool.thread().phase = ThreadPhase::sending;
  return pool.send(pool.cost(ServerPhase::respond));
}

// Goes on with the application, or with the response after its last step.
bool go_on_with_steps(const ServerThread& pool) {
  return pool.steps_are_over() ? begin_responding(pool) : pool.begin_step();
}

bool begin_finishing(const ServerThread& pool) {
  const bool stays = pool.reply(pool.request().reply);
  pool.thread().phase = stays ? ThreadPhase::keeping : ThreadPhase::finishing;
  const ServerPhase phase = stays ? ServerPhase::keep : ServerPhase::finish;
  if (pool.run_server(pool.cost(phase))) pool.go_on_later();
  return false;
}

void wake_main(const ServerThread& main);

void close_accepted(const ServerThread& thread) {
  thread.close_connection();
  thread.world.connections.free_descriptor(thread.process_spec().descriptors);
}

// The connection is closed. A main thread that held all it may has room for another.
void leave(const ServerThread& pool) {
  close_accepted(pool);
  if (pool.process().phase == ProcessPhase::stopping) return end_when_empty(pool);
  const ServerThread main = pool.main();
  const bool waits = main.thread().phase == ThreadPhase::selecting;
  if (waits && !pool.service().accept_queue.empty()) wake_main(main);
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on_in_pool(const ServerThread& pool) {
  ThreadState& thread = pool.thread();
  if (pool.has_calls_left()) return pool.go_on_with_calls();
  switch (thread.phase) {
    case ThreadPhase::fetching:
      return fetch(pool);
    case ThreadPhase::receiving:
      thread.phase = ThreadPhase::starting;
      return pool.run_after_receiving(ServerPhase::start);
    case ThreadPhase::starting:
      pool.ran(ServerPhase::start);
      count_request(pool);
      return go_on_with_steps(pool);
    case ThreadPhase::computing:
    case ThreadPhase::sleeping:
      return go_on_with_steps(pool);
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
    case ThreadPhase::keeping:
      pool.ran(ServerPhase::keep);
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

// Without a file descriptor accept() raises, and the main thread ends (gthread.py, accept()).
bool accept(const ServerThread& main) {
  if (!main.world.connections.take_descriptor(main.process_spec().descriptors)) {
    stop_accepting(main);
    return false;
  }
  main.open_connection();
  main.accept();
  main.thread().phase = ThreadPhase::accepting;
  const CpuTime rest = main.cost(ServerPhase::accept) - std::exchange(main.thread().paid, {});
  return main.run_with_calls(std::max(rest, CpuTime(0)), kAccept);
}

bool close(const ServerThread& main, ConnectionId parked) {
  main.world.connections.close_parked(parked, main.process().parked);
  main.thread().phase = ThreadPhase::closing;
  main.thread().paid = CpuTime(0);
  return main.run_server(cost_of_closing(main));
}

bool hang_up(const ServerThread& main, ConnectionId parked) {
  const bool costs_nothing = close(main, parked);
  main.world.connections.end_closing(parked);
  return costs_nothing;
}

// The client of a parked connection has sent a request, or hung up.
bool read(const ServerThread& main) {
  const ConnectionId id = main.process().readable.pop();
  const RequestId request = main.world.connections[id].request;
  if (request.is_none()) return hang_up(main, id);
  main.world.connections.unpark(id, main.process().parked);
  main.take_up(request);
  main.thread().phase = ThreadPhase::reusing;
  return main.run_after_receiving(ServerPhase::reuse);
}

bool sleep(const ServerThread& main) {
  const ProcessState& process = main.process();
  main.thread().paid = CpuTime(0);
  if (!begin_round(main)) return false;
  if (process.idle_timer.is_none() && process.parked.size > 0) {
    look_at_parked(main, expiry_of(main, process.parked.earliest));
  }
  main.sleep(ThreadPhase::selecting);
  return false;
}

// What select() reports comes in the order in which it happened.
bool came_before_connections(const ServerThread& main) {
  const BoundedQueue<ConnectionId>& readable = main.process().readable;
  if (readable.empty()) return false;
  const BoundedQueue<RequestId>& accept_queue = main.service().accept_queue;
  const RequestId sent = main.world.connections[readable.front()].request;
  if (accept_queue.empty() || !may_accept(main) || sent.is_none()) return true;
  const RequestId connects = accept_queue.front();
  return main.world.requests[sent].since < main.world.requests[connects].since;
}

// What comes next for the main thread, at last what has been idle for long enough; or back to
// select().
bool look_around(const ServerThread& main) {
  if (came_before_connections(main)) return read(main);
  if (!main.service().accept_queue.empty() && may_accept(main)) return accept(main);
  const ConnectionId earliest = main.process().parked.earliest;
  if (!earliest.is_none() && has_expired(main, earliest)) return close(main, earliest);
  return sleep(main);
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
  if (main.has_calls_left()) return main.go_on_with_calls();
  switch (main.thread().phase) {
    case ThreadPhase::waking:
      main.ran(ServerPhase::spurious_wake);
      return look_around(main);
    case ThreadPhase::accepting:
      main.ran(ServerPhase::accept);
      return hand_over(main);
    case ThreadPhase::reusing:
      main.ran(ServerPhase::reuse);
      return hand_over(main);
    case ThreadPhase::closing:
      close_accepted(main);
      return look_around(main);
    case ThreadPhase::handing_over:
      main.ran(ServerPhase::hand_over);
      return begin_round(main) && look_around(main);
    case ThreadPhase::booting:
      return begin_serving(main.world, main.blueprint, main.spec().process) && look_around(main);
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
    process.readable = BoundedQueue<ConnectionId>(server.connections);
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

void on_gthread_request(const ServerThread& main, RequestId id) {
  main.process().readable.push(main.world.requests[id].connection);
  if (main.thread().phase == ThreadPhase::selecting) wake_main(main);
}

void on_gthread_hung_up(const ServerThread& main, ConnectionId id) {
  main.process().readable.push(id);
  if (main.thread().phase == ThreadPhase::selecting) wake_main(main);
}

// A main thread that is awake will look anyway, before it sleeps.
void on_gthread_idle_due(const ServerThread& main) {
  const ProcessState& process = main.process();
  if (main.thread().phase != ThreadPhase::selecting || process.parked.size == 0) return;
  const Instant expiry = expiry_of(main, process.parked.earliest);
  const Instant awake = first_tick(process.life.reported, kRound, std::max(expiry, main.now()));
  awake == main.now() ? wake_main(main) : look_at_parked(main, awake);
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
