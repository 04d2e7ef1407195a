// SPDX-License-Identifier: Apache-2.0
#include "models/timeline_observer.h"

#include <algorithm>
#include <utility>

#include "models/machine/guests.h"

namespace cotenant {
namespace {

// Who has connected, or whose message is with the broker, and is not served.
std::size_t queued_at(const ServiceState& service) {
  std::size_t count = service.accept_queue.size();
  if (service.celery) {
    for (const BoundedQueue<RequestId>& queue : service.celery->urgent) count += queue.size();
  }
  if (service.poller) {
    for (const BoundedQueue<RequestId>& queue : service.poller->queues) count += queue.size();
  }
  return count;
}

MachineSlice empty_slice(const MachineSpec& machine) {
  MachineSlice slice;
  slice.groups = IdVector<GroupId, GroupSlice>(machine.cpu.groups.size());
  return slice;
}

// They cover the whole run; the last one may be cut off by its end.
std::vector<TimelineSlice> empty_slices(const Blueprint& blueprint, Instant horizon,
                                        Duration length) {
  TimelineSlice slice;
  for (const MachineSpec& machine : blueprint.machines) {
    slice.machines.push_back(empty_slice(machine));
  }
  slice.services = IdVector<ServiceId, ServiceSlice>(blueprint.services.size());
  std::vector<TimelineSlice> slices;
  for (Instant begin; begin < horizon; begin = slice.end) {
    slice.begin = begin;
    slice.end = std::min(begin + length, horizon);
    slices.push_back(slice);
  }
  return slices;
}

Duration slice_length(Instant horizon, std::size_t slices) {
  COTENANT_ASSERT(slices > 0 && horizon > Instant());
  const auto count = static_cast<std::int64_t>(slices);
  return Duration((horizon.ns() - 1) / count + 1);
}

bool is_empty(const TimelineSlice& slice) {
  const bool nothing_ended = std::all_of(slice.outcomes.begin(), slice.outcomes.end(),
                                         [](std::uint64_t count) { return count == 0; });
  return slice.arrived == 0 && nothing_ended;
}

}  // namespace

TimelineObserver::TimelineObserver(const Blueprint& blueprint, Instant warmup, Instant horizon,
                                   std::size_t slices)
    : seen_(blueprint.services.size()), served_before_(blueprint.services.size()) {
  record_.slice = slice_length(horizon, slices);
  record_.warmup = warmup;
  record_.slices = empty_slices(blueprint, horizon, record_.slice);
  before_ = record_.slices.front().machines;
}

void TimelineObserver::time_passes(const World& world, const Blueprint& blueprint) {
  const Instant now = world.events.now();
  if (now == since_) return;
  look(world);
  while (at_ < record_.slices.size() && current().end <= now) {
    const Instant end = current().end;
    integrate_until(end, world);
    close_slice(end, world, blueprint);
  }
  if (since_ < now) integrate_until(now, world);
}

void TimelineObserver::request_arrived() {
  ++in_system_;
  ++current().arrived;
}

void TimelineObserver::request_ended(Outcome outcome, Duration latency) {
  --in_system_;
  ++current().outcomes[static_cast<std::size_t>(outcome)];
  if (outcome == Outcome::completed) current().latency.record(latency);
}

TimelineRecord TimelineObserver::finish(const World& world, const Blueprint& blueprint) {
  time_passes(world, blueprint);
  look(world);
  if (at_ < record_.slices.size() && (current().begin < since_ || !is_empty(current()))) {
    close_slice(since_, world, blueprint);
  }
  record_.slices.resize(at_);
  return std::move(record_);
}

TimelineObserver::Counts TimelineObserver::counts_of(const World& world, ServiceId id) {
  const ServiceState& service = world.services[id];
  Counts counts{};
  const auto count = [&](MarkKind kind) -> std::uint64_t& {
    return counts[static_cast<std::size_t>(kind)];
  };
  if (world.memcg.in_use()) count(MarkKind::oom_kill) = world.memcg.kills(id);
  count(MarkKind::worker_restart) = service.arbiter.forks;
  count(MarkKind::worker_timeout) = service.arbiter.timeouts;
  count(MarkKind::worker_lost) = service.arbiter.lost;
  count(MarkKind::outage) = service.outage.count;
  count(MarkKind::outage_over) = service.outage.count - std::uint64_t{service.outage.is_down};
  count(MarkKind::cold_start) = service.idle_stop.cold_starts;
  return counts;
}

// What has happened at the instant since when nothing has changed.
void TimelineObserver::look(const World& world) {
  for (std::uint32_t s = 0; s < seen_.size(); ++s) {
    const ServiceId id(s);
    const Counts counts = counts_of(world, id);
    for (std::size_t k = 0; k < kMarkKinds; ++k) {
      const std::uint64_t more = counts[k] - seen_[id][k];
      if (more > 0) mark(static_cast<MarkKind>(k), id, more);
    }
    seen_[id] = counts;
  }
}

void TimelineObserver::mark(MarkKind kind, ServiceId service, std::uint64_t count) {
  std::uint64_t& marked = marked_[static_cast<std::size_t>(kind)];
  if (marked++ < kMostMarks) return record_.marks.push_back({since_, kind, service, count});
  record_.marks_left_out[static_cast<std::size_t>(kind)] += count;
}

void TimelineObserver::integrate_until(Instant until, const World& world) {
  const Duration passed = until - since_;
  since_ = until;
  if (at_ == record_.slices.size()) return;
  TimelineSlice& slice = current();
  slice.in_system += Int128{in_system_} * passed.count();
  for (std::uint32_t s = 0; s < slice.services.size(); ++s) {
    const ServiceState& service = world.services[ServiceId(s)];
    ServiceSlice& sums = slice.services[ServiceId(s)];
    sums.queued += static_cast<Int128>(queued_at(service)) * passed.count();
    sums.in_service += Int128{service.in_service} * passed.count();
  }
  if (!world.memcg.in_use()) return;
  for (std::uint32_t m = 0; m < slice.machines.size(); ++m) {
    MachineSlice& machine = slice.machines[MachineId(m)];
    for (std::uint32_t g = 0; g < machine.groups.size(); ++g) {
      Bytes& peak = machine.groups[GroupId(g)].memory_peak;
      peak = std::max(peak, world.memcg.usage(MachineId(m), GroupId(g)).current);
    }
  }
}

void TimelineObserver::close_slice(Instant at, const World& world, const Blueprint& blueprint) {
  TimelineSlice& slice = current();
  slice.end = at;
  for (std::uint32_t m = 0; m < slice.machines.size(); ++m) {
    close_machine(at, world, blueprint, MachineId(m));
  }
  for (std::uint32_t s = 0; s < slice.services.size(); ++s) {
    const std::uint64_t served = world.services[ServiceId(s)].served;
    slice.services[ServiceId(s)].served =
        served - std::exchange(served_before_[ServiceId(s)], served);
  }
  ++at_;
}

void TimelineObserver::close_machine(Instant at, const World& world, const Blueprint& blueprint,
                                     MachineId id) {
  MachineSlice& slice = current().machines[id];
  MachineSlice& before = before_[id];
  slice.steal = steal_of(world, blueprint, id, at);
  slice.steal -= std::exchange(before.steal, slice.steal);
  if (!world.disks.empty()) {
    slice.disk = world.disks[id].device.usage(at);
    slice.disk -= std::exchange(before.disk, slice.disk);
  }
  for (std::uint32_t g = 0; g < slice.groups.size(); ++g) close_group(at, world, id, GroupId(g));
}

void TimelineObserver::close_group(Instant at, const World& world, MachineId machine,
                                   GroupId group) {
  GroupSlice& slice = current().machines[machine].groups[group];
  GroupSlice& before = before_[machine].groups[group];
  const GroupUsage usage = world.machines[machine].cpu.group_usage(group, at);
  slice.usage = usage.usage - std::exchange(before.usage, usage.usage);
  slice.throttled = usage.throttled_time - std::exchange(before.throttled, usage.throttled_time);
  slice.has_credits = usage.has_credits();
  slice.credits = usage.credits;
  if (!world.memcg.in_use()) return;
  const MemoryUsage& memory = world.memcg.usage(machine, group);
  const Int128 sum = memory.sum_until(at), swap = memory.swapped.sum_until(at);
  slice.memory = sum - std::exchange(before.memory, sum);
  slice.swap = swap - std::exchange(before.swap, swap);
  // Above what it ever had at the end of an instant, if that was so within one.
  if (memory.peak > std::exchange(before.memory_peak, memory.peak)) {
    slice.memory_peak = memory.peak;
  }
}

}  // namespace cotenant
