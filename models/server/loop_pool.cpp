// SPDX-License-Identifier: Apache-2.0
#include "models/server/loop_pool.h"

#include "models/python/thread.h"
#include "models/server/loop_server.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// It sleeps before it tells the loop, which may have another request for it at once.
bool end_call(const ServerThread& pool) {
  const RequestId id = pool.thread().python.request;
  pool.put_down(WaitState::event_loop);
  pool.process().idle.push(pool.id);
  pool.sleep(ThreadPhase::idle);
  on_loop_call_done(pool.main(), id);
  return false;
}

bool go_on_with_steps(const ServerThread& pool) {
  if (pool.steps_are_over()) return end_call(pool);
  const Request& request = pool.request();
  const bool is_done = pool.request_class().steps[request.step].kind == StepSpec::Kind::download;
  return is_done ? end_call(pool) : pool.begin_step();
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on(const ServerThread& pool) {
  switch (pool.thread().phase) {
    case ThreadPhase::starting:
      pool.ran(ServerPhase::call);
      return go_on_with_steps(pool);
    case ThreadPhase::computing:
    case ThreadPhase::sleeping:
      return go_on_with_steps(pool);
    default:
      COTENANT_ASSERT(false && "an idle thread has no phase to end");
      return false;
  }
}

void end_phase(const ServerThread& pool) {
  while (go_on(pool)) {
  }
}

}  // namespace

void begin_loop_call(const ServerThread& pool, RequestId request) {
  pool.take_up(request);
  pool.thread().phase = ThreadPhase::starting;
  if (pool.run_server(pool.cost(ServerPhase::call))) end_phase(pool);
}

void on_loop_pool_ran(World& world, const Blueprint& blueprint, ThreadId id,
                      const BurstTimes& burst, Effects& effects) {
  if (!on_thread_ran(world, blueprint, id, burst, effects)) return;
  end_phase({world, blueprint, id, effects});
}

void on_loop_pool_slept(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  end_phase({world, blueprint, id, effects});
}

}  // namespace cotenant
