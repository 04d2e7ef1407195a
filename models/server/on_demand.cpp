// SPDX-License-Identifier: Apache-2.0
#include "models/server/on_demand.h"

#include <algorithm>

#include "models/server/acting_worker.h"
#include "models/server/arbiter.h"
#include "models/service/connections.h"
#include "models/workload/client.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<OnDemandSpec>;

// The router of a service during one step of the simulation.
struct Router {
  World& world;
  const Blueprint& blueprint;
  ServiceId id;
  Effects& effects;

  ServiceState& service() const { return world.services[id]; }
  const OnDemandSpec& server() const {
    return std::get<OnDemandSpec>(blueprint.services[id].server);
  }
  Acting acting(WorkerId worker) const { return {world, blueprint, worker, effects}; }
};

Router router_of(const Acting& acting) {
  return {acting.world, acting.blueprint, acting.spec.service, acting.effects};
}

// --- Starting processes

bool has_room(const Router& router) {
  if (router.service().idle_stop.stopped) return false;
  return router.service().instances.alive < router.server().workers;
}

WorkerId first_gone(const Router& router) {
  WorkerId id = router.server().first_worker;
  while (router.world.workers[id].phase != WorkerPhase::gone) id = WorkerId(id.index() + 1);
  return id;
}

// A process begins to boot, for that request or for whoever comes.
void start_process(const Router& router, RequestId request) {
  Acting acting = router.acting(first_gone(router));
  ServiceState& service = router.service();
  ++service.instances.alive;
  ++service.arbiter.forks;
  acting.worker.code = {};
  acting.worker.life.requests_left = router.server().arbiter.max_requests;
  if (request.is_none()) {
    ++service.instances.booting;
    acting.worker.phase = WorkerPhase::booting;
  } else {
    take_up(acting, request, WorkerPhase::booting);
  }
  if (costs_nothing(acting, router.server().arbiter.boot)) go_on_later(acting);
}

// Nobody is free, or there are too few; one is started after the other.
void start_if_needed(const Router& router) {
  const OnDemandState& instances = router.service().instances;
  if (!has_room(router) || instances.booting > 0) return;
  const bool too_few = instances.alive < router.server().least;
  if (too_few || router.service().idle.empty()) start_process(router, RequestId::none());
}

// --- Serving

bool begin_accepting(Acting& acting) {
  acting.worker.phase = WorkerPhase::accepting;
  return costs_nothing(acting, phase_cost(acting, ServerPhase::accept));
}

bool serve(Acting& acting, RequestId request) {
  take_up(acting, request, WorkerPhase::accepting);
  return begin_accepting(acting);
}

void fall_idle(Acting& acting) {
  acting.worker.phase = WorkerPhase::idle;
  acting.service.idle.push(acting.id);
  if (!acting.server.idle_time) return;
  acting.world.events.schedule(acting.world.slot(acting.id), acting.now + *acting.server.idle_time,
                               order(Phase::server), {EventKind::instance_idle, acting.id.index()});
}

bool take_next(Acting& acting) {
  if (!acting.service.accept_queue.empty()) return serve(acting, acting.service.accept_queue.pop());
  fall_idle(acting);
  return false;
}

// Of those that have nothing to do the first, as Passenger chooses: the others grow old.
WorkerId take_first_idle(const Router& router) {
  BoundedQueue<WorkerId>& idle = router.service().idle;
  WorkerId first = idle.front();
  idle.for_each([&](WorkerId id) { first = std::min(first, id); });
  idle.remove(first);
  router.world.events.cancel(router.world.slot(first));
  return first;
}

void end_process(Acting& acting) {
  acting.worker.phase = WorkerPhase::gone;
  ++acting.worker.life.lives;
  end_residence(acting.world, acting.spec);
  --acting.service.instances.alive;
  close_pools(acting.world, acting.blueprint, acting.spec.pools);
  close_kept(acting.world, acting.blueprint, acting.spec.kept, acting.effects);
}

// Somebody may have waited for its place.
void replace(const Router& router) {
  BoundedQueue<RequestId>& queue = router.service().accept_queue;
  if (!router.server().one_request) {
    const bool too_few = router.service().instances.alive < router.server().least;
    if (too_few || !queue.empty()) start_if_needed(router);
  } else if (!queue.empty() && has_room(router)) {
    start_process(router, queue.pop());
  }
}

bool end_or_go_on(Acting& acting) {
  const bool ends = acting.server.one_request || acting.worker.life.has_served_enough();
  if (!ends) return take_next(acting);
  end_process(acting);
  replace(router_of(acting));
  return false;
}

// A process is ready. If others still wait, the next one is started.
bool end_booting(Acting& acting) {
  if (acting.worker.request.is_none()) --acting.service.instances.booting;
  if (!survives(acting, begin_residence(acting.world, acting.blueprint, acting.spec.resident))) {
    return false;
  }
  if (!acting.worker.request.is_none()) return begin_accepting(acting);
  const bool goes_on = take_next(acting);
  replace(router_of(acting));
  return goes_on;
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on(Acting& acting) {
  WorkerState& worker = acting.worker;
  switch (worker.phase) {
    case WorkerPhase::booting:
      return end_booting(acting);
    case WorkerPhase::accepting:
      ran(acting, ServerPhase::accept);
      return go_on_with_steps(acting);
    case WorkerPhase::computing:
    case WorkerPhase::waiting:
      return go_on_with_steps(acting);
    case WorkerPhase::responding:
      ran(acting, ServerPhase::respond);
      return begin_finishing(acting);
    case WorkerPhase::finishing:
      ran(acting, ServerPhase::finish);
      return end_or_go_on(acting);
    case WorkerPhase::gone:
    case WorkerPhase::idle:
    case WorkerPhase::waking:
    case WorkerPhase::locking:
    case WorkerPhase::looking:
    case WorkerPhase::asking:
      break;
  }
  COTENANT_ASSERT(false && "a process that is idle or gone has no phase to end");
  return false;
}

void end_phase(Acting& acting) {
  while (go_on(acting)) {
  }
}

void admit(const Router& router, RequestId request, WaitState state) {
  enter_server(router.world, router.service(), request, state);
}

}  // namespace

void kill_instance(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  if (!acting.worker.request.is_none()) {
    forget_waits(world, acting.worker.request);
    leave(acting, Outcome::oom_killed);
  }
  if (acting.worker.phase == WorkerPhase::idle) {
    acting.service.idle.remove(id);
    world.events.cancel(world.slot(id));
  } else {
    interrupt(acting);
  }
  end_process(acting);
  replace(router_of(acting));
}

void stop_on_demand(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const auto& server = std::get<OnDemandSpec>(blueprint.services[id].server);
  for (std::uint32_t w = 0; w < server.workers; ++w) {
    const WorkerId worker(server.first_worker.index() + w);
    if (world.workers[worker].phase != WorkerPhase::gone) {
      kill_instance(world, blueprint, worker, effects);
    }
  }
  world.services[id].instances.booting = 0;
}

// Of those that wait, as many as there may be processes, or one after the other.
void resume_on_demand(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const Router router{world, blueprint, id, effects};
  replace(router);
  while (router.server().one_request && has_room(router) &&
         !router.service().accept_queue.empty()) {
    replace(router);
  }
}

void start_on_demand(World& world, const Blueprint& blueprint, ServiceId id) {
  const auto& server = std::get<OnDemandSpec>(blueprint.services[id].server);
  ServiceState& service = world.services[id];
  service.idle = BoundedQueue<WorkerId>(server.workers);
  service.instances.alive = server.least;
  for (std::uint32_t w = 0; w < server.workers; ++w) {
    Acting acting{world, blueprint, WorkerId(server.first_worker.index() + w), world.effects};
    acting.worker.phase = WorkerPhase::gone;
    if (w >= server.least) continue;
    acting.worker.life.requests_left = server.arbiter.max_requests;
    fall_idle(acting);
  }
}

// Whether another process is needed is asked before the request has one.
void on_connect_on_demand(World& world, const Blueprint& blueprint, RequestId id,
                          Effects& effects) {
  const Router router{world, blueprint, blueprint.classes[world.requests[id].request_class].service,
                      effects};
  ServiceState& service = router.service();
  if (router.server().one_request && has_room(router)) {
    admit(router, id, WaitState::server_cpu);
    return start_process(router, id);
  }
  if (!router.server().one_request) start_if_needed(router);
  if (!service.idle.empty()) {
    admit(router, id, WaitState::server_cpu);
    Acting acting = router.acting(take_first_idle(router));
    if (serve(acting, id)) end_phase(acting);
  } else if (service.accept_queue.full()) {
    effects.push(RequestEnded{id, Outcome::rejected_503});
  } else {
    admit(router, id, WaitState::accept_queue);
    service.accept_queue.push(id);
  }
}

void on_instance_ran(World& world, const Blueprint& blueprint, WorkerId id, const BurstTimes& burst,
                     Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  book_burst(acting, burst);
  end_phase(acting);
}

void on_instance_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  end_phase(acting);
}

void on_instance_idle(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  acting.service.idle.remove(id);
  if (acting.service.instances.alive > acting.server.least) return end_process(acting);
  fall_idle(acting);
}

}  // namespace cotenant
