// SPDX-License-Identifier: Apache-2.0
#include "study/summarize_timeline.h"

namespace cotenant {
namespace {

std::uint64_t errors_of(const TimelineSlice& slice) {
  std::uint64_t errors = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (is_error(static_cast<Outcome>(i))) errors += slice.outcomes[i];
  }
  return errors;
}

std::optional<double> quantile(const Histogram& latency, double p) {
  if (latency.empty()) return std::nullopt;
  return in_seconds(latency.quantile(p));
}

// The values of one slice, of which the last may have no length.
struct Slice {
  const TimelineSlice& counted;

  double seconds() const { return in_seconds(counted.end - counted.begin); }
  // Of an amount, so much per second.
  double rate(double amount) const { return seconds() > 0 ? amount / seconds() : 0; }
  double rate(Duration time) const { return rate(in_seconds(time)); }
  double rate(CpuTime time) const { return rate(in_seconds(time)); }
  // Of a sum over nanoseconds.
  double mean(Int128 sum) const { return rate(static_cast<double>(sum) / 1e9); }
};

void add(RequestTimeline& requests, const Slice& slice) {
  const TimelineSlice& counted = slice.counted;
  const auto completed = counted.outcomes[static_cast<std::size_t>(Outcome::completed)];
  requests.arrived.push_back(static_cast<double>(counted.arrived));
  requests.completed.push_back(static_cast<double>(completed));
  requests.failed.push_back(static_cast<double>(errors_of(counted)));
  requests.outcomes.push_back(counted.outcomes);
  requests.latency_p50.push_back(quantile(counted.latency, 0.5));
  requests.latency_p95.push_back(quantile(counted.latency, 0.95));
  requests.latency_p99.push_back(quantile(counted.latency, 0.99));
  requests.latency_max.push_back(quantile(counted.latency, 1));
  requests.in_system.push_back(slice.mean(counted.in_system));
}

void add(ServiceTimeline& service, const Slice& slice, const ServiceSlice& counted) {
  service.queued.push_back(slice.mean(counted.queued));
  service.in_service.push_back(slice.mean(counted.in_service));
  service.served.push_back(static_cast<double>(counted.served));
}

void add(GroupTimeline& group, const Slice& slice, const GroupSlice& counted, bool has_memory) {
  group.cpu.push_back(slice.rate(counted.usage));
  group.throttled.push_back(slice.rate(counted.throttled));
  if (counted.has_credits) group.credits.push_back(in_seconds(counted.credits));
  if (!has_memory) return;
  group.memory.push_back(slice.mean(counted.memory));
  group.memory_peak.push_back(static_cast<double>(counted.memory_peak.count()));
  group.swap.push_back(slice.mean(counted.swap));
}

void add(DiskTimeline& disk, const Slice& slice, const DiskUsage& counted) {
  disk.busy.push_back(slice.rate(counted.busy));
  disk.throttled.push_back(slice.rate(counted.times.throttled));
  disk.queued.push_back(slice.rate(counted.times.queued));
  disk.served.push_back(slice.rate(counted.times.served));
  disk.reads.push_back(static_cast<double>(counted.ios.read));
  disk.writes.push_back(static_cast<double>(counted.ios.write));
  disk.read_bytes.push_back(slice.rate(static_cast<double>(counted.bytes.read)));
  disk.written_bytes.push_back(slice.rate(static_cast<double>(counted.bytes.write)));
}

MachineTimeline machine_timeline(const Blueprint& blueprint, MachineId id,
                                 const std::vector<TimelineSlice>& slices) {
  const MachineSpec& spec = blueprint.machines[id];
  const bool has_memory = blueprint.memory.in_use();
  MachineTimeline machine;
  machine.name = spec.name;
  machine.cores = spec.cpu.cores;
  machine.groups.resize(spec.cpu.groups.size());
  if (spec.disk) machine.disk.emplace();
  for (std::uint32_t g = 0; g < spec.cpu.groups.size(); ++g) {
    GroupTimeline& group = machine.groups[g];
    group.name = spec.group_names[GroupId(g)];
    const Bytes limit = has_memory ? blueprint.memory.groups[id][GroupId(g)].max : kNoLimit;
    if (limit != kNoLimit) group.memory_limit = static_cast<double>(limit.count());
  }
  for (const TimelineSlice& counted : slices) {
    const Slice slice{counted};
    const MachineSlice& of_machine = counted.machines[id];
    if (spec.is_guest()) machine.stolen.push_back(slice.rate(of_machine.steal));
    if (machine.disk) add(*machine.disk, slice, of_machine.disk);
    for (std::uint32_t g = 0; g < spec.cpu.groups.size(); ++g) {
      add(machine.groups[g], slice, of_machine.groups[GroupId(g)], has_memory);
    }
  }
  return machine;
}

ServiceTimeline service_timeline(const Blueprint& blueprint, ServiceId id,
                                 const std::vector<TimelineSlice>& slices) {
  ServiceTimeline service;
  service.name = blueprint.services[id].name;
  for (const TimelineSlice& counted : slices) add(service, {counted}, counted.services[id]);
  return service;
}

}  // namespace

Timeline summarize(const Blueprint& blueprint, const TimelineRecord& record) {
  Timeline timeline;
  timeline.slice = in_seconds(record.slice);
  timeline.warmup = in_seconds(record.warmup - Instant());
  if (!record.slices.empty()) timeline.end = in_seconds(record.slices.back().end - Instant());
  for (const TimelineSlice& slice : record.slices) add(timeline.requests, {slice});
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    if (blueprint.machines[MachineId(m)].is_provided) continue;
    timeline.machines.push_back(machine_timeline(blueprint, MachineId(m), record.slices));
  }
  for (std::uint32_t s = 0; s < blueprint.services.size(); ++s) {
    timeline.services.push_back(service_timeline(blueprint, ServiceId(s), record.slices));
  }
  for (const Mark& mark : record.marks) {
    timeline.events.push_back({in_seconds(mark.at - Instant()), mark.kind,
                               blueprint.services[mark.service].name, mark.count});
  }
  for (const std::uint64_t count : record.marks_left_out) timeline.events_left_out += count;
  return timeline;
}

}  // namespace cotenant
