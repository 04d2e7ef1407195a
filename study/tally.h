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
#include "models/run_record.h"
#include "sim/stats/histogram.h"
#include "sim/stats/stability.h"

namespace cotenant {

// Requests of one class, or of all.
struct RequestTally {
  Histogram latency;  // pooled
  std::array<std::uint64_t, kOutcomes> outcomes{};

  // One entry per replication.
  std::vector<Histogram> latencies;
  std::vector<double> arrivals, completions, errors, endings;

  void begin_replication();             // appends zeros
  void add(const ClassRecord& record);  // to the last replication
};

struct SetupTally {
  explicit SetupTally(const Blueprint& blueprint);

  void add(const RunRecord& record);
  std::size_t replications() const { return seconds.size(); }

  std::uint32_t cores = 1;
  RequestTally all;
  IdVector<ClassId, RequestTally> classes;
  Attribution attribution;

  // One entry per replication.
  std::vector<double> seconds;  // observed, after the warm-up
  std::vector<double> cpu_seconds;
  // Of the groups around the application; those of neighbors do not hold it back.
  std::vector<double> periods, throttled_periods;
  std::vector<double> throttled_seconds;  // of the most throttled group of these
  std::vector<double> in_system;          // time average after the warm-up
  std::vector<BacklogSeries> backlogs;    // the same by slice
  Duration slice;

  std::uint64_t events = 0;
  std::uint64_t fingerprint = 0;
  bool cut_short = false;  // a run hit a budget
  StopReason cut_by = StopReason::finished;

 private:
  void add_throttling(const RunRecord& record);

  IdVector<GroupId, char> around_application_;
};

}  // namespace cotenant
