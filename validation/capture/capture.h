// SPDX-License-Identifier: Apache-2.0
//
// What was seen of a running application, as calibration takes it: how it was configured, its
// requests, and the counters of the kernel. It comes from a bundle of `cotenant capture` or
// `cotenant import` (read_capture()), or from a recorded experiment (capture_of()). Everything here
// was read, nothing was fitted. Times count from `started`; what nobody recorded is absent, never
// 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/units.h"

namespace cotenant {

// A control group, as the kernel had it. Weights are those of cgroup v2.
struct CapturedGroup {
  std::string name;  // "web": the path below the root of the hierarchy
  std::optional<std::int64_t> cpu_weight;
  std::optional<Duration> cpu_quota;  // none: no limit
  Duration cpu_period = milliseconds(100);
  Duration cpu_burst;
  std::optional<Bytes> memory_max, memory_high;  // none: no limit
  std::optional<std::int64_t> io_weight;
  friend bool operator==(const CapturedGroup&, const CapturedGroup&) = default;
};

// What serves the requests; empty or absent where it could not be told.
struct CapturedServer {
  std::string kind;      // as a scenario spells it: "gunicorn-sync", "uvicorn"
  std::string software;  // "gunicorn 20.1.0"
  std::string group;     // the name of its control group
  std::optional<std::int64_t> workers, threads, backlog, max_requests, limit_concurrency;
  std::optional<Duration> timeout, keep_alive;
  friend bool operator==(const CapturedServer&, const CapturedServer&) = default;
};

struct CapturedMachine {
  std::int64_t cores = 1;
  std::optional<Bytes> memory;
  std::string kernel;      // "6.18.44"
  std::string processor;   // "AMD EPYC"
  int cgroup_version = 2;  // of the files that were read
  friend bool operator==(const CapturedMachine&, const CapturedMachine&) = default;
};

// Counters since the first sample, which do not go back when the application starts anew; memory,
// processes and accept_queue as they were. A group of a machine without some file has the rest.
struct GroupSample {
  Duration at;
  CpuTime cpu;
  std::optional<CpuTime> cpu_user, cpu_system;
  std::optional<std::int64_t> nr_periods, nr_throttled;
  std::optional<Duration> throttled;
  std::optional<Bytes> memory;
  std::optional<Bytes> memory_private;  // of its processes together: their Pss
  std::optional<std::int64_t> oom_kills, memory_max_events;
  std::optional<std::int64_t> read_ios, write_ios;
  std::optional<Bytes> read, written;
  // Pressure: some tasks wait, or all that could run.
  std::optional<Duration> cpu_some, cpu_full, memory_some, memory_full, io_some, io_full;
  std::optional<std::int64_t> processes, accept_queue;
  friend bool operator==(const GroupSample&, const GroupSample&) = default;
};

// Over all CPUs, since the first sample.
struct HostSample {
  Duration at;
  CpuTime busy, stolen;
  std::optional<CpuTime> waiting_for_io;
  std::optional<Duration> cpu_some, memory_some, memory_full, io_some, io_full;
  friend bool operator==(const HostSample&, const HostSample&) = default;
};

struct CapturedRequest {
  Duration arrival;  // when the server's side first knew of it
  Duration done;     // when it was answered
  std::uint32_t class_index = 0;
  std::int32_t status = 0;  // HTTP; 0: no answer
  std::optional<std::int64_t> bytes_in, bytes_out;
  std::optional<Duration> service;     // of `done - arrival`, with the application
  std::optional<CpuTime> cpu;          // of the application's thread
  std::optional<std::int64_t> worker;  // its process
  friend bool operator==(const CapturedRequest&, const CapturedRequest&) = default;
};

struct GroupSeries {
  CapturedGroup group;
  std::vector<GroupSample> samples;
  friend bool operator==(const GroupSeries&, const GroupSeries&) = default;
};

// What recording cost the machine that was recorded.
struct CaptureCost {
  CpuTime cpu;
  Duration wall;
  friend bool operator==(const CaptureCost&, const CaptureCost&) = default;
};

struct Capture {
  std::string name;
  std::string origin;    // "cotenant capture 0.1.0", "nginx access log", ...
  std::string started;   // "2026-11-20T09:00:00Z"; empty where nobody knows
  bool complete = true;  // false: the recorder ended before it could say so
  CapturedMachine machine;
  CapturedServer server;
  Duration resolution;                    // of the stamps of requests
  std::vector<std::string> classes;       // of requests; an index into it is a class
  std::vector<CapturedRequest> requests;  // in order of arrival
  std::vector<GroupSeries> groups;
  std::vector<HostSample> host;
  std::optional<CaptureCost> cost;
  // What whoever uses it must know: "the application started anew at 12.3 s", "requests.csv.gz is
  // cut off".
  std::vector<std::string> remarks;

  Duration duration() const;  // from 0 to the last thing that was seen
  friend bool operator==(const Capture&, const Capture&) = default;
};

}  // namespace cotenant
