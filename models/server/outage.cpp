// SPDX-License-Identifier: Apache-2.0
#include "models/server/outage.h"

#include <variant>

#include "models/server/arbiter.h"
#include "models/server/database_outage.h"
#include "models/server/leader_followers_life.h"
#include "models/server/memory.h"
#include "models/server/on_demand.h"
#include "models/server/probes.h"
#include "models/server/stay.h"

namespace cotenant {
namespace {

void start_later(World& world, const ServiceSpec& spec, ServiceId id) {
  OutageState& outage = world.services[id].outage;
  const Instant now = world.events.now();
  const auto delay = outage.restarts.next(*spec.restart, outage.since, now);
  outage.since = now;
  if (!delay) return;
  world.events.start_timer(now + *delay + spec.restart->start, order(Phase::server),
                           {EventKind::service_starts, id.index()});
}

// Calls f(Place) for all that have a process at first.
template <class F>
void for_each_first(const Blueprint& blueprint, ServiceId id, F f) {
  const ServiceSpec& spec = blueprint.services[id];
  const auto* team = std::get_if<LeaderFollowersSpec>(&spec.server);
  const std::uint32_t first =
      team != nullptr && team->cheaper ? team->cheaper->workers : places_of(spec);
  for (std::uint32_t n = 0; n < first; ++n) f(Place{id, n});
}

}  // namespace

// The kernel resets their connections when the socket is closed.
void close_accept_queue(World& world, ServiceId id, Effects& effects) {
  ServiceState& service = world.services[id];
  effects.reserve(service.accept_queue.size());
  while (!service.accept_queue.empty()) {
    const RequestId request = service.accept_queue.pop();
    stop_timer(world, world.requests[request].wait);
    close_connection(world, world.requests[request]);
    leave_server(world, service, request, Outcome::reset, effects);
  }
}

void end_all_processes(World& world, const Blueprint& blueprint, ServiceId id, Outcome outcome,
                       Effects& effects) {
  effects.reserve(2 * world.requests.live() + blueprint.threads.size() + blueprint.workers.size());
  for (std::uint32_t n = 0; n < places_of(blueprint.services[id]); ++n) {
    clear_place(world, blueprint, {id, n}, outcome, effects);
  }
  world.events.cancel(world.slot(id));
  world.services[id].cheaper = {};
  release_main(world, blueprint, id);
}

void begin_outage(World& world, const Blueprint& blueprint, ServiceId id, Outcome outcome,
                  Effects& effects) {
  const ServiceSpec& spec = blueprint.services[id];
  ServiceState& service = world.services[id];
  if (service.idle_stop.stopped) return;
  effects.reserve(2 * world.requests.live() + blueprint.threads.size() + blueprint.workers.size());
  service.outage.is_down = true;
  service.outage.preloads = false;
  ++service.outage.count;
  stop_probes(world, blueprint, id);
  close_accept_queue(world, id, effects);
  end_all_processes(world, blueprint, id, outcome, effects);
  start_later(world, spec, id);
}

void on_service_starts(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  if (is_database(blueprint.services[id])) return on_database_starts(world, blueprint, id);
  ServiceState& service = world.services[id];
  const Instant now = world.events.now();
  service.outage.lasted = service.outage.lasted_until(now);
  service.outage.is_down = false;
  service.outage.since = now;
  service.idle_stop.stopped = service.idle_stop.starts = false;
  service.outage.preloads = !blueprint.services[id].arbiter().preload.is_zero();
  service.arbiter.rhythm = now;
  occupy_main(world, blueprint, id);
  for_each_first(blueprint, id, [&](Place place) {
    if (place.number == 0 || !service.outage.preloads) fork_first(world, blueprint, place);
  });
  if (adapts(blueprint.services[id])) look_when_it_hangs(world, id, now);
  if (std::holds_alternative<OnDemandSpec>(blueprint.services[id].server)) {
    resume_on_demand(world, blueprint, id, effects);
  }
  begin_probes(world, blueprint, id);
}

void end_preload(World& world, const Blueprint& blueprint, ServiceId id) {
  world.services[id].outage.preloads = false;
  for_each_first(blueprint, id, [&](Place place) {
    if (place.number > 0) fork_first(world, blueprint, place);
  });
}

}  // namespace cotenant
