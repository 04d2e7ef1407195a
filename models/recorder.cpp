// SPDX-License-Identifier: Apache-2.0
#include "models/recorder.h"

#include <utility>

#include "models/machine/guests.h"

namespace cotenant {
namespace {

// Slices cover the whole horizon: the last one may be cut off by it.
Duration slice_length(const RecorderOptions& options) {
  const std::int64_t length = (options.horizon - Instant()).count();
  const auto slices = static_cast<std::int64_t>(options.slices);
  return Duration(length / slices + (length % slices != 0));
}

MemoryRecord memory_of(const World& world, MachineId machine, GroupId group) {
  const MemoryUsage& usage = world.memcg.usage(machine, group);
  const Instant now = world.events.now();
  return {.sum = usage.sum_until(now),
          .oom_kills = world.memcg.kills(machine, group),
          .peak = usage.peak,
          .cache_sum = usage.cache.sum_until(now),
          .swap_sum = usage.swapped.sum_until(now),
          .pressure_some = usage.stalls.some_until(now),
          .pressure_full = usage.stalls.full_until(now),
          .above_limit = usage.above_until(now)};
}

// Since the start of the run.
IdVector<MachineId, MachineRecord> counters_of(const World& world, const Blueprint& blueprint) {
  IdVector<MachineId, MachineRecord> machines(blueprint.machines.size());
  for (std::uint32_t m = 0; m < machines.size(); ++m) {
    const MachineId id(m);
    machines[id].steal = steal_of(world, blueprint, id, world.events.now());
    if (!world.disks.empty()) {
      machines[id].disk = world.disks[id].device.usage(world.events.now());
      machines[id].log = world.disks[id].log.usage();
    }
    for (std::uint32_t g = 0; g < blueprint.machines[id].cpu.groups.size(); ++g) {
      machines[id].groups.push_back(
          world.machines[id].cpu.group_usage(GroupId(g), world.events.now()));
      if (world.memcg.in_use()) machines[id].memory.push_back(memory_of(world, id, GroupId(g)));
    }
  }
  return machines;
}

IdVector<ServiceId, ServiceRecord> counters_of(const World& world) {
  IdVector<ServiceId, ServiceRecord> services;
  for (std::uint32_t s = 0; s < world.services.size(); ++s) {
    const ServiceState& service = world.services[ServiceId(s)];
    const ArbiterState& arbiter = service.arbiter;
    const std::uint64_t redelivered = service.celery ? service.celery->redelivered : 0;
    services.push_back({service.served, arbiter.forks, arbiter.timeouts, arbiter.lost, redelivered,
                        world.memcg.in_use() ? world.memcg.kills(ServiceId(s)) : 0,
                        service.outage.count, service.outage.lasted_until(world.events.now()),
                        service.idle_stop.cold_starts});
  }
  return services;
}

// Exact modulo 2^64 ns, and without a check of each addition: enough to tell it from a latency.
Duration total(const WaitTimes& times) {
  std::uint64_t sum = 0;
  for (const Duration time : times) sum += static_cast<std::uint64_t>(time.count());
  return Duration(static_cast<std::int64_t>(sum));
}

void count_in_hour(HourlyRecord& hourly, Instant arrival, Duration latency, Outcome outcome) {
  HourlyRecord::Hour* hour = hourly.hour_of(arrival);
  if (hour == nullptr) return;
  if (outcome == Outcome::completed) hour->latency.record(latency);
  if (is_error(outcome)) ++hour->failed;
}

HourlyRecord hours_between(Instant warmup, Instant horizon) {
  const std::int64_t hour = HourlyRecord::kHour.count();
  const std::int64_t first = (warmup.ns() + hour - 1) / hour;
  const std::int64_t count = horizon.ns() / hour - first;
  if (count < 2) return {};
  return {first, std::vector<HourlyRecord::Hour>(static_cast<std::size_t>(count))};
}

}  // namespace

Recorder::Recorder(const Blueprint& blueprint, const RecorderOptions& options)
    : record_{.warmup = options.warmup,
              .end = options.horizon,
              .classes = IdVector<ClassId, ClassRecord>(blueprint.request_classes()),
              .operations = std::vector<OperationRecord>(blueprint.operations()),
              .attribution = {},
              .failures = {},
              .sessions = {},
              .hourly = hours_between(options.warmup, options.horizon),
              .in_system = SlicedIntegral(Instant(), slice_length(options), options.slices),
              .machines = {},
              .services = {},
              .first_oom_kill = {},
              .requests = {},
              .timeline = {},
              .exemplars = {},
              .traces = {},
              .events = 0,
              .fingerprint = 0},
      log_requests_(options.log_requests),
      watches_(options.timeline_slices > 0 || !options.traced.empty()),
      fingerprint_(options.ingredients),
      services_at_warmup_(blueprint.services.size()) {
  for (const MachineSpec& machine : blueprint.machines) {
    machines_at_warmup_.push_back(
        {IdVector<GroupId, GroupUsage>(machine.cpu.groups.size()), Duration(), {}});
  }
  if (options.timeline_slices > 0) {
    timeline_.emplace(blueprint, options.warmup, options.horizon, options.timeline_slices);
  }
  if (options.exemplars) record_.exemplars.emplace(*options.exemplars);
  if (!options.traced.empty()) tracer_.emplace(options.traced);
}

// Between the last event and this one.
void Recorder::time_passes(const World& world, const Blueprint& blueprint) {
  if (timeline_) timeline_->time_passes(world, blueprint);
  if (tracer_) tracer_->time_passes(world);
}

ClassRecord& Recorder::record_of(const Request& request) {
  return request.is_call() ? operation_of(request).calls : record_.classes[request.request_class];
}

OperationRecord& Recorder::operation_of(const Request& call) {
  return record_.operations[call.request_class.index() - record_.classes.size()];
}

void Recorder::request_arrived(const World& world, RequestId id) {
  const Request& request = world.requests[id];
  if (!request.is_call()) record_.in_system.add(world.events.now(), 1);
  if (timeline_ && !request.is_call()) timeline_->request_arrived();
  if (tracer_) tracer_->request_arrived(world, id);
  if (request.arrival >= record_.warmup) ++record_of(request).arrivals;
}

void Recorder::attempt_failed(const World& world, RequestId id, Outcome outcome) {
  const Request& request = world.requests[id];
  if (tracer_) tracer_->attempt_failed(world, id, outcome);
  if (request.arrival < record_.warmup) return;
  ++record_of(request).attempts[static_cast<std::size_t>(outcome)];
}

void Recorder::request_ended(const World& world, RequestId id, Outcome outcome) {
  const Request& request = world.requests[id];
  const Instant now = world.events.now();
  if (!request.is_call()) record_.in_system.add(now, -1);
  if (timeline_ && !request.is_call()) timeline_->request_ended(outcome, now - request.arrival);
  if (tracer_) tracer_->request_ended(world, id, outcome);
  count(world, id, outcome);
}

void Recorder::session_began(Instant now) {
  if (now >= record_.warmup) ++record_.sessions.started;
}

void Recorder::session_reconnects(Instant now) {
  if (now >= record_.warmup) ++record_.sessions.reconnects;
}

void Recorder::session_ended(Instant now, Instant began, bool lost) {
  if (began < record_.warmup) return;
  if (lost) {
    ++record_.sessions.lost;
  } else {
    record_.sessions.durations.record(now - began);
  }
}

// The account mostly has been booked until now, and need not be copied.
void Recorder::count(const World& world, RequestId id, Outcome outcome) {
  const Request& request = world.requests[id];
  const Instant now = world.events.now();
  if (request.since == now) return count(now, request, outcome, request.times);
  count(now, request, outcome, account_so_far(world, id));
}

void Recorder::count(Instant now, const Request& request, Outcome outcome,
                     const WaitTimes& account) {
  const Duration latency = now - request.arrival;
  COTENANT_ASSERT(total(account) == latency);
  fingerprint_.outcome(now, request, outcome, account);
  ClassRecord& record = record_of(request);
  if (outcome == Outcome::completed && now >= record_.warmup) ++record.completions;
  if (request.arrival < record_.warmup) return;
  if (log_requests_ && !request.is_call()) {
    record_.requests.push_back({request.source, request.ordinal, request.arrival, now, outcome});
  }
  ++record.outcomes[static_cast<std::size_t>(outcome)];
  // Between two attempts the last one has been counted.
  if (!request.pausing()) ++record.attempts[static_cast<std::size_t>(outcome)];
  if (is_error(outcome) && !request.is_call()) record_.failures.record(outcome, account);
  if (record_.exemplars && !request.is_call()) {
    record_.exemplars->record(request, outcome, latency);
  }
  if (!record_.hourly.hours.empty() && !request.is_call()) {
    count_in_hour(record_.hourly, request.arrival, latency, outcome);
  }
  if (outcome != Outcome::completed) return;
  record.latency.record(latency);
  latency_ += latency;
  if (!request.is_call()) return record_.attribution.record(latency, account);
  add_unchecked(operation_of(request).times, account);
}

void Recorder::warmup_reached(const World& world, const Blueprint& blueprint) {
  machines_at_warmup_ = counters_of(world, blueprint);
  services_at_warmup_ = counters_of(world);
}

RunRecord Recorder::finish(const World& world, const Blueprint& blueprint, StopReason stop) {
  world.requests.for_each([&](RequestId id, const Request& request) {
    if (!request.ended) count(world, id, Outcome::censored);
  });
  if (timeline_) record_.timeline = timeline_->finish(world, blueprint);
  if (tracer_) record_.traces = tracer_->finish(world);
  record_.stop = stop;
  record_.end = world.events.now();
  record_.in_system.advance(record_.end);
  record_.machines = counters_of(world, blueprint);
  for (std::uint32_t m = 0; m < record_.machines.size(); ++m) {
    MachineRecord& machine = record_.machines[MachineId(m)];
    const MachineRecord& before = machines_at_warmup_[MachineId(m)];
    machine.steal -= before.steal;
    machine.disk -= before.disk;
    machine.log -= before.log;
    for (std::uint32_t g = 0; g < machine.groups.size(); ++g) {
      machine.groups[GroupId(g)] -= before.groups[GroupId(g)];
    }
    for (std::uint32_t g = 0; g < before.memory.size(); ++g) {
      machine.memory[GroupId(g)] -= before.memory[GroupId(g)];
    }
  }
  record_.services = counters_of(world);
  for (std::uint32_t s = 0; s < record_.services.size(); ++s) {
    record_.services[ServiceId(s)] -= services_at_warmup_[ServiceId(s)];
  }
  record_.first_oom_kill = world.memcg.first_kill();
  record_.events = world.events.popped_count();
  fingerprint_.state(world.hash());
  record_.fingerprint = fingerprint_.value();
  return std::move(record_);
}

}  // namespace cotenant
