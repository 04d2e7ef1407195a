// SPDX-License-Identifier: Apache-2.0
#include "models/server/celery.h"

#include <variant>

#include "models/server/redelivery.h"
#include "models/server/stay.h"
#include "models/server/task_steps.h"
#include "models/service/connections.h"
#include "models/workload/client.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<CelerySpec>;

CeleryInstance& instance_of(Acting& acting) {
  const std::uint32_t child = acting.id.index() - acting.server.first_child.index();
  return acting.service.celery->instances[child / acting.server.concurrency];
}

// --- From the broker to a process

void acknowledge(Acting& acting, CeleryInstance& instance, RequestId task) {
  --instance.unacknowledged;
  acknowledge(acting.world, *acting.service.celery, task);
}

void begin_reserved(Acting& acting, CeleryInstance& instance) {
  const RequestId task = instance.reserved.pop();
  if (!acting.server.acks_late) acknowledge(acting, instance, task);
  begin_task(acting, task);
  if (acting.server.time_limit) {
    acting.request().wait = acting.world.events.start_timer(
        acting.now + *acting.server.time_limit, order(Phase::client),
        {EventKind::task_overdue, acting.worker.request.index()});
  }
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
    begin_reserved(acting, instance);
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

// Where tasks wait that no worker has reserved.
BoundedQueue<RequestId>& queue_of(ServiceState& service, std::uint32_t urgency) {
  return urgency == 0 ? service.accept_queue : service.celery->urgent[urgency - 1];
}

// That of the most urgent ones. Null: nothing waits.
BoundedQueue<RequestId>* first_queue(ServiceState& service) {
  auto urgency = static_cast<std::uint32_t>(service.celery->urgent.size());
  while (urgency > 0 && queue_of(service, urgency).empty()) --urgency;
  BoundedQueue<RequestId>& queue = queue_of(service, urgency);
  return queue.empty() ? nullptr : &queue;
}

void hand_out(const Broker& broker) {
  while (BoundedQueue<RequestId>* queue = first_queue(broker.service())) {
    CeleryInstance* instance = next_with_room(broker);
    if (instance == nullptr) return;
    const RequestId task = queue->pop();
    Request& request = broker.world.requests[task];
    if (!request.ended) enter(request, WaitState::prefetched, broker.world.events.now());
    ++instance->unacknowledged;
    expect_acknowledgement(broker.world, broker.server(), *broker.service().celery, task);
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
  stop_timer(acting.world, acting.request().wait);
  const RequestId task = acting.worker.request;
  if (acting.server.acks_late) acknowledge(acting, instance_of(acting), task);
  const bool answered = is_answered(acting.world, *acting.service.celery, task);
  forget_delivery(*acting.service.celery, task);
  if (!answered) return leave(acting, outcome);
  acting.worker.request = RequestId::none();
  leave_unheard(acting.world, acting.service, task);
}

// The main process forks another one at once.
void replace(Acting& acting) {
  WorkerState& child = acting.worker;
  end_residence(acting.world, acting.spec);
  close_pools(acting.world, acting.blueprint, acting.spec.pools);
  close_kept(acting.world, acting.blueprint, acting.spec.kept, acting.effects);
  ++acting.service.arbiter.forks;
  child.phase = WorkerPhase::booting;
  child.life.requests_left = acting.server.max_tasks_per_child;
  if (costs_nothing(acting, acting.server.boot)) go_on_later(acting);
}

void finish(Acting& acting) {
  const bool served = is_served(acting);
  const Outcome outcome = acting.request().reply;
  if (served) {
    answer(acting.world, *acting.service.celery, acting.worker.request, outcome, acting.effects);
  }
  let_go(acting, outcome);
  if (!served) return rest(acting);
  ++acting.service.served;
  if (acting.worker.life.has_served_enough()) return replace(acting);
  rest(acting);
}

void die(Acting& acting) {
  let_go(acting, Outcome::lost);
  replace(acting);
}

void go_on(Acting& acting) {
  if (acting.worker.phase == WorkerPhase::booting) {
    const bool serves = begin_residence(acting.world, acting.blueprint, acting.spec.resident);
    return survives(acting, serves) ? rest(acting) : void();
  }
  switch (go_on_with_task(acting)) {
    case TaskGoes::on:
      return;
    case TaskGoes::over:
      return finish(acting);
    case TaskGoes::down:
      return die(acting);
  }
}

}  // namespace

void start_celery(World& world, const Blueprint& blueprint, ServiceId id) {
  const auto& server = std::get<CelerySpec>(blueprint.services[id].server);
  CeleryState& celery = world.services[id].celery.emplace();
  celery.urgent.resize(server.urgencies - 1);
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
  const ClassSpec& spec = blueprint.classes[world.requests[id].request_class];
  ServiceState& service = world.services[spec.service];
  enter_server(world, service, id, WaitState::broker_queue);
  queue_of(service, spec.task.urgency).push_growing(id);
  hand_out({world, blueprint, spec.service, effects});
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
  forget_waits(world, id);
  let_go(acting, Outcome::error_500);
  interrupt(acting);
  ++acting.service.arbiter.timeouts;
  replace(acting);
}

void kill_child(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  if (!acting.worker.request.is_none()) {
    forget_waits(world, acting.worker.request);
    let_go(acting, Outcome::lost);
  }
  if (acting.worker.phase == WorkerPhase::idle) {
    instance_of(acting).idle.remove(id);
  } else {
    interrupt(acting);
  }
  replace(acting);
}

// It is the next one again: the broker pushes it where it takes from.
void on_task_visible(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const ClassSpec& spec = blueprint.classes[world.requests[id].request_class];
  ServiceState& service = world.services[spec.service];
  const RequestId copy = deliver_again(world, service, id);
  queue_of(service, spec.task.urgency).push_front_growing(copy);
  hand_out({world, blueprint, spec.service, effects});
}

bool is_delivered_again(const World& world, const Blueprint& blueprint, RequestId id,
                        Outcome outcome) {
  if (outcome != Outcome::lost) return false;
  const ServiceId service = blueprint.classes[world.requests[id].request_class].service;
  const auto* celery = std::get_if<CelerySpec>(&blueprint.services[service].server);
  return celery != nullptr && celery->reject_on_worker_lost;
}

}  // namespace cotenant
