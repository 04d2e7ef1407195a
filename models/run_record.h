// SPDX-License-Identifier: Apache-2.0
//
// What one run leaves behind: counts, histograms and exact integrals, all integers. Requests count
// from the warm-up on, by their intended arrival.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "models/cpu/scheduler.h"
#include "models/disk/block_device.h"
#include "models/disk/log_queue.h"
#include "models/ids.h"
#include "models/memory/controller.h"
#include "models/request/attribution.h"
#include "models/request/exemplars.h"
#include "models/request/failures.h"
#include "models/request/outcome.h"
#include "models/request/trace.h"
#include "models/timeline.h"
#include "sim/base/id.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"
#include "sim/engine/stop.h"
#include "sim/stats/histogram.h"
#include "sim/stats/time_average.h"

namespace cotenant {

struct ClassRecord {
  std::uint64_t arrivals = 0;
  std::array<std::uint64_t, kOutcomes> outcomes{};
  std::array<std::uint64_t, kOutcomes> attempts{};  // at these requests, by how each ended
  std::uint64_t completions = 0;  // by the instant of completion, of whatever arrival
  Histogram latency;              // of completed requests
};

// What services asked of an operation. Calls arrive when they are made.
struct OperationRecord {
  ClassRecord calls;
  WaitTimes times{};  // of completed calls
};

// Sessions that began at or after the warm-up. What is missing was going on at the end.
struct SessionRecord {
  std::uint64_t started = 0;
  std::uint64_t reconnects = 0;  // after a WebSocket was lost, in whatever session
  std::uint64_t lost = 0;        // ended by a request that failed
  Histogram durations;           // of the others that ended
};

// One request that arrived at or after the warm-up, to the nanosecond.
struct LoggedRequest {
  SourceId source;
  std::uint64_t ordinal = 0;  // in its source
  Instant arrival;            // intended
  Instant end;
  Outcome outcome = Outcome::censored;
};

// Of a group.
struct MemoryRecord {
  Int128 sum = 0;               // bytes times nanoseconds, between warm-up and end
  std::uint64_t oom_kills = 0;  // because of its limit, in the same time
  Bytes peak;                   // since the start of the run, as memory.peak
  Int128 cache_sum = 0;         // of that, of pages of files
  Int128 swap_sum = 0;          // beside it
  Duration pressure_some = {};  // PSI: time in which some task waited for memory
  Duration pressure_full = {};  // of that, in which no other one could run
  Duration above_limit = {};    // with nobody left to kill

  MemoryRecord& operator+=(const MemoryRecord& more) {
    sum += more.sum;
    oom_kills += more.oom_kills;
    peak = std::max(peak, more.peak);
    cache_sum += more.cache_sum;
    swap_sum += more.swap_sum;
    pressure_some += more.pressure_some;
    pressure_full += more.pressure_full;
    above_limit += more.above_limit;
    return *this;
  }
  // Of counters that were read earlier.
  MemoryRecord& operator-=(const MemoryRecord& earlier) {
    sum -= earlier.sum;
    oom_kills -= earlier.oom_kills;
    cache_sum -= earlier.cache_sum;
    swap_sum -= earlier.swap_sum;
    pressure_some -= earlier.pressure_some;
    pressure_full -= earlier.pressure_full;
    above_limit -= earlier.above_limit;
    return *this;
  }
};

// Between warm-up and end.
struct MachineRecord {
  IdVector<GroupId, GroupUsage> groups;
  Duration steal;  // of a guest: its virtual CPUs were wanted and did not run
  DiskUsage disk;
  IdVector<GroupId, MemoryRecord> memory{};  // empty where no memory counts
  LogUsage log{};

  CpuTime cpu_used() const { return groups[kRootGroup].usage; }
};

// Between warm-up and end.
struct ServiceRecord {
  std::uint64_t served = 0;       // requests that were served to the end, whoever waited for them
  std::uint64_t restarts = 0;     // of worker processes that had ended, for whatever reason
  std::uint64_t timeouts = 0;     // of these, killed because they hung
  std::uint64_t lost = 0;         // worker processes that had ended and that nobody replaces
  std::uint64_t redelivered = 0;  // tasks, because nobody had acknowledged them in time
  std::uint64_t oom_kills = 0;    // of worker processes, by the kernel
  std::uint64_t outages = 0;      // its main process has ended
  Duration down;                  // until it was started again
  std::uint64_t cold_starts = 0;  // by its platform, which had stopped it

  ServiceRecord& operator+=(const ServiceRecord& more) {
    served += more.served;
    restarts += more.restarts;
    timeouts += more.timeouts;
    lost += more.lost;
    redelivered += more.redelivered;
    oom_kills += more.oom_kills;
    outages += more.outages;
    down += more.down;
    cold_starts += more.cold_starts;
    return *this;
  }
  // Of counters that were read earlier.
  ServiceRecord& operator-=(const ServiceRecord& earlier) {
    served -= earlier.served;
    restarts -= earlier.restarts;
    timeouts -= earlier.timeouts;
    lost -= earlier.lost;
    redelivered -= earlier.redelivered;
    oom_kills -= earlier.oom_kills;
    outages -= earlier.outages;
    down -= earlier.down;
    cold_starts -= earlier.cold_starts;
    return *this;
  }
};

// Clients' requests by the hour of the run in which they arrived. Only hours that lie wholly
// between warm-up and horizon, and only if there are two of them.
struct HourlyRecord {
  struct Hour {
    Histogram latency;  // of those that were completed
    std::uint64_t failed = 0;
  };
  std::int64_t first_hour = 0;
  std::vector<Hour> hours;

  // Null: it is none of them.
  Hour* hour_of(Instant arrival) {
    const std::int64_t hour = arrival.ns() / kHour.count() - first_hour;
    return hour >= 0 && hour < std::ssize(hours) ? &hours[static_cast<std::size_t>(hour)] : nullptr;
  }
  static constexpr Duration kHour = seconds(3600);
};

struct RunRecord {
  StopReason stop = StopReason::finished;
  Instant warmup;  // what came before is not recorded
  Instant end;     // where the run stopped
  IdVector<ClassId, ClassRecord> classes;
  std::vector<OperationRecord> operations;  // in the order of the blueprint
  Attribution attribution;
  Failures failures;  // of clients' requests
  SessionRecord sessions;
  HourlyRecord hourly;
  SlicedIntegral in_system;  // requests in the system, over the whole run
  IdVector<MachineId, MachineRecord> machines;
  IdVector<ServiceId, ServiceRecord> services;
  std::optional<OomKill> first_oom_kill;  // of the whole run
  std::vector<LoggedRequest> requests;    // in the order of their ends; only if asked for
  // Only if asked for.
  std::optional<TimelineRecord> timeline{};
  std::optional<Exemplars> exemplars{};
  std::vector<TraceRecord> traces{};
  std::uint64_t events = 0;
  std::uint64_t fingerprint = 0;
};

}  // namespace cotenant
