// SPDX-License-Identifier: Apache-2.0
#include "models/server/arbiter.h"

#include <algorithm>

#include "models/server/leader_followers_life.h"
#include "models/server/outage.h"

namespace cotenant {
namespace {

// After each fork the arbiter sleeps for 0.1 s times a random number (gunicorn/arbiter.py,
// spawn_workers).
constexpr std::uint64_t kLongestPause = 100'000'000;  // ns

// The first look after `at`. It looks a second after it has forked, and every second from then on.
Instant look_after(const ArbiterState& arbiter, Instant at) {
  return first_after(at, arbiter.rhythm + kArbiterPeriod, kArbiterPeriod);
}

void look_at(World& world, ServiceId service, Instant at) {
  world.events.schedule(world.slot(service), at, order(Phase::server),
                        {EventKind::arbiter_due, service.index()});
}

Duration pause_after_fork(const World& world, ServiceId service, std::uint64_t fork) {
  Draws draws = world.chance.arbiters[service].pause.at(fork);
  return Duration(static_cast<std::int64_t>(draws.next_below(kLongestPause)));
}

void fork_at_once(World& world, const Blueprint& blueprint, Place place) {
  ArbiterState& arbiter = world.services[place.service].arbiter;
  const Instant fork = std::max(world.events.now(), arbiter.rhythm);
  arbiter.rhythm = fork + pause_after_fork(world, place.service, arbiter.forks++);
  schedule_fork(world, blueprint, place, fork);
}

}  // namespace

Instant first_after(Instant at, Instant first, Duration period) {
  if (at < first) return first;
  return first + period * ((at - first).count() / period.count() + 1);
}

void start_arbiter(World& world, ServiceId service) {
  world.services[service].arbiter.rhythm =
      Instant() + world.chance.arbiters[service].rhythm - kArbiterPeriod;
}

// A process that reports for some time ago may be late already.
void look_when_it_hangs(World& world, ServiceId service, Instant hangs) {
  const Instant from = std::max(hangs, world.events.now());
  look_at(world, service, look_after(world.services[service].arbiter, from));
}

void look_by(World& world, ServiceId service, Instant hangs) {
  if (world.events.scheduled_at(world.slot(service)) > hangs) {
    look_when_it_hangs(world, service, hangs);
  }
}

void on_arbiter_due(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const ServiceSpec& service = blueprint.services[id];
  const Instant now = world.events.now();
  Instant next = Instant::never();
  for (std::uint32_t n = 0; n < places_of(service); ++n) {
    const Place place{id, n};
    Instant hangs = hangs_at(world, blueprint, place);
    if (hangs < now) {
      if (!is_dying(world, blueprint, place)) ++world.services[id].arbiter.timeouts;
      kill_at(world, blueprint, place, effects);
      hangs = hangs_at(world, blueprint, place);
    }
    next = std::min(next, hangs);
  }
  if (adapts(service)) {
    adapt(world, blueprint, id);
    next = now;
  }
  if (next != Instant::never()) look_when_it_hangs(world, id, next);
}

void replace_process(World& world, const Blueprint& blueprint, Place place) {
  const ServiceState& service = world.services[place.service];
  if (service.outage.is_down || service.idle_stop.stopped) return;
  ArbiterState& arbiter = world.services[place.service].arbiter;
  const ArbiterSpec& spec = blueprint.services[place.service].arbiter();
  const Instant now = world.events.now();
  switch (spec.replaces) {
    case Replaces::at_once:
      return fork_at_once(world, blueprint, place);
    case Replaces::when_it_looks:
      ++arbiter.forks;
      return schedule_fork(world, blueprint, place,
                           first_after(now, arbiter.rhythm, spec.looks_every));
    case Replaces::on_exit:
      ++arbiter.forks;
      return schedule_fork(world, blueprint, place, now);
    case Replaces::never:
      if (spec.is_main && blueprint.services[place.service].restart) {
        return begin_outage(world, blueprint, place.service, Outcome::reset, world.effects);
      }
      ++arbiter.lost;
  }
}

// Only gunicorn's pauses in between.
void fork_first(World& world, const Blueprint& blueprint, Place place) {
  if (blueprint.services[place.service].arbiter().replaces == Replaces::at_once) {
    return fork_at_once(world, blueprint, place);
  }
  ++world.services[place.service].arbiter.forks;
  schedule_fork(world, blueprint, place, world.events.now());
}

std::uint32_t requests_allowed(World& world, const Blueprint& blueprint, Place place) {
  const ArbiterSpec& arbiter = blueprint.services[place.service].arbiter();
  if (arbiter.max_requests == 0) return 0;
  const std::uint32_t least = arbiter.max_requests + place.number * arbiter.max_requests_delta;
  if (arbiter.max_requests_jitter == 0) return least;
  const std::uint64_t process =
      std::uint64_t{place.number} << 32 | life_at(world, blueprint, place).lives;
  Draws draws = world.chance.arbiters[place.service].max_requests.at(process);
  const std::uint64_t extra = draws.next_below(std::uint64_t{arbiter.max_requests_jitter} + 1);
  return least + static_cast<std::uint32_t>(extra);
}

}  // namespace cotenant
