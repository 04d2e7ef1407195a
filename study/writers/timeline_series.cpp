// SPDX-License-Identifier: Apache-2.0
#include "study/writers/timeline_series.h"

namespace cotenant {
namespace {

using Visit = std::function<void(const NamedSeries&, const PartialSeries&)>;

// Of one subject.
struct Visitor {
  const Visit& visit;
  std::string_view of;
  std::string subject;

  void operator()(std::string_view quantity, std::string_view unit,
                  const PartialSeries& values) const {
    if (!values.empty()) visit({of, subject, quantity, unit}, values);
  }
  void operator()(std::string_view quantity, std::string_view unit, const Series& values) const {
    (*this)(quantity, unit, PartialSeries(values.begin(), values.end()));
  }
};

void visit_requests(const RequestTimeline& requests, const Visitor& visit) {
  visit("arrived", "count", requests.arrived);
  visit("completed", "count", requests.completed);
  visit("failed", "count", requests.failed);
  for (std::size_t o = 0; o < kOutcomes; ++o) {
    const auto outcome = static_cast<Outcome>(o);
    if (!is_error(outcome)) continue;
    Series values;
    bool any = false;
    for (const auto& counts : requests.outcomes) {
      values.push_back(static_cast<double>(counts[o]));
      any = any || counts[o] > 0;
    }
    if (any) visit(to_string(outcome), "count", values);
  }
  visit("latency_p50", "s", requests.latency_p50);
  visit("latency_p95", "s", requests.latency_p95);
  visit("latency_p99", "s", requests.latency_p99);
  visit("latency_max", "s", requests.latency_max);
  visit("in_system", "requests", requests.in_system);
}

void visit_group(const GroupTimeline& group, const Visitor& visit) {
  visit("cpu", "cores", group.cpu);
  visit("throttled", "cores", group.throttled);
  visit("credits", "s", group.credits);
  visit("memory", "B", group.memory);
  visit("memory_peak", "B", group.memory_peak);
  visit("swap", "B", group.swap);
  if (!group.memory_limit) return;
  visit("memory_limit", "B", Series(group.cpu.size(), *group.memory_limit));
}

void visit_disk(const DiskTimeline& disk, const Visitor& visit) {
  visit("busy", "ratio", disk.busy);
  visit("throttled", "IOs", disk.throttled);
  visit("queued", "IOs", disk.queued);
  visit("served", "IOs", disk.served);
  visit("reads", "count", disk.reads);
  visit("writes", "count", disk.writes);
  visit("read_bytes", "B/s", disk.read_bytes);
  visit("written_bytes", "B/s", disk.written_bytes);
}

std::string subject_of(const MachineTimeline& machine, const GroupTimeline& group) {
  if (machine.name.empty() || group.name.empty()) return machine.name + group.name;
  return machine.name + "/" + group.name;
}

}  // namespace

void for_each_series(const Timeline& timeline, const Visit& visit) {
  visit_requests(timeline.requests, {visit, "requests", ""});
  for (const ServiceTimeline& service : timeline.services) {
    const Visitor of_service{visit, "service", service.name};
    of_service("queued", "requests", service.queued);
    of_service("in_service", "requests", service.in_service);
    of_service("served", "count", service.served);
  }
  for (const MachineTimeline& machine : timeline.machines) {
    Visitor{visit, "machine", machine.name}("stolen", "cores", machine.stolen);
    for (const GroupTimeline& group : machine.groups) {
      visit_group(group, {visit, "group", subject_of(machine, group)});
    }
    if (machine.disk) visit_disk(*machine.disk, {visit, "disk", machine.name});
  }
}

}  // namespace cotenant
