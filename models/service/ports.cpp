// SPDX-License-Identifier: Apache-2.0
#include "models/service/ports.h"

#include <utility>
#include <variant>

namespace cotenant {
namespace {

// The other end has closed first, or there has never been a connection.
bool closes_first(const Request& request, Outcome outcome) {
  if (outcome == Outcome::reset || outcome == Outcome::refused) return false;
  return request.state != WaitState::syn_retry;
}

}  // namespace

LocalEnd end_of_call(const World& world, const Blueprint& blueprint, RequestId id) {
  const RequestId caller = world.calls[id].caller;
  if (caller.is_none()) return {};
  const ServiceId service = blueprint.classes[world.requests[id].request_class].service;
  const TaskRef task = world.requests[caller].task;
  return world.connections.end_of(blueprint.ports_of(task.machine, service),
                                  blueprint.descriptors_of(task, service));
}

bool open_end(World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  const ServiceId service = blueprint.classes[request.request_class].service;
  if (std::holds_alternative<PostgresSpec>(blueprint.services[service].server)) return true;
  const LocalEnd end = end_of_call(world, blueprint, id);
  if (!world.connections.open_end(end, world.events.now())) return false;
  if (request.connection.is_none()) {
    world.calls[id].end = end;
  } else {
    world.connections[request.connection].end = end;
  }
  return true;
}

void return_end(World& world, const RequestEnded& ended) {
  const Request& request = world.requests[ended.request];
  if (!request.is_call()) return;
  const bool is_first = closes_first(request, ended.outcome);
  const LocalEnd own = std::exchange(world.calls[ended.request].end, {});
  if (is_first) {
    world.connections.close_end(own, world.events.now());
  } else {
    world.connections.free_end(own);
    if (!request.connection.is_none()) world.connections.free_end(request.connection);
  }
}

}  // namespace cotenant
