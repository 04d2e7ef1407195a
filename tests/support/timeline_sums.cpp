// SPDX-License-Identifier: Apache-2.0
#include "tests/support/timeline_sums.h"

#include <algorithm>
#include <string>

namespace cotenant {
namespace {

class Sums {
 public:
  Sums(const RunRecord& record, Complaints& complaints)
      : record_(record), timeline_(*record.timeline), complaints_(complaints) {}

  void check() {
    check_slices();
    check_requests();
    check_machines();
    check_services();
    check_marks();
  }

 private:
  template <class Value>
  void expect_equal(const std::string& what, const Value& sum, const Value& whole) {
    if (!(sum == whole)) complaints_.push_back("timeline: " + what + " does not add up");
  }

  // Of what a slice says.
  template <class Value, class Of>
  Value sum(Of of) const {
    Value total{};
    for (const TimelineSlice& slice : timeline_.slices) total += of(slice);
    return total;
  }

  void check_slices() {
    Instant end;
    for (const TimelineSlice& slice : timeline_.slices) {
      expect_equal("time", slice.begin, end);
      end = slice.end;
    }
    expect_equal("the end", end, record_.end);
  }

  void check_requests() {
    std::uint64_t arrived = 0;
    std::array<std::uint64_t, kOutcomes> outcomes{};
    Histogram latency;
    for (const ClassRecord& of_class : record_.classes) {
      arrived += of_class.arrivals;
      latency.merge(of_class.latency);
      for (std::size_t o = 0; o < kOutcomes; ++o) outcomes[o] += of_class.outcomes[o];
    }
    Histogram by_slice;
    for (const TimelineSlice& slice : timeline_.slices) by_slice.merge(slice.latency);
    expect_equal("latency", by_slice, latency);
    expect_equal("arrivals", sum<std::uint64_t>([](auto& s) { return s.arrived; }), arrived);
    for (std::size_t o = 0; o < kOutcomes; ++o) {
      if (static_cast<Outcome>(o) == Outcome::censored) continue;  // has not ended in any slice
      expect_equal(std::string(kOutcomeNames[o]),
                   sum<std::uint64_t>([o](auto& s) { return s.outcomes[o]; }), outcomes[o]);
    }
    Int128 in_system = 0;
    for (const Int128 integral : record_.in_system.integrals()) in_system += integral;
    expect_equal("number in system", sum<Int128>([](auto& s) { return s.in_system; }), in_system);
  }

  void check_machines() {
    for (std::uint32_t m = 0; m < record_.machines.size(); ++m) {
      const MachineId id(m);
      const MachineRecord& machine = record_.machines[id];
      expect_equal("steal", sum<Duration>([&](auto& s) { return s.machines[id].steal; }),
                   machine.steal);
      check_disk(id, machine.disk);
      for (std::uint32_t g = 0; g < machine.groups.size(); ++g) check_group(id, GroupId(g));
    }
  }

  void check_disk(MachineId id, const DiskUsage& disk) {
    const auto of = [&](auto value) {
      return sum<decltype(value(disk))>([&](auto& s) { return value(s.machines[id].disk); });
    };
    const auto reads = [](const DiskUsage& d) { return d.ios.read; };
    const auto writes = [](const DiskUsage& d) { return d.ios.write; };
    const auto bytes = [](const DiskUsage& d) { return d.bytes.read + d.bytes.write; };
    const auto busy = [](const DiskUsage& d) { return d.busy; };
    const auto times = [](const DiskUsage& d) { return d.times.total(); };
    expect_equal("reads", of(reads), reads(disk));
    expect_equal("writes", of(writes), writes(disk));
    expect_equal("bytes", of(bytes), bytes(disk));
    expect_equal("busy disk", of(busy), busy(disk));
    expect_equal("times of IOs", of(times), times(disk));
  }

  void check_group(MachineId id, GroupId group) {
    const auto at = [&](const TimelineSlice& slice) -> const GroupSlice& {
      return slice.machines[id].groups[group];
    };
    const GroupUsage& usage = record_.machines[id].groups[group];
    expect_equal("cpu", sum<CpuTime>([&](auto& s) { return at(s).usage; }), usage.usage);
    expect_equal("throttled", sum<Duration>([&](auto& s) { return at(s).throttled; }),
                 usage.throttled_time);
    for (const TimelineSlice& slice : timeline_.slices) {
      if (at(slice).usage < CpuTime(0)) complaints_.push_back("timeline: cpu is taken back");
    }
    if (record_.machines[id].memory.empty()) return;
    const MemoryRecord& memory = record_.machines[id].memory[group];
    expect_equal("memory", sum<Int128>([&](auto& s) { return at(s).memory; }), memory.sum);
    expect_equal("swap", sum<Int128>([&](auto& s) { return at(s).swap; }), memory.swap_sum);
    Bytes peak;
    for (const TimelineSlice& slice : timeline_.slices) {
      peak = std::max(peak, at(slice).memory_peak);
      const Int128 length = (slice.end - slice.begin).count();
      if (at(slice).memory > Int128{at(slice).memory_peak.count()} * length) {
        complaints_.push_back("timeline: more memory on average than at the peak");
      }
    }
    expect_equal("peak", peak, memory.peak);
  }

  void check_services() {
    for (std::uint32_t s = 0; s < record_.services.size(); ++s) {
      const ServiceId id(s);
      expect_equal("served",
                   sum<std::uint64_t>([&](auto& slice) { return slice.services[id].served; }),
                   record_.services[id].served);
      for (const TimelineSlice& slice : timeline_.slices) {
        const ServiceSlice& of = slice.services[id];
        if (of.queued < 0) complaints_.push_back("timeline: a queue is shorter than empty");
      }
    }
  }

  // What happens before the first event is in the timeline only: a process that is killed when the
  // world is made, because there is no room for it.
  void expect_marked(MarkKind kind, std::uint64_t counted) {
    std::uint64_t marked = timeline_.marks_left_out[static_cast<std::size_t>(kind)];
    std::uint64_t at_once = 0;
    for (const Mark& mark : timeline_.marks) {
      if (mark.kind != kind) continue;
      marked += mark.count;
      if (mark.at == Instant()) at_once += mark.count;
    }
    expect_equal(std::string(to_string(kind)), counted <= marked && marked <= counted + at_once,
                 true);
  }

  void check_marks() {
    ServiceRecord all;
    for (const ServiceRecord& service : record_.services) all += service;
    expect_marked(MarkKind::oom_kill, all.oom_kills);
    expect_marked(MarkKind::worker_restart, all.restarts);
    expect_marked(MarkKind::worker_timeout, all.timeouts);
    expect_marked(MarkKind::worker_lost, all.lost);
    expect_marked(MarkKind::outage, all.outages);
    expect_marked(MarkKind::cold_start, all.cold_starts);
    Instant last;
    for (const Mark& mark : timeline_.marks) {
      if (mark.at < last) complaints_.push_back("timeline: marks are out of order");
      last = mark.at;
    }
  }

  const RunRecord& record_;
  const TimelineRecord& timeline_;
  Complaints& complaints_;
};

// Its pieces follow each other from its beginning to its end.
void check_row(const TraceRecordRow& row, std::size_t rows, Complaints& complaints) {
  Instant at = row.begin;
  for (const TracePiece& piece : row.pieces) {
    if (piece.begin != at) complaints.push_back("trace: there is a gap");
    if (piece.length <= Duration(0)) complaints.push_back("trace: a piece without length");
    at = piece.begin + piece.length;
  }
  if (at != row.end) complaints.push_back("trace: its pieces do not reach its end");
  if (row.parent >= rows) complaints.push_back("trace: a row below none");
}

}  // namespace

void check_timeline(const RunRecord& record, Complaints& complaints) {
  Sums(record, complaints).check();
}

void check_trace(const TraceRecord& trace, Complaints& complaints) {
  const TraceRecordRow& request = trace.rows.front();
  Duration total;
  for (const Duration time : trace.account) total += time;
  if (total != request.end - request.begin) complaints.push_back("trace: time is missing");
  for (const TraceRecordRow& row : trace.rows) check_row(row, trace.rows.size(), complaints);
}

}  // namespace cotenant
