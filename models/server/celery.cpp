// SPDX-License-Identifier: Apache-2.0
#include "models/server/celery.h"

#include <utility>
#include <variant>

#include "models/server/acting_worker.h"
#include "models/service/connections.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<CelerySpec>;

CeleryInstance& instance_of(Acting& acting) {
  const std::uint32_t child = acting.id.index() - acting.server.first_child.index();
  return acting.service.celery->instances[child / acting.server.concurrency];
}

// --- From the broker to a process

void begin_task(Acting& acting, CeleryInstance& instance) {
  take_up(acting, instance.reserved.pop(), WorkerPhase::accepting);
  if (!acting.server.acks_late) --instance.unacknowledged;
  if (acting.server.time_limit) {
    acting.request().wait = acting.world.events.start_timer(
        acting.now + *acting.server.time_limit, order(Phase::client),
        {EventKind::task_overdue, acting.worker.request.index()});
  }
  if (costs_nothing(acting, acting.server.task_cpu)) go_on_later(acting);
}

// The broker and its workers at one instant.
struct Broker {
  World& world;
  const Blueprint& blueprint;
  ServiceId id;
  Effects& effects;

  const CelerySpec& server() const { return std::get<CelerySpec>(blueprint.services[id].server); }
  ServiceState& service() const { return world.services[id]; }
};

void begin_reserved(const Broker& broker, CeleryInstance& instance) {
  while (!instance.idle.empty() && !instance.reserved.empty()) {
    Acting acting{broker.world, broker.blueprint, instance.idle.pop(), broker.effects};
    begin_task(acting, instance);
  }
}

// In turn, those that hold as much as they may left out. Null: all do.
CeleryInstance* next_with_room(const Broker& broker) {
  CeleryState& celery = *broker.service().celery;
  const std::size_t count = celery.instances.size();
  for (std::size_t i = 0; i < count; ++i) {
    CeleryInstance& instance = celery.instances[celery.turn];
    celery.turn = (celery.turn + 1) % static_cast<std::uint32_t>(count);
    if (instance.unacknowledged < broker.server().prefetch) return &instance;
  }
  return nullptr;
}

void hand_out(const Broker& broker) {
  BoundedQueue<RequestId>& queue = broker.service().accept_queue;
  while (!queue.empty()) {
    CeleryInstance* instance = next_with_room(broker);
    if (instance == nullptr) return;
    const RequestId task = queue.pop();
    Request& request = broker.world.requests[task];
    if (!request.ended) enter(request, WaitState::prefetched, broker.world.events.now());
    ++instance->unacknowledged;
    instance->reserved.push_growing(task);
    begin_reserved(broker, *instance);
  }
}

// --- In a process

// It takes what its worker has reserved, and there is room for more.
void rest(Acting& acting) {
  CeleryInstance& instance = instance_of(acting);
  acting.worker.phase = WorkerPhase::idle;
  instance.idle.push(acting.id);
  const Broker broker{acting.world, acting.blueprint, acting.spec.service, acting.effects};
  begin_reserved(broker, instance);
  hand_out(broker);
}

// The task leaves the process, whatever has become of it.
void let_go(Acting& acting, Outcome outcome) {
  Timer& time_limit = acting.request().wait;
  if (!time_limit.is_none()) acting.world.events.cancel(std::exchange(time_limit, Timer::none()));
  if (acting.server.acks_late) --instance_of(acting).unacknowledged;
  leave(acting, outcome);
}

// The main process forks another one at once.
void replace(Acting& acting) {
  WorkerState& child = acting.worker;
  close_pools(acting.world, acting.blueprint, acting.spec.pools);
  ++acting.service.arbiter.forks;
  child.phase = WorkerPhase::booting;
  child.life.requests_left = acting.server.max_tasks_per_child;
  if (costs_nothing(acting, acting.server.boot)) go_on_later(acting);
}

void finish(Acting& acting) {
  let_go(acting, acting.request().reply);
  ++acting.service.served;
  if (acting.worker.life.has_served_enough()) return replace(acting);
  rest(acting);
}

void die(Acting& acting) {
  let_go(acting, Outcome::lost);
  replace(acting);
}

// From the end of the phase that the process is in.
void go_on(Acting& acting) {
  if (acting.worker.phase == WorkerPhase::booting) return rest(acting);
  while (!steps_are_over(acting)) {
    if (acting.steps()[acting.worker.step].kind != StepSpec::Kind::crash) {
      if (!begin_step(acting)) return;
    } else if (strikes(acting.world, acting.steps(), acting.request(), acting.worker.step++)) {
      return die(acting);
    }
  }
  finish(acting);
}

}  // namespace

void start_celery(World& world, const Blueprint& blueprint, ServiceId id) {
  const auto& server = std::get<CelerySpec>(blueprint.services[id].server);
  CeleryState& celery = world.services[id].celery.emplace();
  celery.instances.resize(server.instances);
  std::uint32_t next = server.first_child.index();
  for (CeleryInstance& instance : celery.instances) {
    instance.idle = BoundedQueue<WorkerId>(server.concurrency);
    for (std::uint32_t c = 0; c < server.concurrency; ++c) {
      const WorkerId child(next++);
      world.workers[child].life.requests_left = server.max_tasks_per_child;
      instance.idle.push(child);
    }
  }
}

void on_connect_celery(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const ServiceId service_id = blueprint.classes[world.requests[id].request_class].service;
  ServiceState& service = world.services[service_id];
  enter_server(world, service, id, WaitState::broker_queue);
  service.accept_queue.push_growing(id);
  hand_out({world, blueprint, service_id, effects});
}

void on_child_ran(World& world, const Blueprint& blueprint, WorkerId id, const BurstTimes& burst,
                  Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  book_burst(acting, burst);
  go_on(acting);
}

void on_child_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  go_on(acting);
}

// The main process kills the child, and stores the failure as the task's result.
void on_time_limit(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  world.requests[id].wait = Timer::none();
  const TaskOwner owner = blueprint.owner(world.requests[id].task);
  Acting acting{world, blueprint, WorkerId(owner.id), effects};
  abandon_calls(world, id);
  let_go(acting, Outcome::error_500);
  interrupt(acting);
  ++acting.service.arbiter.timeouts;
  replace(acting);
}

bool is_delivered_again(const World& world, const Blueprint& blueprint, RequestId id,
                        Outcome outcome) {
  if (outcome != Outcome::lost) return false;
  const ServiceId service = blueprint.classes[world.requests[id].request_class].service;
  return std::get<CelerySpec>(blueprint.services[service].server).reject_on_worker_lost;
}

}  // namespace cotenant
