// SPDX-License-Identifier: Apache-2.0
#include "models/server/probes.h"

#include <algorithm>

#include "models/server/outage.h"
#include "models/service/calls.h"

namespace cotenant {
namespace {

// How often a main process that has been told to end looks whether its workers have finished
// (gunicorn/arbiter.py, stop).
constexpr Duration kLooksForTheEnd = milliseconds(100);

// A probe, during one step of the simulation.
struct Asking {
  World& world;
  const Blueprint& blueprint;
  ServiceId service;
  std::size_t number;  // of the probes of the service

  const ProbeSpec& spec() const { return blueprint.services[service].probes[number]; }
  ProbedState& probed() const { return *world.services[service].probed; }
  ProbeState& state() const { return probed().probes[number]; }
};

Asking asking(World& world, const Blueprint& blueprint, CallSpecId probe) {
  const ServiceId service = blueprint.classes[blueprint.calls[probe].operation].service;
  const std::vector<ProbeSpec>& probes = blueprint.services[service].probes;
  const auto is_it = [&](const ProbeSpec& spec) { return spec.call == probe; };
  const auto found = std::find_if(probes.begin(), probes.end(), is_it);
  return {world, blueprint, service, static_cast<std::size_t>(found - probes.begin())};
}

template <class F>
void for_each_probe(World& world, const Blueprint& blueprint, ServiceId service, F f) {
  for (std::size_t n = 0; n < blueprint.services[service].probes.size(); ++n) {
    f(Asking{world, blueprint, service, n});
  }
}

bool has(const Blueprint& blueprint, ServiceId service, ProbeKind kind) {
  const std::vector<ProbeSpec>& probes = blueprint.services[service].probes;
  return std::any_of(probes.begin(), probes.end(),
                     [&](const ProbeSpec& spec) { return spec.kind == kind; });
}

void ask_after(const Asking& probe, Duration time) {
  auto& events = probe.world.events;
  probe.state().timer = events.start_timer(events.now() + time, order(Phase::arrival),
                                           {EventKind::probe_due, probe.spec().call.index()});
}

// Proxies in front see it at once.
void set_ready(World& world, const Blueprint& blueprint, ServiceId service, bool ready) {
  world.services[service].probed->ready = ready;
  const auto tell = [&](const UpstreamSpec* upstream, std::uint32_t peer) {
    for (std::uint32_t p = 0; p < blueprint.processes.size(); ++p) {
      if (blueprint.upstream_of(ProcessId(p)) != upstream) continue;
      world.upstreams[ProcessId(p)].set_ready(peer, ready);
    }
  };
  for (std::uint32_t c = 0; c < blueprint.calls.size(); ++c) {
    const CallSpec& call = blueprint.calls[CallSpecId(c)];
    if (call.upstream.is_none()) continue;
    const UpstreamSpec& upstream = blueprint.upstreams[call.upstream];
    for (std::uint32_t peer = 0; peer < upstream.peers.size(); ++peer) {
      const ClassId operation(call.operation.index() + peer);
      if (blueprint.classes[operation].service == service) tell(&upstream, peer);
    }
  }
}

// While there is a startup probe to pass, that is the only one.
void begin_asking(World& world, const Blueprint& blueprint, ServiceId service) {
  const bool starts = !world.services[service].probed->started;
  const Duration runs = world.events.now() - world.services[service].outage.since;
  for_each_probe(world, blueprint, service, [&](const Asking& probe) {
    if ((probe.spec().kind == ProbeKind::startup) != starts) return;
    ask_after(probe, std::max(probe.spec().delay - runs, Duration(0)));
  });
  if (starts || has(blueprint, service, ProbeKind::readiness)) return;
  set_ready(world, blueprint, service, true);
}

// SIGTERM, when what happens now has been delivered.
void tell_to_end(const Asking& probe) {
  ProbedState& probed = probe.probed();
  if (probed.ends) return;
  const Instant now = probe.world.events.now();
  probed.ends = true;
  probed.ends_by = now + probe.blueprint.services[probe.service].grace;
  probe.world.events.start_timer(now, order(Phase::server),
                                 {EventKind::service_ends, probe.service.index()});
}

void pass(const Asking& probe) {
  switch (probe.spec().kind) {
    case ProbeKind::startup:
      stop_timer(probe.world, probe.state().timer);
      probe.probed().started = true;
      return begin_asking(probe.world, probe.blueprint, probe.service);
    case ProbeKind::liveness:
      return;
    case ProbeKind::readiness:
      if (!probe.probed().ready) set_ready(probe.world, probe.blueprint, probe.service, true);
  }
}

void fail(const Asking& probe) {
  if (probe.spec().kind != ProbeKind::readiness) return tell_to_end(probe);
  if (probe.probed().ready) set_ready(probe.world, probe.blueprint, probe.service, false);
}

}  // namespace

// Kubelets and applications are started at different times.
void start_probes(World& world, const Blueprint& blueprint, ServiceId service) {
  const std::size_t count = blueprint.services[service].probes.size();
  if (count == 0) return;
  world.services[service].probed.emplace();
  world.services[service].probed->probes.resize(count);
  for_each_probe(world, blueprint, service, [&](const Asking& probe) {
    if (probe.spec().kind == ProbeKind::startup) return;
    Draws draws = world.chance.calls[probe.spec().call].made.at(0);
    const auto period = static_cast<std::uint64_t>(probe.spec().period.count());
    ask_after(probe, Duration(static_cast<std::int64_t>(draws.next_below(period))));
  });
}

void stop_probes(World& world, const Blueprint& blueprint, ServiceId service) {
  if (!world.services[service].probed) return;
  world.services[service].probed->ends = false;
  for_each_probe(world, blueprint, service, [&](const Asking& probe) {
    stop_timer(world, probe.state().timer);
    probe.state() = {};
  });
  set_ready(world, blueprint, service, false);
}

void begin_probes(World& world, const Blueprint& blueprint, ServiceId service) {
  if (!world.services[service].probed) return;
  world.services[service].probed->started = !has(blueprint, service, ProbeKind::startup);
  begin_asking(world, blueprint, service);
}

// A kubelet asks when it has its answer, and at the beginning of a period.
void on_probe_due(World& world, const Blueprint& blueprint, CallSpecId call, Effects& effects) {
  const Asking probe = asking(world, blueprint, call);
  ask_after(probe, probe.spec().period);
  if (probe.state().asks) return;
  probe.state().asks = true;
  send_probe(world, blueprint, call, ++probe.probed().asked, effects);
}

void on_probe_ended(World& world, const Blueprint& blueprint, CallSpecId call, Outcome outcome) {
  const Asking probe = asking(world, blueprint, call);
  ProbeState& state = probe.state();
  if (!state.asks) return;
  state.asks = false;
  const bool passes = outcome == Outcome::completed;
  std::uint32_t& row = passes ? state.passed : state.failed;
  (passes ? state.failed : state.passed) = 0;
  ++row;
  if (passes && row >= probe.spec().successes) return pass(probe);
  if (!passes && row >= probe.spec().failures) fail(probe);
}

void on_service_ends(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const ServiceState& service = world.services[id];
  if (!service.probed->ends) return;
  close_accept_queue(world, id, effects);
  const Instant now = world.events.now();
  const Instant by = service.probed->ends_by;
  if (service.in_service == 0 || now >= by) {
    return begin_outage(world, blueprint, id, Outcome::reset, effects);
  }
  world.events.start_timer(std::min(now + kLooksForTheEnd, by), order(Phase::server),
                           {EventKind::service_ends, id.index()});
}

bool is_kept_away(const World& world, const Blueprint& blueprint, ServiceId service,
                  RequestId request) {
  const std::optional<ProbedState>& probed = world.services[service].probed;
  if (!probed || probed->ready) return false;
  const bool is_call = world.requests[request].is_call();
  return !is_call || !blueprint.calls[world.calls[request].spec].is_probe;
}

}  // namespace cotenant
