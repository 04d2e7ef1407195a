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

PortsId ports_of_call(const World& world, const Blueprint& blueprint, RequestId id) {
  const RequestId caller = world.calls[id].caller;
  if (caller.is_none()) return PortsId::none();
  const ServiceId service = blueprint.classes[world.requests[id].request_class].service;
  return blueprint.ports_of(world.requests[caller].task.machine, service);
}

bool take_port(World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  const ServiceId service = blueprint.classes[request.request_class].service;
  if (std::holds_alternative<PostgresSpec>(blueprint.services[service].server)) return true;
  const PortsId ports = ports_of_call(world, blueprint, id);
  if (ports.is_none()) return true;
  if (!world.connections.ports(ports).take(world.events.now())) return false;
  if (request.connection.is_none()) {
    world.calls[id].ports = ports;
  } else {
    world.connections[request.connection].ports = ports;
  }
  return true;
}

void free_port(World& world, PortsId ports) {
  if (!ports.is_none()) world.connections.ports(ports).free();
}

void close_port(World& world, PortsId ports) {
  if (!ports.is_none()) world.connections.ports(ports).close(world.events.now());
}

void return_port(World& world, const RequestEnded& ended) {
  const Request& request = world.requests[ended.request];
  if (!request.is_call()) return;
  const bool is_first = closes_first(request, ended.outcome);
  const PortsId own = std::exchange(world.calls[ended.request].ports, PortsId::none());
  if (!own.is_none()) {
    is_first ? close_port(world, own) : free_port(world, own);
  } else if (!request.connection.is_none() && !is_first) {
    world.connections.free_port(request.connection);
  }
}

}  // namespace cotenant
