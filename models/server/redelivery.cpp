// SPDX-License-Identifier: Apache-2.0
#include "models/server/redelivery.h"

#include <utility>

namespace cotenant {
namespace {

Delivery& row_of(CeleryState& celery, RequestId task) {
  while (celery.deliveries.size() <= task.index()) celery.deliveries.push_back({});
  return celery.deliveries[task];
}

// Calls f(RequestId) for all deliveries of the message.
template <class F>
void for_each_delivery(const CeleryState& celery, RequestId task, F f) {
  if (celery.deliveries.size() <= task.index()) return;
  RequestId each = task;
  while (!celery.deliveries[each].earlier.is_none()) each = celery.deliveries[each].earlier;
  for (; !each.is_none(); each = celery.deliveries[each].later) f(each);
}

}  // namespace

void expect_acknowledgement(World& world, const CelerySpec& server, CeleryState& celery,
                            RequestId task) {
  if (!server.visibility_timeout) return;
  row_of(celery, task).timer =
      world.events.start_timer(world.events.now() + *server.visibility_timeout,
                               order(Phase::client), {EventKind::task_visible, task.index()});
}

void acknowledge(World& world, CeleryState& celery, RequestId task) {
  for_each_delivery(celery, task,
                    [&](RequestId each) { stop_timer(world, celery.deliveries[each].timer); });
}

void answer(World& world, CeleryState& celery, RequestId task, Outcome outcome, Effects& effects) {
  for_each_delivery(celery, task, [&](RequestId each) {
    if (each == task || world.requests[each].ended || celery.deliveries[each].answered) return;
    celery.deliveries[each].answered = true;
    effects.push(RequestEnded{each, outcome});
  });
}

bool is_answered(const World& world, const CeleryState& celery, RequestId task) {
  if (celery.deliveries.size() <= task.index()) return false;
  return celery.deliveries[task].answered && !world.requests[task].ended;
}

void forget_delivery(CeleryState& celery, RequestId task) {
  if (celery.deliveries.size() <= task.index()) return;
  const Delivery delivery = std::exchange(celery.deliveries[task], {});
  COTENANT_ASSERT(delivery.timer.is_none());
  if (!delivery.earlier.is_none()) celery.deliveries[delivery.earlier].later = delivery.later;
  if (!delivery.later.is_none()) celery.deliveries[delivery.later].earlier = delivery.earlier;
}

RequestId deliver_again(World& world, ServiceState& service, RequestId task) {
  const Instant now = world.events.now();
  const RequestId copy = add_row_of(world, world.requests[task]);
  Request& request = world.requests[copy];
  request.attempted = now;
  request.attempts = world.requests[task].attempts + 1;  // other luck
  request.ended = true;
  request.at_server = true;
  request.state = WaitState::broker_queue;
  request.since = now;
  ++service.in_service;
  ++service.celery->redelivered;

  row_of(*service.celery, copy);  // which may move the others
  Delivery& late = row_of(*service.celery, task);
  service.celery->deliveries[copy] = {Timer::none(), task, late.later};
  if (!late.later.is_none()) service.celery->deliveries[late.later].earlier = copy;
  late = {Timer::none(), late.earlier, copy};
  return copy;
}

}  // namespace cotenant
