// SPDX-License-Identifier: Apache-2.0
#include "study/tally.h"

#include <algorithm>

namespace cotenant {
namespace {

std::uint64_t errors_of(const ClassRecord& record) {
  std::uint64_t errors = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (is_error(static_cast<Outcome>(i))) errors += record.outcomes[i];
  }
  return errors;
}

bool complete(StopReason reason) {
  return reason == StopReason::finished || reason == StopReason::horizon_reached;
}

// The slices that lie wholly between warm-up and end.
std::vector<double> slices_after_warmup(const RunRecord& record) {
  const std::vector<double> means = record.in_system.means();
  const std::int64_t length = record.in_system.slice().count();
  const std::int64_t warmup = record.warmup.ns();
  const auto first = static_cast<std::size_t>(warmup / length + (warmup % length != 0));
  if (first >= means.size()) return {};
  return {means.begin() + static_cast<std::ptrdiff_t>(first), means.end()};
}

void mark_up_to_root(IdVector<GroupId, char>& marks, const CpuTopology& cpu, TaskId task) {
  GroupId group = cpu.tasks[task].group;
  for (; !group.is_none(); group = cpu.groups[group].parent) marks[group] = true;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

void RequestTally::begin_replication() {
  latencies.emplace_back();
  arrivals.push_back(0);
  completions.push_back(0);
  errors.push_back(0);
  endings.push_back(0);
  begun.push_back(0);
}

void RequestTally::add(const ClassRecord& record) {
  latency.merge(record.latency);
  latencies.back().merge(record.latency);
  arrivals.back() += static_cast<double>(record.arrivals);
  completions.back() += static_cast<double>(record.completions);
  const std::uint64_t failed = errors_of(record);
  errors.back() += static_cast<double>(failed);
  endings.back() += static_cast<double>(failed + record.latency.count());
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    outcomes[i] += record.outcomes[i];
    attempts[i] += record.attempts[i];
    begun.back() += static_cast<double>(record.attempts[i]);
  }
}

void OperationTally::add(const OperationRecord& record) {
  calls.begin_replication();
  calls.add(record.calls);
  for (std::size_t state = 0; state < kWaitStates; ++state) times[state] += record.times[state];
}

void SessionTally::add(const SessionRecord& record) {
  const std::uint64_t ended = record.durations.count();
  started += record.started;
  completed += ended;
  lost += record.lost;
  reconnects += record.reconnects;
  losses.push_back(static_cast<double>(record.lost));
  endings.push_back(static_cast<double>(record.lost + ended));
  durations.push_back(static_cast<double>(record.durations.sum_ns()));
  completions.push_back(static_cast<double>(ended));
}

SetupTally::SetupTally(const Blueprint& blueprint)
    : has_retries(blueprint.clients.retries.has_value()),
      has_sessions(
          std::any_of(blueprint.sources.begin(), blueprint.sources.end(),
                      [](const SourceSpec& source) { return source.sessions.has_value(); })),
      classes(blueprint.request_classes()),
      operations(blueprint.operations()) {
  for (const MachineSpec& spec : blueprint.machines) {
    const IdVector<GroupId, char> none(spec.cpu.groups.size(), false);
    machines_.push_back({false, none, none});
    const std::size_t counted = blueprint.memory.in_use() ? spec.cpu.groups.size() : 0;
    counters.push_back({IdVector<GroupId, GroupUsage>(spec.cpu.groups.size()),
                        Duration(),
                        {},
                        IdVector<GroupId, MemoryRecord>(counted)});
  }
  services = IdVector<ServiceId, ServiceRecord>(blueprint.services.size());
  for (std::uint32_t m = 0; m < machines_.size(); ++m) find_workers(blueprint, MachineId(m));
  knows_pressure = true;
  for (std::uint32_t m = 0; m < machines_.size(); ++m) {
    const MachineSpec& spec = blueprint.machines[MachineId(m)];
    if (!machines_[MachineId(m)].has_workers) continue;
    cores += spec.cpu.cores;
    knows_pressure &= imitates_linux(spec.scheduler);
    if (!spec.is_guest()) continue;
    virtual_cores += spec.cpu.cores;
    // What holds back a virtual CPU holds back the application.
    for (const TaskId task : spec.virtual_cpus) {
      mark_up_to_root(machines_[spec.host].around_workers, blueprint.machines[spec.host].cpu, task);
    }
  }
}

void SetupTally::find_workers(const Blueprint& blueprint, MachineId id) {
  const MachineSpec& spec = blueprint.machines[id];
  if (spec.is_provided) return;
  Machine& machine = machines_[id];
  for (std::uint32_t t = 0; t < spec.cpu.tasks.size(); ++t) {
    const TaskId task(t);
    if (!spec.owners[task].is_application()) continue;
    machine.has_workers = true;
    machine.of_workers[spec.cpu.tasks[task].group] = true;
    mark_up_to_root(machine.around_workers, spec.cpu, task);
  }
}

void SetupTally::add(const RunRecord& record) {
  all.begin_replication();
  BacklogSeries backlog{slices_after_warmup(record), 0};
  for (std::uint32_t c = 0; c < classes.size(); ++c) {
    const ClassRecord& of_class = record.classes[ClassId(c)];
    classes[ClassId(c)].begin_replication();
    classes[ClassId(c)].add(of_class);
    all.add(of_class);
    backlog.arrivals += of_class.arrivals;
  }
  attribution.merge(record.attribution);
  failures.merge(record.failures);
  sessions.add(record.sessions);
  add_hours(record.hourly);
  for (std::size_t i = 0; i < operations.size(); ++i) operations[i].add(record.operations[i]);
  const Duration observed = std::max(record.end - record.warmup, Duration(0));
  seconds.push_back(in_seconds(observed));
  add_machines(record);
  for (std::uint32_t s = 0; s < services.size(); ++s) {
    services[ServiceId(s)] += record.services[ServiceId(s)];
  }
  add_throttling(record);
  add_memory(record);
  in_system.push_back(mean_of(backlog.mean_in_system));
  slice = record.in_system.slice();
  backlogs.push_back(std::move(backlog));

  if (record.timeline) timeline = record.timeline;
  events += record.events;
  Hasher hasher;
  hasher.add(fingerprint);
  hasher.add(record.fingerprint);
  fingerprint = hasher.value();
  if (!complete(record.stop)) {
    cut_short = true;
    cut_by = record.stop;
  }
}

// All replications have the same hours.
void SetupTally::add_hours(const HourlyRecord& record) {
  hourly.first_hour = record.first_hour;
  hourly.hours.resize(record.hours.size());
  for (std::size_t h = 0; h < record.hours.size(); ++h) {
    hourly.hours[h].latency.merge(record.hours[h].latency);
    hourly.hours[h].failed += record.hours[h].failed;
  }
}

void SetupTally::add_machines(const RunRecord& record) {
  CpuTime used;
  Duration steal;
  Duration pressure;
  for (std::uint32_t m = 0; m < machines_.size(); ++m) {
    const MachineId id(m);
    const MachineRecord& machine = record.machines[id];
    counters[id].steal += machine.steal;
    counters[id].disk += machine.disk;
    counters[id].log += machine.log;
    for (std::uint32_t g = 0; g < machine.groups.size(); ++g) {
      const GroupUsage& group = machine.groups[GroupId(g)];
      counters[id].groups[GroupId(g)] += group;
      if (machines_[id].of_workers[GroupId(g)]) pressure = std::max(pressure, group.pressure_some);
    }
    if (!machines_[id].has_workers) continue;
    used += machine.cpu_used();
    steal += machine.steal;
  }
  cpu_seconds.push_back(in_seconds(used));
  steal_seconds.push_back(in_seconds(steal));
  pressure_seconds.push_back(in_seconds(pressure));
}

void SetupTally::add_memory(const RunRecord& record) {
  double kills = 0, byte_seconds = 0, most = 0;
  bool counts = false;
  for (std::uint32_t m = 0; m < machines_.size(); ++m) {
    const IdVector<GroupId, MemoryRecord>& groups = record.machines[MachineId(m)].memory;
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      const MemoryRecord& group = groups[GroupId(g)];
      counters[MachineId(m)].memory[GroupId(g)] += group;
      kills += static_cast<double>(group.oom_kills);
      if (GroupId(g) != kRootGroup) continue;
      counts = true;
      byte_seconds += static_cast<double>(group.sum) / 1e9;
      most += static_cast<double>(group.peak.count());
    }
  }
  if (!counts) return;
  oom_kills.push_back(kills);
  memory_seconds.push_back(byte_seconds);
  memory_max.push_back(most);
  if (!record.first_oom_kill) return;
  ++with_oom_kills;
  if (first_oom_kill && first_oom_kill->at <= record.first_oom_kill->at) return;
  first_oom_kill = record.first_oom_kill;
}

void SetupTally::add_throttling(const RunRecord& record) {
  std::uint64_t all_periods = 0;
  std::uint64_t all_throttled = 0;
  Duration longest;
  for (std::uint32_t m = 0; m < machines_.size(); ++m) {
    const IdVector<GroupId, GroupUsage>& groups = record.machines[MachineId(m)].groups;
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      if (!machines_[MachineId(m)].around_workers[GroupId(g)]) continue;
      const GroupUsage& group = groups[GroupId(g)];
      all_periods += group.nr_periods;
      all_throttled += group.nr_throttled;
      longest = std::max(longest, group.throttled_time);
    }
  }
  periods.push_back(static_cast<double>(all_periods));
  throttled_periods.push_back(static_cast<double>(all_throttled));
  throttled_seconds.push_back(in_seconds(longest));
}

}  // namespace cotenant
