// SPDX-License-Identifier: Apache-2.0
#include "models/server/redis.h"

#include "models/server/acting_worker.h"
#include "models/server/stay.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<RedisSpec>;

void begin_next(Acting& acting) {
  take_up(acting, acting.service.accept_queue.pop(), WorkerPhase::accepting);
  go_on_later(acting);
}

// The reply of the command leaves. The next command begins when that has been delivered.
void finish(Acting& acting) {
  leave(acting, acting.request().reply);
  ++acting.service.served;
  if (!acting.service.accept_queue.empty()) return begin_next(acting);
  acting.worker.phase = WorkerPhase::idle;
  acting.service.idle.push(acting.id);
}

// From the end of the phase that the thread is in.
void go_on(Acting& acting) {
  while (!steps_are_over(acting)) {
    if (!begin_step(acting)) return;
  }
  finish(acting);
}

}  // namespace

void start_redis(World& world, const Blueprint& blueprint, ServiceId id) {
  ServiceState& service = world.services[id];
  service.idle = BoundedQueue<WorkerId>(1);
  service.idle.push(std::get<RedisSpec>(blueprint.services[id].server).worker);
}

void on_connect_redis(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const ServiceId service_id = blueprint.classes[world.requests[id].request_class].service;
  ServiceState& service = world.services[service_id];
  const auto& server = std::get<RedisSpec>(blueprint.services[service_id].server);
  if (service.outage.is_down || service.in_service == server.max_clients) {
    return effects.push(RequestEnded{id, Outcome::refused});
  }
  enter_server(world, service, id, WaitState::event_loop);
  service.accept_queue.push(id);
  if (service.idle.empty()) return;
  Acting acting{world, blueprint, service.idle.pop(), effects};
  begin_next(acting);
}

void on_redis_ran(World& world, const Blueprint& blueprint, WorkerId id, const BurstTimes& burst,
                  Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  book_burst(acting, burst);
  go_on(acting);
}

void on_redis_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  go_on(acting);
}

}  // namespace cotenant
