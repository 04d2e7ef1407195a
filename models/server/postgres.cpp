// SPDX-License-Identifier: Apache-2.0
#include "models/server/postgres.h"

#include "models/server/acting_worker.h"
#include "models/server/stay.h"
#include "models/service/connections.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<PostgresSpec>;

LockId lock_of(Acting& acting) {
  return acting.blueprint.classes[acting.request().request_class].lock;
}

// In the order in which they ask. True when the backend has the lock, or needs none.
bool take_lock(Acting& acting) {
  const LockId id = lock_of(acting);
  if (id.is_none()) return true;
  LockState& lock = acting.world.locks[id];
  if (lock.holder.is_none()) {
    lock.holder = acting.id;
    return true;
  }
  lock.waiting.push_growing(acting.id);
  acting.worker.phase = WorkerPhase::locking;
  account_as(acting, acting.request(), WaitState::lock);
  return false;
}

void release_lock(Acting& acting) {
  const LockId id = lock_of(acting);
  if (id.is_none()) return;
  LockState& lock = acting.world.locks[id];
  lock.holder = WorkerId::none();
  if (lock.waiting.empty()) return;
  lock.holder = lock.waiting.pop();
  Acting next{acting.world, acting.blueprint, lock.holder, acting.effects};
  account_as(next, next.request(), WaitState::server_cpu);
  go_on_later(next);
}

// Whoever gave up has closed the connection, which the backend notices now. That of a pgbouncer is
// not closed.
void finish(Acting& acting) {
  release_lock(acting);
  const bool is_closed = acting.request().ended;
  leave(acting, acting.request().reply);
  ++acting.service.served;
  acting.worker.phase = WorkerPhase::idle;
  const PoolId bouncer = acting.server.bouncer;
  if (!bouncer.is_none()) {
    return give_back(acting.world, acting.blueprint, bouncer, acting.id, acting.effects);
  }
  if (is_closed) close_backend(acting.world, acting.blueprint, acting.id);
}

// From the end of the phase that the backend is in.
void go_on(Acting& acting) {
  const WorkerPhase ended = acting.worker.phase;
  const bool begins = ended == WorkerPhase::booting || ended == WorkerPhase::accepting;
  if (begins && !take_lock(acting)) return;
  while (!steps_are_over(acting)) {
    if (!begin_step(acting)) return;
  }
  finish(acting);
}

}  // namespace

void start_postgres(World& world, const Blueprint& blueprint, ServiceId id) {
  const auto& server = std::get<PostgresSpec>(blueprint.services[id].server);
  DatabaseState& database = world.services[id].database.emplace();
  database.vacant = BoundedQueue<WorkerId>(server.backends);
  for (std::uint32_t b = 0; b < server.backends; ++b) {
    const WorkerId backend(server.first_backend.index() + b);
    world.workers[backend].phase = WorkerPhase::gone;
    database.vacant.push(backend);
  }
}

std::optional<WorkerId> open_backend(World& world, ServiceId service) {
  BoundedQueue<WorkerId>& vacant = world.services[service].database->vacant;
  if (vacant.empty()) return std::nullopt;
  return vacant.pop();
}

void close_backend(World& world, const Blueprint& blueprint, WorkerId id) {
  COTENANT_ASSERT(world.workers[id].phase == WorkerPhase::idle);
  world.workers[id].phase = WorkerPhase::gone;
  end_residence(world, blueprint.workers[id]);
  world.services[blueprint.workers[id].service].database->vacant.push(id);
}

void begin_query(World& world, const Blueprint& blueprint, WorkerId id, RequestId request,
                 Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  const bool is_new = acting.worker.phase == WorkerPhase::gone;
  if (is_new) begin_residence(world, blueprint, acting.spec.resident);
  const CpuTime cost = is_new ? acting.server.connect : CpuTime(0);
  enter_server(world, acting.service, request, WaitState::server_cpu);
  take_up(acting, request, is_new ? WorkerPhase::booting : WorkerPhase::accepting);
  if (costs_nothing(acting, cost)) go_on_later(acting);
}

void on_backend_ran(World& world, const Blueprint& blueprint, WorkerId id, const BurstTimes& burst,
                    Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  book_burst(acting, burst);
  go_on(acting);
}

void on_backend_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  go_on(acting);
}

}  // namespace cotenant
