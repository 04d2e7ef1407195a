// SPDX-License-Identifier: Apache-2.0
#include "models/server/sync_workers.h"

#include <algorithm>
#include <variant>

#include "models/server/arbiter.h"
#include "models/service/calls.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// One worker during one step of the simulation: everything its transitions need, looked up once.
struct Acting {
  Acting(World& of, const Blueprint& plan, WorkerId worker_id, Effects& sink)
      : world(of),
        blueprint(plan),
        id(worker_id),
        effects(sink),
        worker(of.workers[worker_id]),
        spec(plan.workers[worker_id]),
        service(of.services[spec.service]),
        server(std::get<SyncSpec>(plan.services[spec.service].server)),
        now(of.events.now()) {}

  World& world;
  const Blueprint& blueprint;
  WorkerId id;
  Effects& effects;

  WorkerState& worker;
  const WorkerSpec& spec;
  ServiceState& service;
  const SyncSpec& server;
  Instant now;

  Request& request() { return world.requests[worker.request]; }
};

CpuTime phase_cost(const Acting& acting, ServerPhase phase) {
  return acting.server.overhead.cost(phase, acting.worker.code.since(phase, acting.now));
}

void ran(Acting& acting, ServerPhase phase) { acting.worker.code.ran(phase, acting.now); }

// The worker's request runs, or waits to run, from now on.
void account_as(const Acting& acting, Request& request, WaitState state) {
  if (!request.ended) enter(request, state, acting.now);
}

// Asks for CPU; true when there is nothing to wait for because the cost is zero.
bool costs_nothing(Acting& acting, CpuTime cost) {
  if (cost.is_zero()) return true;
  acting.effects.push(DemandCpu{acting.spec.task, cost});
  return false;
}

// To the arbiter: it is alive.
void report(Acting& acting) { acting.worker.life.reported = acting.now; }

bool begin_accepting(Acting& acting) {
  WorkerState& worker = acting.worker;
  worker.request = acting.service.accept_queue.pop();
  worker.phase = WorkerPhase::accepting;
  worker.step = 0;
  Request& request = acting.request();
  request.task = acting.spec.task;
  watch(acting.world, acting.spec.service, acting.server.arbiter, acting.worker.life.reported);
  account_as(acting, request, WaitState::server_cpu);
  const CpuTime cost = phase_cost(acting, ServerPhase::accept);
  const CpuTime left = std::max(cost - worker.paid, CpuTime(0));
  worker.paid = CpuTime(0);
  return costs_nothing(acting, left);
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

bool begin_responding(Acting& acting, Request& request) {
  acting.worker.phase = WorkerPhase::responding;
  account_as(acting, request, WaitState::server_cpu);
  return costs_nothing(acting, phase_cost(acting, ServerPhase::respond));
}

// Starts step `worker.step` of the application, or the response after the last one.
inline bool begin_step(Acting& acting) {
  WorkerState& worker = acting.worker;
  Request& request = acting.request();
  const auto& steps = acting.blueprint.classes[request.request_class].steps;
  pass_errors(acting.world, steps, request, worker.step);
  if (worker.step == steps.size()) return begin_responding(acting, request);
  if (steps[worker.step].kind == StepSpec::Kind::call) {
    worker.phase = WorkerPhase::waiting;
    begin_calls(acting.world, acting.blueprint, worker.request, steps[worker.step], acting.effects);
    return false;
  }
  const Duration demand = demand_of(acting.world, acting.blueprint, request, worker.step);
  if (steps[worker.step].kind == StepSpec::Kind::cpu) {
    worker.phase = WorkerPhase::computing;
    account_as(acting, request, WaitState::cpu);
    return costs_nothing(acting, CpuTime(demand.count()));
  }
  worker.phase = WorkerPhase::waiting;
  account_as(acting, request, WaitState::wait);
  if (demand.is_zero()) return true;
  acting.world.events.schedule(acting.world.slot(acting.id), acting.now + demand,
                               order(Phase::server), {EventKind::wait_done, acting.id.index()});
  return false;
}

// The worker's request leaves the server, whose client sees this, unless it gave up before.
void leave(Acting& acting, Request& request, Outcome outcome) {
  const RequestId id = acting.worker.request;
  acting.worker.request = RequestId::none();
  --acting.service.in_service;
  request.at_server = false;
  if (request.ended) {
    acting.world.requests.remove(id);
  } else {
    acting.effects.push(RequestEnded{id, outcome});
  }
}

inline bool begin_finishing(Acting& acting) {
  Request& request = acting.request();
  leave(acting, request, request.reply);
  ++acting.service.served;
  acting.worker.phase = WorkerPhase::finishing;
  if (!costs_nothing(acting, phase_cost(acting, ServerPhase::finish))) return false;
  // A worker to whom requests cost nothing may empty a whole queue at one instant. It takes the
  // next one when the end of this one has been delivered, so that effects do not pile up.
  acting.effects.push(WorkDone{acting.spec.task});
  return false;
}

void end_process(Acting& acting) {
  acting.worker.phase = WorkerPhase::gone;
  ++acting.worker.life.lives;
  replace_process(acting.world, acting.blueprint, place_of(acting.blueprint, acting.id));
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
      return begin_step(acting);
    case WorkerPhase::computing:
    case WorkerPhase::waiting:
      ++worker.step;
      return begin_step(acting);
    case WorkerPhase::responding:
      ran(acting, ServerPhase::respond);
      return begin_finishing(acting);
    case WorkerPhase::finishing:
      ran(acting, ServerPhase::finish);
      if (!worker.life.has_served_enough()) return try_accept(acting);
      end_process(acting);
      return false;
    case WorkerPhase::booting:
      return try_accept(acting);
    case WorkerPhase::gone:
    case WorkerPhase::idle:
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

WaitState executing(WorkerPhase phase) {
  return phase == WorkerPhase::computing ? WaitState::cpu : WaitState::server_cpu;
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
  const WorkerState& worker = acting.worker;
  if (!worker.request.is_none()) {
    Request& request = acting.request();
    if (!request.ended) book_burst(request, executing(worker.phase), burst, acting.now);
  }
  end_phase(acting);
}

void on_worker_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  end_phase(acting);
}

void kill_worker(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  const bool waits = acting.worker.phase == WorkerPhase::waiting;
  // Its account is closed before what it has computed is lost.
  if (!acting.worker.request.is_none()) {
    if (world.calls.in_use()) abandon_calls(world, acting.worker.request);
    leave(acting, acting.request(), acting.server.arbiter.victim);
  }
  if (waits) {
    world.events.cancel(world.slot(id));
  } else {
    effects.push(WithdrawCpu{acting.spec.task});
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
  if (costs_nothing(acting, acting.server.arbiter.boot)) end_phase(acting);
}

}  // namespace cotenant
