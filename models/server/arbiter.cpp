// SPDX-License-Identifier: Apache-2.0
#include "models/server/arbiter.h"

#include <algorithm>
#include <variant>

#include "models/server/sync_workers.h"

namespace cotenant {
namespace {

// After each fork the arbiter sleeps for 0.1 s times a random number (gunicorn/arbiter.py,
// spawn_workers).
constexpr std::uint64_t kLongestPause = 100'000'000;  // ns

const SyncSpec& server_of(const Blueprint& blueprint, ServiceId service) {
  return std::get<SyncSpec>(blueprint.services[service].server);
}

bool may_hang(const WorkerState& worker) {
  return worker.phase != WorkerPhase::idle && worker.phase != WorkerPhase::gone;
}

// The first look after `at`. It looks a second after it has forked, and every second from then on.
Instant look_after(const ArbiterState& arbiter, Instant at) {
  const Instant first = arbiter.rhythm + kArbiterPeriod;
  if (at < first) return first;
  const std::int64_t periods = (at - first).count() / kArbiterPeriod.count() + 1;
  return first + kArbiterPeriod * periods;
}

void look_at(World& world, ServiceId service, Instant at) {
  world.events.schedule(world.slot(service), at, order(Phase::server),
                        {EventKind::arbiter_due, service.index()});
}

Duration pause_after_fork(const World& world, ServiceId service, std::uint64_t fork) {
  Draws draws = world.chance.arbiters[service].pause.at(fork);
  return Duration(static_cast<std::int64_t>(draws.next_below(kLongestPause)));
}

}  // namespace

void start_arbiter(World& world, ServiceId service) {
  world.services[service].arbiter.rhythm =
      Instant() + world.chance.arbiters[service].rhythm - kArbiterPeriod;
}

void look_when_it_hangs(World& world, ServiceId service, Instant hangs) {
  look_at(world, service, look_after(world.services[service].arbiter, hangs));
}

void on_arbiter_due(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const SyncSpec& server = server_of(blueprint, id);
  const Duration timeout = server.arbiter.timeout.value();
  const Instant now = world.events.now();
  Instant next = Instant::never();
  for (std::uint32_t w = 0; w < server.workers; ++w) {
    const WorkerId worker(server.first_worker.index() + w);
    if (!may_hang(world.workers[worker])) continue;
    const Instant hangs = world.workers[worker].reported + timeout;
    if (hangs < now) {
      ++world.services[id].arbiter.timeouts;
      kill_worker(world, blueprint, worker, effects);
    } else {
      next = std::min(next, hangs);
    }
  }
  if (next != Instant::never()) look_when_it_hangs(world, id, next);
}

void replace_process(World& world, const Blueprint& blueprint, WorkerId worker) {
  const ServiceId service = blueprint.workers[worker].service;
  ArbiterState& arbiter = world.services[service].arbiter;
  const Instant fork = std::max(world.events.now(), arbiter.rhythm);
  arbiter.rhythm = fork + pause_after_fork(world, service, arbiter.forks++);
  world.events.schedule(world.slot(worker), fork, order(Phase::server),
                        {EventKind::worker_forked, worker.index()});
}

std::uint32_t requests_allowed(const World& world, const Blueprint& blueprint, WorkerId worker) {
  const ServiceId service = blueprint.workers[worker].service;
  const SyncSpec& server = server_of(blueprint, service);
  const ArbiterSpec& arbiter = server.arbiter;
  if (arbiter.max_requests == 0 || arbiter.max_requests_jitter == 0) return arbiter.max_requests;
  const std::uint64_t local = worker.index() - server.first_worker.index();
  const std::uint64_t process = local << 32 | world.workers[worker].lives;
  Draws draws = world.chance.arbiters[service].max_requests.at(process);
  const std::uint64_t extra = draws.next_below(std::uint64_t{arbiter.max_requests_jitter} + 1);
  return arbiter.max_requests + static_cast<std::uint32_t>(extra);
}

}  // namespace cotenant
