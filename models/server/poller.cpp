// SPDX-License-Identifier: Apache-2.0
#include "models/server/poller.h"

#include <limits>
#include <utility>
#include <variant>

#include "models/server/task_steps.h"
#include "models/service/connections.h"
#include "models/workload/client.h"

namespace cotenant {
namespace {

using Acting = ActingWorker<PollerSpec>;

std::uint32_t number_of(const Acting& acting) {
  return acting.id.index() - acting.server.first_worker.index();
}

PollerProcess& process_of(Acting& acting) {
  return acting.service.poller->processes[number_of(acting)];
}

BoundedQueue<RequestId>& queue_at(Acting& acting) {
  return acting.service.poller->queues[process_of(acting).at];
}

const PollerChance& chance_of(const Acting& acting) {
  return acting.world.chance.pollers[acting.spec.service];
}

// Number k of a process, whatever the others do.
Duration draw(const Acting& acting, const Sampler& law, Stream stream, std::uint64_t k) {
  Draws draws = stream.sub(number_of(acting)).at(k);
  return law.draw_duration(draws);
}

// True when that is now.
bool wait_until(Acting& acting, WorkerPhase phase, Instant at) {
  acting.worker.phase = phase;
  if (at == acting.now) return true;
  acting.world.events.schedule(acting.world.slot(acting.id), at, order(Phase::server),
                               {EventKind::wait_done, acting.id.index()});
  return false;
}

// --- A cycle of visits. Each of these begins what takes time, and is true when it takes none.

bool begin_visit(Acting& acting) {
  PollerProcess& process = process_of(acting);
  process.found_here = false;
  process.may_take = 0;
  acting.worker.phase = WorkerPhase::looking;
  const std::uint64_t visit = process.visits++;
  const Duration cpu = draw(acting, acting.server.visit_cpu, chance_of(acting).visit_cpu, visit);
  return costs_nothing(acting, CpuTime(cpu.count()));
}

bool ask(Acting& acting) {
  const std::uint64_t visit = process_of(acting).visits - 1;
  const Duration trip = draw(acting, acting.server.visit, chance_of(acting).visit, visit);
  return wait_until(acting, WorkerPhase::asking, acting.now + trip);
}

// What it is to do is its own from now on.
void take_all(Acting& acting) {
  BoundedQueue<RequestId>& queue = queue_at(acting);
  PollerProcess& process = process_of(acting);
  for (std::uint32_t n = 0; n < acting.server.limit && !queue.empty(); ++n) {
    const RequestId task = queue.pop();
    account_as(acting, acting.world.requests[task], WaitState::prefetched);
    process.taken.push_growing(task);
  }
}

RequestId next_task(Acting& acting) {
  PollerProcess& process = process_of(acting);
  if (!process.taken.empty()) return process.taken.pop();
  if (process.may_take == 0 || queue_at(acting).empty()) return RequestId::none();
  --process.may_take;
  return queue_at(acting).pop();
}

// The process ends, and cron starts the next one when it is time.
bool end_until_next(Acting& acting) {
  close_pools(acting.world, acting.blueprint, acting.spec.pools);
  close_kept(acting.world, acting.blueprint, acting.spec.kept, acting.effects);
  const std::int64_t every = acting.server.every->count();
  const std::int64_t next = (acting.now - Instant()).count() / every + 1;
  return wait_until(acting, WorkerPhase::gone, Instant() + Duration(next * every));
}

bool end_cycle(Acting& acting) {
  PollerProcess& process = process_of(acting);
  process.at = 0;
  const bool found = std::exchange(process.found, false);
  if (acting.server.every) return end_until_next(acting);
  if (found || !acting.server.pause) return begin_visit(acting);
  const Duration pause =
      draw(acting, *acting.server.pause, chance_of(acting).pause, process.pauses++);
  return wait_until(acting, WorkerPhase::idle, acting.now + pause);
}

bool leave_queue(Acting& acting) {
  PollerProcess& process = process_of(acting);
  process.found = process.found || process.found_here;
  if (acting.server.first_again && process.found_here) {
    process.at = 0;
    process.found = false;
    return begin_visit(acting);
  }
  if (++process.at < acting.service.poller->queues.size()) return begin_visit(acting);
  return end_cycle(acting);
}

// Tasks that cost nothing may empty a whole queue at one instant: see go_on_later().
bool go_on_with_visit(Acting& acting) {
  const RequestId task = next_task(acting);
  if (task.is_none()) return leave_queue(acting);
  process_of(acting).found_here = true;
  begin_task(acting, task);
  return false;
}

bool take(Acting& acting) {
  switch (acting.server.takes) {
    case Takes::one:
      process_of(acting).may_take = 1;
      break;
    case Takes::gated:
      take_all(acting);
      break;
    case Takes::exhaustive:
      process_of(acting).may_take = std::numeric_limits<std::uint32_t>::max();
      break;
  }
  return go_on_with_visit(acting);
}

bool boot(Acting& acting) {
  acting.worker.phase = WorkerPhase::booting;
  if (costs_nothing(acting, acting.server.boot)) go_on_later(acting);
  return false;
}

// --- Tasks

bool finish(Acting& acting) {
  if (is_served(acting)) ++acting.service.served;
  leave(acting, acting.request().reply);
  return go_on_with_visit(acting);
}

// What it had taken and not begun is found by the next one. Cron does not hurry.
bool die(Acting& acting) {
  PollerProcess& process = process_of(acting);
  leave(acting, Outcome::lost);
  BoundedQueue<RequestId>& queue = queue_at(acting);
  while (!process.taken.empty()) {
    const RequestId task = process.taken.pop_last();
    account_as(acting, acting.world.requests[task], WaitState::broker_queue);
    queue.push_front_growing(task);
  }
  process.at = 0;
  process.found = false;
  if (acting.server.every) return end_until_next(acting);
  close_pools(acting.world, acting.blueprint, acting.spec.pools);
  close_kept(acting.world, acting.blueprint, acting.spec.kept, acting.effects);
  ++acting.service.arbiter.forks;
  return boot(acting);
}

bool go_on_with_steps(Acting& acting) {
  switch (go_on_with_task(acting)) {
    case TaskGoes::on:
      return false;
    case TaskGoes::over:
      return finish(acting);
    case TaskGoes::down:
      return die(acting);
  }
  return false;
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on(Acting& acting) {
  switch (acting.worker.phase) {
    case WorkerPhase::gone:
      return boot(acting);
    case WorkerPhase::booting:
    case WorkerPhase::idle:
      return begin_visit(acting);
    case WorkerPhase::looking:
      return ask(acting);
    case WorkerPhase::asking:
      return take(acting);
    default:
      return go_on_with_steps(acting);
  }
}

void end_phase(Acting& acting) {
  while (go_on(acting)) {
  }
}

}  // namespace

// Cron's first minute is over at instant zero, others begin then.
void start_poller(World& world, const Blueprint& blueprint, ServiceId id) {
  const auto& server = std::get<PollerSpec>(blueprint.services[id].server);
  PollerState& poller = world.services[id].poller.emplace();
  poller.queues.resize(server.queues);
  poller.processes.resize(server.workers);
  for (std::uint32_t w = 0; w < server.workers; ++w) {
    const WorkerId worker(server.first_worker.index() + w);
    world.workers[worker].phase = server.every ? WorkerPhase::gone : WorkerPhase::idle;
    world.events.schedule(world.slot(worker), Instant(), order(Phase::server),
                          {EventKind::wait_done, worker.index()});
  }
}

void on_connect_poller(World& world, const Blueprint& blueprint, RequestId id) {
  const ClassSpec& spec = blueprint.classes[world.requests[id].request_class];
  ServiceState& service = world.services[spec.service];
  enter_server(world, service, id, WaitState::broker_queue);
  service.poller->queues[spec.task.queue].push_growing(id);
}

void on_poller_ran(World& world, const Blueprint& blueprint, WorkerId id, const BurstTimes& burst,
                   Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  book_burst(acting, burst);
  end_phase(acting);
}

void on_poller_waited(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  Acting acting{world, blueprint, id, effects};
  end_phase(acting);
}

}  // namespace cotenant
