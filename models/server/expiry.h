// SPDX-License-Identifier: Apache-2.0
//
// Tasks that nobody has a use for any more: Celery's `expires`. When that is, is drawn when it is
// asked for, which is the same number each time. Time counts from when the task was first sent:
// retries and deliveries after a crash keep the message with its instant (celery/app/task.py,
// signature_from_request()).
#pragma once

#include "models/blueprint.h"
#include "models/world.h"

namespace cotenant {

// At the very instant it may still begin (celery/worker/request.py, maybe_expire()).
inline bool has_expired(const World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  const std::optional<Sampler>& expires = blueprint.classes[request.request_class].task.expires;
  if (!expires) return false;
  Draws draws = world.chance.expiries[request.request_class].at(request.ordinal);
  return world.events.now() - request.arrival > expires->draw_duration(draws);
}

}  // namespace cotenant
