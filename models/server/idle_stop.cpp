// SPDX-License-Identifier: Apache-2.0
#include "models/server/idle_stop.h"

#include <algorithm>
#include <variant>

#include "models/server/on_demand.h"
#include "models/server/outage.h"

namespace cotenant {
namespace {

void look_at(World& world, ServiceId service, Instant at) {
  world.events.start_timer(at, order(Phase::server), {EventKind::idle_stop_due, service.index()});
}

// An open WebSocket is traffic even while nothing is sent.
bool has_websockets(const World& world, const Blueprint& blueprint, ServiceId service) {
  for (std::uint32_t p = 0; p < world.processes.size(); ++p) {
    const ProcessId id(p);
    if (blueprint.processes[id].service == service && world.processes[id].websockets.size > 0) {
      return true;
    }
  }
  return false;
}

bool is_in_use(const World& world, const Blueprint& blueprint, ServiceId service) {
  return world.services[service].in_service > 0 || has_websockets(world, blueprint, service);
}

void stop(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  world.services[id].idle_stop.stopped = true;
  end_all_processes(world, blueprint, id, Outcome::reset, effects);
  if (std::holds_alternative<OnDemandSpec>(blueprint.services[id].server)) {
    stop_on_demand(world, blueprint, id, effects);
  }
}

}  // namespace

void start_idle_stop(World& world, const Blueprint& blueprint, ServiceId service) {
  const auto& spec = blueprint.services[service].idle_stop;
  if (spec) look_at(world, service, world.events.now() + spec->after);
}

void wake(World& world, const Blueprint& blueprint, ServiceId id) {
  IdleStopState& state = world.services[id].idle_stop;
  if (state.starts) return;
  state.starts = true;
  ++state.cold_starts;
  const IdleStopSpec& spec = *blueprint.services[id].idle_stop;
  const Instant now = world.events.now();
  world.events.start_timer(now + spec.start, order(Phase::server),
                           {EventKind::service_starts, id.index()});
  look_at(world, id, now + spec.after);
}

void on_idle_stop_due(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const ServiceState& service = world.services[id];
  const Duration after = blueprint.services[id].idle_stop->after;
  const Instant now = world.events.now();
  // Stopped it may still be: who asked for it has given up before it was there.
  const bool is_up = !service.outage.is_down && !service.idle_stop.stopped;
  if (!is_up || is_in_use(world, blueprint, id)) {
    look_at(world, id, now + after);
  } else if (service.idle_stop.last + after > now) {
    look_at(world, id, service.idle_stop.last + after);
  } else {
    stop(world, blueprint, id, effects);
  }
}

}  // namespace cotenant
