// SPDX-License-Identifier: Apache-2.0
#include "models/service/trips.h"

#include <variant>

#include "models/service/calls.h"
#include "models/service/connections.h"

namespace cotenant {

namespace {

const ServiceSpec& called(const World& world, const Blueprint& blueprint, RequestId id) {
  return blueprint.services[blueprint.classes[world.requests[id].request_class].service];
}

}  // namespace

std::int64_t trips_over_new(const World& world, const Blueprint& blueprint, RequestId id) {
  const ServiceSpec& service = called(world, blueprint, id);
  if (std::holds_alternative<PostgresSpec>(service.server)) return 0;
  return std::holds_alternative<RedisSpec>(service.server) ? kTripsOverKept : kTripsOverNew;
}

bool sets_out(World& world, const Blueprint& blueprint, RequestId id, std::int64_t round_trips) {
  if (blueprint.network_rtt.is_zero() || round_trips == 0) return false;
  Request& request = world.requests[id];
  const RequestId caller = world.calls[id].caller;
  if (blueprint.classes[request.request_class].is_task || caller.is_none()) return false;
  const MachineId from = world.requests[caller].task.machine;
  if (!blueprint.are_apart(from, called(world, blueprint, id).machine)) return false;
  const Instant now = world.events.now();
  enter(request, WaitState::network, now);
  request.syn_timer =
      world.events.start_timer(now + blueprint.network_rtt * round_trips, order(Phase::arrival),
                               {EventKind::trip_done, id.index()});
  return true;
}

void on_trip_done(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  world.requests[id].syn_timer = Timer::none();
  if (is_abandoned(world, id)) {
    effects.push(RequestEnded{id, Outcome::abandoned});
  } else if (std::holds_alternative<PostgresSpec>(called(world, blueprint, id).server)) {
    on_database_reached(world, blueprint, id, effects);
  } else if (world.calls[id].reuses) {
    effects.push(SendRequest{id});
  } else {
    effects.push(Connect{id});
  }
}

}  // namespace cotenant
