// SPDX-License-Identifier: Apache-2.0
#include "models/server/database_outage.h"

#include <optional>
#include <variant>

#include "models/server/acting_worker.h"
#include "models/server/stay.h"
#include "models/service/connections.h"

namespace cotenant {
namespace {

// Whoever waits for an answer sees that the connection is closed.
template <class Server>
void end_process(ActingWorker<Server>&& acting) {
  WorkerState& worker = acting.worker;
  if (!worker.request.is_none()) {
    forget_waits(acting.world, worker.request);
    leave(acting, Outcome::oom_killed);
    if (worker.phase != WorkerPhase::locking) interrupt(acting);
  }
  worker.phase = WorkerPhase::gone;
  end_residence(acting.world, acting.spec);
}

void free_locks(World& world, const Blueprint& blueprint, ServiceId service) {
  for (const ClassSpec& operation : blueprint.classes) {
    if (operation.service != service || operation.lock.is_none()) continue;
    world.locks[operation.lock].holder = WorkerId::none();
    world.locks[operation.lock].waiting.clear();
  }
}

struct End {
  World& world;
  const Blueprint& blueprint;
  ServiceId id;
  Effects& effects;

  void operator()(const RedisSpec& redis) const {
    ServiceState& service = world.services[id];
    while (!service.accept_queue.empty()) {
      leave_server(world, service, service.accept_queue.pop(), Outcome::oom_killed, effects);
    }
    service.idle.clear();
    end_process(ActingWorker<RedisSpec>{world, blueprint, redis.worker, effects});
  }

  void operator()(const PostgresSpec& postgres) const {
    DatabaseState& database = *world.services[id].database;
    free_locks(world, blueprint, id);
    for (std::uint32_t b = 0; b < postgres.backends; ++b) {
      const WorkerId backend(postgres.first_backend.index() + b);
      if (world.workers[backend].phase == WorkerPhase::gone) continue;
      end_process(ActingWorker<PostgresSpec>{world, blueprint, backend, effects});
      database.vacant.push(backend);
    }
    ++database.crashes;
    drop_connections(world, blueprint, id, effects);
  }

  template <class Server>
  void operator()(const Server&) const {
    COTENANT_ASSERT(false && "not a database");
  }
};

// How long it takes until it is there again; none: nobody starts it.
std::optional<Duration> downtime(World& world, const ServiceSpec& spec, ServiceId id,
                                 bool with_main) {
  const auto* postgres = std::get_if<PostgresSpec>(&spec.server);
  const Duration recovery = postgres != nullptr ? postgres->recovery : Duration(0);
  if (!with_main) return recovery;
  if (!spec.restart) return std::nullopt;
  OutageState& outage = world.services[id].outage;
  const auto delay = outage.restarts.next(*spec.restart, outage.since, world.events.now());
  if (!delay) return std::nullopt;
  return *delay + spec.restart->start + recovery;
}

}  // namespace

void begin_database_outage(World& world, const Blueprint& blueprint, ServiceId id, bool with_main,
                           Effects& effects) {
  const ServiceSpec& spec = blueprint.services[id];
  const Instant now = world.events.now();
  with_main = with_main || std::holds_alternative<RedisSpec>(spec.server);
  effects.reserve(2 * world.requests.live() + blueprint.workers.size());
  OutageState& outage = world.services[id].outage;
  outage.is_down = true;
  ++outage.count;
  std::visit(End{world, blueprint, id, effects}, spec.server);
  if (with_main) release_main(world, blueprint, id);
  const std::optional<Duration> after = downtime(world, spec, id, with_main);
  outage.without_main = with_main;
  outage.since = now;
  if (!after) return;
  world.events.start_timer(now + *after, order(Phase::server),
                           {EventKind::service_starts, id.index()});
}

void on_database_starts(World& world, const Blueprint& blueprint, ServiceId id) {
  ServiceState& service = world.services[id];
  const Instant now = world.events.now();
  service.outage.lasted = service.outage.lasted_until(now);
  service.outage.is_down = false;
  service.outage.since = now;
  if (service.outage.without_main) occupy_main(world, blueprint, id);
  const auto* redis = std::get_if<RedisSpec>(&blueprint.services[id].server);
  if (redis == nullptr) return;
  world.workers[redis->worker].phase = WorkerPhase::idle;
  service.idle.push(redis->worker);
  begin_residence(world, blueprint, blueprint.workers[redis->worker].resident);
}

}  // namespace cotenant
