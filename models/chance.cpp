// SPDX-License-Identifier: Apache-2.0
#include "models/chance.h"

#include <algorithm>
#include <string>
#include <variant>

namespace cotenant {
namespace {

std::vector<Stream> demand_streams(const ClassSpec& spec, std::uint64_t seed,
                                   std::uint64_t replication) {
  std::vector<Stream> streams;
  // What a server has to do with slow clients is no step of the application.
  std::size_t number = 0;
  for (const StepSpec& step : spec.steps) {
    streams.push_back(
        Stream::keyed(seed, replication, "demand", spec.name + "/" + std::to_string(number)));
    if (step.kind != StepSpec::Kind::upload) ++number;
  }
  return streams;
}

// The quota timer of a group starts when the group is created, which nobody aligns with the load
// (linux.md 1.3): its phase is uniform over the period.
Duration random_phase(const std::string& group, Duration period, std::uint64_t seed,
                      std::uint64_t replication) {
  Draws draws = Stream::keyed(seed, replication, "quota_phase", group).at(0);
  return Duration(
      static_cast<std::int64_t>(draws.next_below(static_cast<std::uint64_t>(period.count()))));
}

std::vector<Duration> quota_phases_of(const MachineSpec& machine, std::uint64_t seed,
                                      std::uint64_t replication) {
  // A name of a guest's group cannot be that of a group of the hardware: names have no slashes.
  const std::string prefix = machine.name.empty() ? "" : machine.name + "/";
  std::vector<Duration> phases;
  for (std::uint32_t g = 0; g < machine.cpu.groups.size(); ++g) {
    const GroupId group(g);
    const CpuGroup& spec = machine.cpu.groups[group];
    const std::optional<Duration>& fixed = machine.quota_phases[group];
    if (!spec.bandwidth || fixed) {
      phases.push_back(fixed.value_or(Duration()));
    } else {
      phases.push_back(random_phase(prefix + machine.group_names[group], spec.bandwidth->period,
                                    seed, replication));
    }
  }
  return phases;
}

// The kernel's ticks are multiples of 1 / HZ since boot, at the same instants on all cores
// (skew_tick is off by default); when a run begins between two of them is anybody's guess.
std::vector<Duration> tick_phases_of(const MachineSpec& machine, std::uint64_t seed,
                                     std::uint64_t replication) {
  const std::string kind = machine.is_guest() ? "guest" : "machine";
  const std::string name = machine.name.empty() ? kind : kind + "/" + machine.name;
  Draws draws = Stream::keyed(seed, replication, "tick_phase", name).at(0);
  const auto tick = static_cast<std::uint64_t>(machine.cpu.kernel.tick.count());
  return std::vector<Duration>(machine.cpu.cores,
                               Duration(static_cast<std::int64_t>(draws.next_below(tick))));
}

// Nobody starts a server at a full second of the load, or of the clock.
Duration in_first_second(const char* purpose, const std::string& service, std::uint64_t seed,
                         std::uint64_t replication) {
  Draws draws = Stream::keyed(seed, replication, purpose, service).at(0);
  const auto period = static_cast<std::uint64_t>(kArbiterPeriod.count());
  return Duration(static_cast<std::int64_t>(draws.next_below(period)));
}

// Of the threads of each service, numbered.
IdVector<ThreadId, Stream> lateness_of(const Blueprint& blueprint, std::uint64_t seed,
                                       std::uint64_t replication) {
  IdVector<ThreadId, Stream> streams;
  ServiceId last;
  std::uint32_t first = 0;
  for (std::uint32_t t = 0; t < blueprint.threads.size(); ++t) {
    const ServiceId service = blueprint.processes[blueprint.threads[ThreadId(t)].process].service;
    if (service != last) first = t;
    last = service;
    const std::string& name = blueprint.services[service].name;
    streams.push_back(
        Stream::keyed(seed, replication, "lateness", name + "/" + std::to_string(t - first)));
  }
  return streams;
}

// Where windows end, and how exact timers are, depends on when the computer was started: any time
// in the last days.
constexpr std::uint64_t kUptime = 100'000'000;

MachineChance machine_chance(const MachineSpec& machine, std::uint64_t seed,
                             std::uint64_t replication) {
  MachineChance chance{quota_phases_of(machine, seed, replication),
                       tick_phases_of(machine, seed, replication)};
  if (!machine.disk && !machine.is_guest()) return chance;
  chance.disk = Stream::keyed(seed, replication, "disk", machine.name);
  Draws draws = Stream::keyed(seed, replication, "jiffies", machine.name).at(0);
  chance.jiffies = static_cast<std::int64_t>(draws.next_below(kUptime));
  return chance;
}

// A share of the time d becomes the share min(1, f d) by pauses that are shorter or longer.
void fit_into_box(NeighborChance& chance, const NeighborSpec& neighbor, std::uint64_t seed,
                  std::uint64_t replication) {
  const auto* pattern = std::get_if<OnOffPattern>(&neighbor.pattern);
  if (pattern == nullptr) return;
  chance.on_share = pattern->on_share;
  if (!neighbor.box || pattern->on_share <= 0 || pattern->on_share >= 1) return;
  Draws draws = Stream::keyed(seed, replication, "box", neighbor.box->name).at(0);
  const double share = std::min(1.0, pattern->on_share * neighbor.box->factor.draw(draws));
  chance.on_share = share;
  chance.off_scale = (1 - share) / share * pattern->on_share / (1 - pattern->on_share);
}

}  // namespace

Chance::Chance(const Blueprint& blueprint, std::uint64_t seed, std::uint64_t replication) {
  for (const SourceSpec& source : blueprint.sources) {
    const auto stream = [&](const char* purpose) {
      return Stream::keyed(seed, replication, purpose, source.name);
    };
    sources.push_back(SourceChance{stream("gap"), stream("stay"), stream("batch"), stream("class"),
                                   stream("think"), stream("retry"), stream("course"),
                                   stream("link")});
  }
  for (const ClassSpec& request_class : blueprint.classes) {
    demands.push_back(demand_streams(request_class, seed, replication));
    bodies.push_back(Stream::keyed(seed, replication, "body", request_class.name));
    expiries.push_back(Stream::keyed(seed, replication, "expires", request_class.name));
  }
  for (const CallSpec& call : blueprint.calls) {
    calls.push_back({hash_text(call.name), Stream::keyed(seed, replication, "call", call.name),
                     Stream::keyed(seed, replication, "call_retry", call.name)});
  }
  for (const ServiceSpec& service : blueprint.services) {
    arbiters.push_back({in_first_second("arbiter_rhythm", service.name, seed, replication),
                        Stream::keyed(seed, replication, "arbiter_pause", service.name),
                        Stream::keyed(seed, replication, "max_requests", service.name),
                        Stream::keyed(seed, replication, "loop_ticks", service.name),
                        in_first_second("clock", service.name, seed, replication)});
    pollers.push_back({Stream::keyed(seed, replication, "visit_cpu", service.name),
                       Stream::keyed(seed, replication, "visit", service.name),
                       Stream::keyed(seed, replication, "pause", service.name)});
  }
  for (const NeighborSpec& neighbor : blueprint.neighbors) {
    const auto stream = [&](const char* purpose) {
      return Stream::keyed(seed, replication, purpose, neighbor.name);
    };
    NeighborChance chance{stream("neighbor_start"), stream("neighbor_on"), stream("neighbor_off"),
                          stream("neighbor_files")};
    fit_into_box(chance, neighbor, seed, replication);
    neighbors.push_back(chance);
  }
  for (const MachineSpec& machine : blueprint.machines) {
    machines.push_back(machine_chance(machine, seed, replication));
  }
  lateness = lateness_of(blueprint, seed, replication);
}

}  // namespace cotenant
