// SPDX-License-Identifier: Apache-2.0
//
// The replications of one setup, added up in their order: what pools is pooled, what intervals need
// is kept by replication.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/blueprint.h"
#include "models/request/attribution.h"
#include "models/request/failures.h"
#include "models/run_record.h"
#include "sim/stats/histogram.h"
#include "sim/stats/stability.h"

namespace cotenant {

// Requests of one class, or of all.
struct RequestTally {
  Histogram latency;  // pooled
  std::array<std::uint64_t, kOutcomes> outcomes{}, attempts{};

  // One entry per replication.
  std::vector<Histogram> latencies;
  std::vector<double> arrivals, completions, errors, endings, begun;  // begun: attempts

  void begin_replication();             // appends zeros
  void add(const ClassRecord& record);  // to the last replication
};

// Calls of one operation.
struct OperationTally {
  RequestTally calls;
  WaitTimes times{};  // of completed calls, pooled

  void add(const OperationRecord& record);
};

struct SessionTally {
  std::uint64_t started = 0, completed = 0, lost = 0, reconnects = 0;
  // One entry per replication.
  std::vector<double> losses, endings, durations, completions;

  void add(const SessionRecord& record);
};

struct SetupTally {
  explicit SetupTally(const Blueprint& blueprint);

  void add(const RunRecord& record);
  std::size_t replications() const { return seconds.size(); }

  std::uint32_t cores = 0;          // of the machines that the application runs on
  std::uint32_t virtual_cores = 0;  // of those of them that are guests
  bool knows_pressure = false;      // their schedulers count what waits
  bool has_retries = false;         // clients try again
  bool has_sessions = false;        // of some arrivals
  RequestTally all;
  IdVector<ClassId, RequestTally> classes;
  std::vector<OperationTally> operations;
  Attribution attribution;
  Failures failures;
  SessionTally sessions;
  HourlyRecord hourly;  // pooled, hour by hour

  // One entry per replication.
  std::vector<double> seconds;  // observed, after the warm-up
  // Of the machines that the application runs on.
  std::vector<double> cpu_seconds;
  std::vector<double> steal_seconds;
  // Of the groups around the application; those of neighbors do not hold it back.
  std::vector<double> periods, throttled_periods;
  std::vector<double> throttled_seconds;  // of the most throttled group of these
  std::vector<double> pressure_seconds;   // of the most pressed group with workers in it
  std::vector<double> in_system;          // time average after the warm-up
  std::vector<BacklogSeries> backlogs;    // the same by slice
  Duration slice;

  IdVector<MachineId, MachineRecord> counters;  // summed over the replications
  IdVector<ServiceId, ServiceRecord> services;  // the same

  // One entry per replication, where memory counts.
  std::vector<double> oom_kills, memory_max;
  std::vector<double> memory_seconds;     // bytes times seconds
  std::optional<OomKill> first_oom_kill;  // the earliest of any replication
  std::uint64_t with_oom_kills = 0;       // replications

  std::optional<TimelineRecord> timeline;  // of the replication that has one

  std::uint64_t events = 0;
  std::uint64_t fingerprint = 0;
  bool cut_short = false;  // a run hit a budget
  StopReason cut_by = StopReason::finished;

 private:
  // How a machine is related to the application.
  struct Machine {
    bool has_workers = false;
    IdVector<GroupId, char> around_workers;  // they run in the group or below it
    IdVector<GroupId, char> of_workers;      // they run in it directly
  };

  void find_workers(const Blueprint& blueprint, MachineId machine);
  void add_machines(const RunRecord& record);
  void add_throttling(const RunRecord& record);
  void add_memory(const RunRecord& record);
  void add_hours(const HourlyRecord& record);

  IdVector<MachineId, Machine> machines_;
};

}  // namespace cotenant
