// SPDX-License-Identifier: Apache-2.0
#include "models/server/server.h"

#include <variant>

#include "models/server/gthread.h"
#include "models/server/loop_server.h"
#include "models/server/sync_workers.h"

namespace cotenant {
namespace {

struct Start {
  World& world;
  const Blueprint& blueprint;
  ServiceId service;

  void operator()(const SyncSpec&) const { start_sync_workers(world, blueprint, service); }
  void operator()(const GthreadSpec& server) const { start_gthread(world, blueprint, server); }
  void operator()(const LoopSpec& server) const { start_loops(world, blueprint, server); }
};

struct Wake {
  World& world;
  const Blueprint& blueprint;
  ServiceId service;
  Effects& effects;

  void operator()(const SyncSpec&) const { wake_sync_workers(world, blueprint, service, effects); }
  void operator()(const GthreadSpec&) const { wake_gthread(world, blueprint, service, effects); }
  void operator()(const LoopSpec&) const { wake_loops(world, blueprint, service, effects); }
};

// An event loop reads a request before it turns it down.
bool rejects(const ServiceSpec& spec, const ServiceState& service) {
  if (!spec.limit_concurrency || std::holds_alternative<LoopSpec>(spec.server)) return false;
  return service.in_service >= *spec.limit_concurrency;
}

}  // namespace

void start_services(World& world, const Blueprint& blueprint) {
  for (std::uint32_t s = 0; s < world.services.size(); ++s) {
    const ServiceSpec& spec = blueprint.services[ServiceId(s)];
    world.services[ServiceId(s)].accept_queue = BoundedQueue<RequestId>(spec.accept_queue_capacity);
    std::visit(Start{world, blueprint, ServiceId(s)}, spec.server);
  }
}

void on_connect(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  const ServiceId service_id = blueprint.classes[request.request_class].service;
  const ServiceSpec& spec = blueprint.services[service_id];
  ServiceState& service = world.services[service_id];
  if (rejects(spec, service)) {
    effects.push(RequestEnded{id, Outcome::rejected_503});
    return;
  }
  if (service.accept_queue.full()) {
    effects.push(SynDropped{id});
    return;
  }
  enter(request, WaitState::accept_queue, world.events.now());
  request.at_server = true;
  ++service.in_service;
  service.accept_queue.push(id);
  std::visit(Wake{world, blueprint, service_id, effects}, spec.server);
}

}  // namespace cotenant
