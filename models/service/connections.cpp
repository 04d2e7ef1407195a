// SPDX-License-Identifier: Apache-2.0
#include "models/service/connections.h"

#include <optional>
#include <utility>
#include <variant>

#include "models/server/postgres.h"
#include "models/service/calls.h"
#include "models/service/ports.h"
#include "models/service/trips.h"

namespace cotenant {
namespace {

// One call to a database during one step of the simulation.
struct Calling {
  World& world;
  const Blueprint& blueprint;
  RequestId id;
  Effects& effects;

  Request& request() const { return world.requests[id]; }
  DatabaseConnection& connection() const { return world.calls[id].connection; }
  ServiceId service() const { return blueprint.classes[request().request_class].service; }
  // Null when it is a call to something else.
  const PostgresSpec* server() const {
    return std::get_if<PostgresSpec>(&blueprint.services[service()].server);
  }
  DatabaseState& database() const { return *world.services[service()].database; }
  Calling other(RequestId call) const { return {world, blueprint, call, effects}; }
};

// --- What a connection needs where it is opened

// Of the process of the pool; nothing: a pgbouncer, which keeps what it has.
LocalEnd end_of_pool(const World& world, const Blueprint& blueprint, PoolId pool) {
  const PoolSpec& spec = blueprint.pools[pool];
  if (spec.caller.is_none()) return {};
  return world.connections.end_of(blueprint.ports_of(spec.caller, spec.database), spec.descriptors);
}

bool open_end(const Calling& call) {
  DatabaseConnection& connection = call.connection();
  connection.end = connection.pool.is_none()
                       ? end_of_call(call.world, call.blueprint, call.id)
                       : end_of_pool(call.world, call.blueprint, connection.pool);
  return call.world.connections.open_end(connection.end, call.world.events.now());
}

// --- Pools

PoolRange pools_of(const Blueprint& blueprint, TaskRef task) {
  const WorkerId worker = blueprint.worker_of(task);
  return worker.is_none() ? blueprint.processes[blueprint.process_of(task)].pools
                          : blueprint.workers[worker].pools;
}

// Of the process that calls, for that database. None: it has no pool.
PoolId pool_of(const Calling& call) {
  const RequestId caller = call.world.calls[call.id].caller;
  const PoolRange pools = pools_of(call.blueprint, call.world.requests[caller].task);
  for (std::uint32_t p = 0; p < pools.count; ++p) {
    const PoolId pool(pools.first.index() + p);
    if (call.blueprint.pools[pool].database == call.service()) return pool;
  }
  return PoolId::none();
}

bool is_bouncer(const Blueprint& blueprint, PoolId pool) {
  const ServiceId database = blueprint.pools[pool].database;
  return std::get<PostgresSpec>(blueprint.services[database].server).bouncer == pool;
}

void start_waiting(const Calling& call, PoolId pool) {
  const Instant now = call.world.events.now();
  enter(call.request(), WaitState::connection_pool, now);
  call.world.pools[pool].waiting.push_growing(call.id);
  call.connection().awaits = pool;
  const std::optional<Duration>& timeout = call.blueprint.pools[pool].timeout;
  if (!timeout) return;
  call.connection().timer = call.world.events.start_timer(
      now + *timeout, order(Phase::client), {EventKind::pool_timeout, call.id.index()});
}

void stop_waiting_for_pool(const Calling& call) {
  DatabaseConnection& connection = call.connection();
  connection.awaits = PoolId::none();
  stop_timer(call.world, connection.timer);
}

// --- Borrowing

void refuse(const Calling& call) { call.effects.push(RequestEnded{call.id, Outcome::refused}); }

bool is_down(const Calling& call) { return call.world.services[call.service()].outage.is_down; }

// To the database itself; it ended with a crash of it.
bool is_lost(const Calling& call, const DatabaseConnection& connection) {
  return connection.is_open && !connection.backend.is_none() &&
         connection.crashes != call.database().crashes;
}

// Over the connection to that backend, or a new one.
void query(const Calling& call, std::optional<WorkerId> backend) {
  const bool is_direct = call.server()->bouncer.is_none();
  if (!backend && is_direct && !open_end(call)) return refuse(call);
  if (!backend && !is_down(call)) backend = open_backend(call.world, call.service());
  if (!backend) {
    COTENANT_ASSERT(is_direct);  // a pgbouncer has no more connections than its database
    call.world.connections.free_end(call.connection().end);
    return refuse(call);
  }
  if (is_direct) {
    call.connection().is_open = true;
    call.connection().backend = *backend;
    call.connection().crashes = call.database().crashes;
  }
  begin_query(call.world, call.blueprint, *backend, call.id, call.effects);
}

void borrow(const Calling& call, PoolId pool);

// At the database or its pgbouncer: over its connection, or over a new one.
void arrive(const Calling& call) {
  DatabaseConnection& connection = call.connection();
  if (is_lost(call, connection)) return call.effects.push(RequestEnded{call.id, Outcome::reset});
  if (call.server()->bouncer.is_none()) {
    return query(call, connection.is_open ? std::optional(connection.backend) : std::nullopt);
  }
  if (!connection.is_open) {
    std::uint32_t& clients = call.database().bouncer_clients;
    if (clients == call.server()->bouncer_clients || !open_end(call)) return refuse(call);
    ++clients;
    connection.is_open = true;
  }
  borrow(call, call.server()->bouncer);
}

// With a connection, or to open one.
void send(const Calling& call) {
  const std::int64_t trips = call.connection().is_open ? kTripsOverKept : kTripsToDatabase;
  if (!sets_out(call.world, call.blueprint, call.id, trips)) arrive(call);
}

// The pool lends a connection, or lets the call open one.
void lend(const Calling& call, PoolId pool, std::optional<WorkerId> backend) {
  if (is_bouncer(call.blueprint, pool)) return query(call, backend);
  DatabaseConnection& connection = call.connection();
  connection.pool = pool;
  connection.life = call.world.pools[pool].life;
  connection.is_open = backend.has_value();
  connection.backend = backend.value_or(WorkerId::none());
  connection.crashes = call.database().crashes;
  connection.end = end_of_pool(call.world, call.blueprint, pool);
  send(call);
}

void borrow(const Calling& call, PoolId id) {
  PoolState& pool = call.world.pools[id];
  if (is_bouncer(call.blueprint, id) && is_down(call)) return refuse(call);
  if (!pool.idle.empty()) return lend(call, id, pool.idle.pop());
  if (pool.open == call.blueprint.pools[id].most()) return start_waiting(call, id);
  ++pool.open;
  lend(call, id, std::nullopt);
}

// --- Giving back

void lend_to_next(World& world, const Blueprint& blueprint, PoolId pool,
                  std::optional<WorkerId> backend, Effects& effects) {
  const Calling next{world, blueprint, world.pools[pool].waiting.pop(), effects};
  stop_waiting_for_pool(next);
  lend(next, pool, backend);
}

// A place of the pool is free: whoever waits may open a connection.
void free_place(World& world, const Blueprint& blueprint, PoolId id, Effects& effects) {
  PoolState& pool = world.pools[id];
  if (pool.waiting.empty()) {
    --pool.open;
  } else {
    lend_to_next(world, blueprint, id, std::nullopt, effects);
  }
}

// Nobody uses it.
void close_connection(World& world, const Blueprint& blueprint, ServiceId database,
                      WorkerId backend) {
  if (backend.is_none()) {
    --world.services[database].database->bouncer_clients;
  } else {
    close_backend(world, blueprint, backend);
  }
}

}  // namespace

void on_connect_database(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  if (is_abandoned(world, id)) return effects.push(RequestEnded{id, Outcome::abandoned});
  const Calling call{world, blueprint, id, effects};
  const PoolId pool = pool_of(call);
  if (pool.is_none()) return send(call);
  borrow(call, pool);
}

void on_database_reached(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  arrive({world, blueprint, id, effects});
}

// QueuePool keeps what comes back as long as it has fewer idle ones than its size.
void give_back(World& world, const Blueprint& blueprint, PoolId id, WorkerId backend,
               Effects& effects) {
  PoolState& pool = world.pools[id];
  if (!pool.waiting.empty()) {
    lend_to_next(world, blueprint, id, backend, effects);
  } else if (!pool.idle.full()) {
    pool.idle.push(backend);
  } else {
    --pool.open;
    world.connections.close_end(end_of_pool(world, blueprint, id), world.events.now());
    close_connection(world, blueprint, blueprint.pools[id].database, backend);
  }
}

// Over a connection on which a query still runs nobody can send another one: its client closes it.
// The backend goes on with the query.
void end_connection(World& world, const Blueprint& blueprint, const RequestEnded& ended,
                    Effects& effects) {
  const auto [id, outcome] = ended;
  const Calling call{world, blueprint, id, effects};
  if (!call.request().is_call()) return;
  if (call.server() == nullptr) return return_end(world, ended);
  const PoolId awaits = call.connection().awaits;
  if (!awaits.is_none()) {
    world.pools[awaits].waiting.remove(id);
    stop_waiting_for_pool(call);
  }
  const DatabaseConnection connection = std::exchange(call.connection(), {});
  const bool answered = outcome == Outcome::completed || outcome == Outcome::error_500;
  const bool lost = is_lost(call, connection);
  const bool is_whole = connection.is_open && answered && !lost;
  const bool leaves_bouncer = connection.is_open && !answered && connection.backend.is_none();
  if (leaves_bouncer) --call.database().bouncer_clients;
  const bool leaves_idle =
      connection.is_open && is_on_its_way(call.request()) && !leaves_bouncer && !lost;
  if (leaves_idle) close_backend(world, blueprint, connection.backend);
  const PoolId pool = connection.pool;
  const bool goes_back = !pool.is_none() && connection.life == world.pools[pool].life;
  if (connection.is_open && !(goes_back && is_whole)) {
    outcome == Outcome::reset ? world.connections.free_end(connection.end)
                              : world.connections.close_end(connection.end, world.events.now());
  }
  if (goes_back && is_whole) {
    give_back(world, blueprint, pool, connection.backend, effects);
  } else if (goes_back) {
    free_place(world, blueprint, pool, effects);
  } else if (is_whole) {
    close_connection(world, blueprint, call.service(), connection.backend);
  }
}

void on_pool_timeout(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  DatabaseConnection& connection = world.calls[id].connection;
  connection.timer = Timer::none();
  const Outcome outcome = is_abandoned(world, id)                    ? Outcome::abandoned
                          : is_bouncer(blueprint, connection.awaits) ? Outcome::reset
                                                                     : Outcome::timed_out;
  effects.push(RequestEnded{id, outcome});
}

// Of a pgbouncer: whoever waits for a connection is told, and stays connected to nobody.
void drop_connections(World& world, const Blueprint& blueprint, ServiceId database,
                      Effects& effects) {
  for (std::uint32_t p = 0; p < world.pools.size(); ++p) {
    const PoolId id(p);
    PoolState& pool = world.pools[id];
    if (blueprint.pools[id].database != database) continue;
    const bool is_of_bouncer = is_bouncer(blueprint, id);
    const bool leads_to_bouncer =
        !is_of_bouncer &&
        !std::get<PostgresSpec>(blueprint.services[database].server).bouncer.is_none();
    if (leads_to_bouncer) continue;
    for (; !pool.idle.empty(); pool.idle.pop()) {
      --pool.open;
      world.connections.close_end(end_of_pool(world, blueprint, id), world.events.now());
    }
    if (!is_of_bouncer) continue;
    pool.open = 0;
    while (!pool.waiting.empty()) {
      const Calling next{world, blueprint, pool.waiting.pop(), effects};
      stop_waiting_for_pool(next);
      refuse(next);
    }
  }
}

// Those who wait end one by one, so that effects do not pile up.
void close_pools(World& world, const Blueprint& blueprint, PoolRange pools) {
  for (std::uint32_t p = 0; p < pools.count; ++p) {
    const PoolId id(pools.first.index() + p);
    PoolState& pool = world.pools[id];
    while (!pool.idle.empty()) {
      world.connections.close_end(end_of_pool(world, blueprint, id), world.events.now());
      close_connection(world, blueprint, blueprint.pools[id].database, pool.idle.pop());
    }
    pool.waiting.for_each([&](RequestId waiting) {
      Timer& timer = world.calls[waiting].connection.timer;
      if (!timer.is_none()) world.events.cancel(timer);
      timer = world.events.start_timer(world.events.now(), order(Phase::client),
                                       {EventKind::pool_timeout, waiting.index()});
    });
    pool.open = 0;
    ++pool.life;
  }
}

}  // namespace cotenant
