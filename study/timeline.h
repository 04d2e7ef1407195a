// SPDX-License-Identifier: Apache-2.0
//
// What happened when, in one run of a setup: the first replication, because only of a single run a
// story can be told. What holds on average is elsewhere in the report. The run is cut into slices
// of equal length from its start, warm-up included; slice i begins at i * slice. Every vector has
// one value for each slice. docs/report-format.md describes the JSON and the CSV form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/mark.h"
#include "models/request/outcome.h"

namespace cotenant {

using Series = std::vector<double>;
// Where some slices have no value: nothing was completed in them.
using PartialSeries = std::vector<std::optional<double>>;

// Clients' requests, by the instant at which they arrived or ended.
struct RequestTimeline {
  Series arrived, completed, failed;  // how many
  std::vector<std::array<std::uint64_t, kOutcomes>>
      outcomes;  // by slice and outcome: those that ended so
  PartialSeries latency_p50, latency_p95, latency_p99, latency_max;  // s, of those completed
  Series in_system;                                                  // on average
};

struct ServiceTimeline {
  std::string name;
  Series queued;      // requests in the accept queue, on average
  Series in_service;  // and all that the server holds, these included
  Series served;      // how many
};

// Of the CPU: cores, that is seconds per second.
struct GroupTimeline {
  std::string name;  // empty: the root
  Series cpu;        // used, on average
  Series throttled;  // held back by cpu.max; by schedulers that imitate Linux summed over cores
  Series credits;    // CPU time saved at the end of the slice, s; empty: it saves none
  Series memory, memory_peak;          // bytes, on average and at most; empty: no memory counts
  Series swap;                         // bytes, on average; the same
  std::optional<double> memory_limit;  // bytes
};

struct DiskTimeline {
  Series busy;                       // the part of the time in which it had an IO
  Series throttled, queued, served;  // IOs on average, counted in the slice of their end
  Series reads, writes;              // how many
  Series read_bytes, written_bytes;  // per second
};

struct MachineTimeline {
  std::string name;  // of a node or guest; empty: the hardware
  std::uint32_t cores = 1;
  Series stolen;  // of a guest: virtual CPUs that were wanted and did not run; otherwise empty
  std::vector<GroupTimeline> groups;  // the root first
  std::optional<DiskTimeline> disk;   // none: it has none
};

// Something that happened to a service.
struct TimelineEvent {
  double at = 0;  // s from the start
  MarkKind kind = MarkKind::oom_kill;
  std::string service;
  std::uint64_t count = 1;  // at that instant
};

struct Timeline {
  std::uint64_t replication = 0;
  double slice = 0;   // s
  double end = 0;     // s; the last slice ends there
  double warmup = 0;  // s; what came before is in no other number of the report
  RequestTimeline requests;
  std::vector<MachineTimeline> machines;
  std::vector<ServiceTimeline> services;
  std::vector<TimelineEvent> events;  // in the order in which they happened
  std::uint64_t events_left_out = 0;  // later ones, beyond kMostMarks

  std::size_t slices() const { return requests.arrived.size(); }
};

}  // namespace cotenant
