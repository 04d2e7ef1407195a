// SPDX-License-Identifier: Apache-2.0
#include "models/server/sync_workers.h"

#include <algorithm>
#include <variant>

#include "models/server/acting_worker.h"
#include "models/server/arbiter.h"
#include "models/server/outage.h"
#include "models/service/connections.h"
#include "models/workload/client.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<SyncSpec>;

// To the arbiter: it is alive.
void report(Acting& acting) { acting.worker.life.reported = acting.now; }

bool begin_accepting(Acting& acting) {
  WorkerState& worker = acting.worker;
  take_up(acting, acting.service.accept_queue.pop(), WorkerPhase::accepting);
  watch(acting.world, acting.spec.service, acting.server.arbiter, acting.worker.life.reported);
  const CpuTime cost = phase_cost(acting, ServerPhase::accept);
  const CpuTime left = std::max(cost - worker.paid, CpuTime(0));
  worker.paid = CpuTime(0);
  if (!computes_next(acting)) return costs_nothing(acting, left);
  worker.code.ran(ServerPhase::accept, acting.now + Duration(left.count()));
  return begin_computing(acting, left);
}

// accept(): the next connection, or back to select().
inline bool try_accept(Acting& acting) {
  report(acting);
  if (!acting.service.accept_queue.empty()) return begin_accepting(acting);
  acting.worker.paid = CpuTime(0);
  acting.worker.phase = WorkerPhase::idle;
  acting.service.idle.push(acting.id);
  return false;
}

void end_process(Acting& acting) {
  acting.worker.phase = WorkerPhase::gone;
  ++acting.worker.life.lives;
  end_residence(acting.world, acting.spec);
  close_pools(acting.world, acting.blueprint, acting.spec.pools);
  close_kept(acting.world, acting.blueprint, acting.spec.kept, acting.effects);
  acting.world.connections.end_process(acting.spec.descriptors);
  replace_process(acting.world, acting.blueprint, place_of(acting.blueprint, acting.id));
}

// Nobody replies: what the arbiter's victims get is of those that it tells to end.
void die(Acting& acting) {
  leave(acting, Outcome::reset);
  end_process(acting);
}

// Passes what may take the worker along. False: it has.
bool survives_steps(Acting& acting) {
  while (!steps_are_over(acting) &&
         acting.steps()[acting.worker.step].kind == StepSpec::Kind::crash) {
    if (!strikes(acting.world, acting.steps(), acting.request(), acting.worker.step++)) continue;
    die(acting);
    return false;
  }
  return true;
}

inline bool serve(Acting& acting) {
  if (acting.server.arbiter.may_crash && !survives_steps(acting)) return false;
  return go_on_with_steps(acting);
}

// What follows the phase that has just ended. True when the next one ends at once, too.
inline bool go_on(Acting& acting) {
  WorkerState& worker = acting.worker;
  switch (worker.phase) {
    case WorkerPhase::waking:
      ran(acting, ServerPhase::spurious_wake);
      return try_accept(acting);
    case WorkerPhase::accepting:
      ran(acting, ServerPhase::accept);
      return serve(acting);
    case WorkerPhase::computing:
    case WorkerPhase::waiting:
      return serve(acting);
    case WorkerPhase::responding:
      ran(acting, ServerPhase::respond);
      return begin_finishing(acting);
    case WorkerPhase::finishing:
      ran(acting, ServerPhase::finish);
      if (!worker.life.has_served_enough()) return try_accept(acting);
      end_process(acting);
      return false;
    case WorkerPhase::booting:
      return survives(acting,
                      begin_residence(acting.world, acting.blueprint, acting.spec.resident)) &&
             try_accept(acting);
    case WorkerPhase::gone:
    case WorkerPhase::idle:
    case WorkerPhase::locking:
    case WorkerPhase::looking:
    case WorkerPhase::asking:
      break;
  }
  COTENANT_ASSERT(false && "a worker that is idle or gone has no phase to end");
  return false;
}

// Once, with all transitions inside, rather than in each of its callers with none.
[[gnu::noinline]] void end_phase(Acting& acting) {
  while (go_on(acting)) {
  }
}

void wake(Acting& acting) {
  report(acting);
  acting.worker.phase = WorkerPhase::waking;
  const CpuTime cost = phase_cost(acting, ServerPhase::spurious_wake);
  acting.worker.paid = cost;
  if (costs_nothing(acting, cost)) end_phase(acting);
}

}  // namespace

void start_sync_workers(World& world, const Blueprint& blueprint, ServiceId id) {
  const SyncSpec& server = std::get<SyncSpec>(blueprint.services[id].server);
  world.services[id].idle = BoundedQueue<WorkerId>(server.workers);
  for (std::uint32_t w = 0; w < server.workers; ++w) {
    const WorkerId worker(server.first_worker.index() + w);
    world.workers[worker].life.requests_left = requests_allowed(world, blueprint, {id, w});
    world.services[id].idle.push(worker);
  }
  start_arbiter(world, id);
}

// select() returns in every idle worker. Where being woken in vain costs nothing, waking one is the
// same.
void wake_sync_workers(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  ServiceState& service = world.services[id];
  const SyncSpec& server = std::get<SyncSpec>(blueprint.services[id].server);
  const PhaseCpu& wake_cost = server.overhead[ServerPhase::spurious_wake];
  const bool free_of_charge = wake_cost.hot.is_zero() && wake_cost.cold.is_zero();
  const std::size_t woken =
      free_of_charge ? std::min<std::size_t>(1, service.idle.size()) : service.idle.size();
  for (std::size_t i = 0; i < woken; ++i) {
    Acting acting{world, blueprint, service.idle.pop(), effects};
    wake(acting);
  }
}

void on_worker_ran(World& world, const Blueprint& blueprint, WorkerId id, const BurstTimes& burst,
                   Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  book_burst(acting, burst);
  end_phase(acting);
}

void on_worker_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  end_phase(acting);
}

void kill_worker(World& world, const Blueprint& blueprint, WorkerId id, Outcome outcome,
                 Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  if (!acting.worker.request.is_none()) {
    forget_waits(world, acting.worker.request);
    leave(acting, outcome_of_victim(world, acting.worker.request, outcome));
  }
  if (acting.worker.phase == WorkerPhase::idle) {
    acting.service.idle.remove(id);
  } else {
    interrupt(acting);
  }
  end_process(acting);
}

void on_worker_forked(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  WorkerState& worker = acting.worker;
  worker.phase = WorkerPhase::booting;
  worker.paid = CpuTime(0);
  worker.code = {};
  worker.life.requests_left = requests_allowed(world, blueprint, place_of(blueprint, id));
  report(acting);
  watch(world, acting.spec.service, acting.server.arbiter, worker.life.reported);
  if (costs_nothing(acting, cost_of_boot(world, blueprint, acting.spec.service))) end_phase(acting);
}

}  // namespace cotenant
