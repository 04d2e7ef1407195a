// SPDX-License-Identifier: Apache-2.0
//
// What happens when, in one run: counters, integrals and marks for each of some slices of equal
// length. All integers, so slices add up to the run. models/timeline_observer.h fills them; what is
// counted in which slice: docs/report-format.md.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/cpu/scheduler.h"
#include "models/disk/block_device.h"
#include "models/ids.h"
#include "models/mark.h"
#include "models/request/outcome.h"
#include "sim/base/id.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"
#include "sim/stats/histogram.h"

namespace cotenant {

struct Mark {
  Instant at;
  MarkKind kind = MarkKind::oom_kill;
  ServiceId service;
  std::uint64_t count = 1;  // at that instant
};

// Of each kind. Later ones are counted only: a run may restart a worker every few requests.
inline constexpr std::uint64_t kMostMarks = 500;

// Of a group, in a slice.
struct GroupSlice {
  CpuTime usage;
  Duration throttled;
  CpuTime credits;  // at the end
  bool has_credits = false;
  Int128 memory = 0, swap = 0;  // bytes times nanoseconds
  Bytes memory_peak;            // the largest of all slices is that of the run
};

struct MachineSlice {
  Duration steal;
  DiskUsage disk;
  IdVector<GroupId, GroupSlice> groups;
};

struct ServiceSlice {
  Int128 queued = 0, in_service = 0;  // requests times nanoseconds
  std::uint64_t served = 0;
};

struct TimelineSlice {
  Instant begin, end;
  std::uint64_t arrived = 0;
  std::array<std::uint64_t, kOutcomes> outcomes{};
  Histogram latency;     // of completed requests
  Int128 in_system = 0;  // requests times nanoseconds
  IdVector<MachineId, MachineSlice> machines;
  IdVector<ServiceId, ServiceSlice> services;
};

struct TimelineRecord {
  Duration slice;
  Instant warmup;
  std::vector<TimelineSlice> slices;  // the last one may be shorter
  std::vector<Mark> marks;            // in the order in which they happened
  std::array<std::uint64_t, kMarkKinds> marks_left_out{};
};

}  // namespace cotenant
