// SPDX-License-Identifier: Apache-2.0
#include "models/server/external.h"

#include <variant>

#include "models/server/stay.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

ServiceId service_of(const World& world, const Blueprint& blueprint, RequestId id) {
  return blueprint.classes[world.requests[id].request_class].service;
}

// Steps up to the first one that takes time.
void go_on(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  const auto& steps = blueprint.classes[request.request_class].steps;
  for (;;) {
    pass_errors(world, steps, request, request.step);
    if (request.step == steps.size()) break;
    const Duration time = demand_of(world, blueprint, request, request.step++);
    if (time.is_zero()) continue;
    world.events.start_timer(world.events.now() + time, order(Phase::server),
                             {EventKind::external_due, id.index()});
    return;
  }
  ServiceState& service = world.services[service_of(world, blueprint, id)];
  ++service.served;
  leave_server(world, service, id, request.reply, effects);
}

}  // namespace

void start_external(World& world, const Blueprint& blueprint, ServiceId id) {
  world.services[id].rate_limit = std::get<ExternalSpec>(blueprint.services[id].server).rate_limit;
}

void on_connect_external(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  ServiceState& service = world.services[service_of(world, blueprint, id)];
  if (service.rate_limit && !service.rate_limit->take(world.events.now())) {
    return effects.push(RequestEnded{id, Outcome::rejected_429});
  }
  enter_server(world, service, id, WaitState::wait);
  go_on(world, blueprint, id, effects);
}

void on_external_due(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  go_on(world, blueprint, id, effects);
}

}  // namespace cotenant
