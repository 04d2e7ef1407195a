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
  std::optional<Bytes> memory_max, memory_high;
  std::optional<std::int64_t> io_weight;
};

// What serves the requests; empty or absent where it could not be told.
struct CapturedServer {
  std::string kind;      // as a scenario spells it: "gunicorn-sync", "uvicorn"
  std::string software;  // "gunicorn 20.1.0"
  std::string group;     // the name of its control group
  std::optional<std::int64_t> workers, threads, backlog, max_requests, limit_concurrency;
  std::optional<Duration> timeout, keep_alive;
};

struct CapturedMachine {
  std::int64_t cores = 1;
  std::optional<Bytes> memory;
  std::string kernel;      // "6.18.44"
  std::string processor;   // "AMD EPYC"
  int cgroup_version = 2;  // of the files that were read
};

// Counters since the first sample, gauges as they were.
struct GroupSample {
  Duration at;
  CpuTime cpu, cpu_user, cpu_system;
  std::int64_t nr_periods = 0, nr_throttled = 0;
  Duration throttled;
  Bytes memory;
  std::int64_t oom_kills = 0, memory_max_events = 0;
  std::int64_t read_ios = 0, write_ios = 0;
  Bytes read, written;
  // Pressure: some tasks wait, or all that could run.
  Duration cpu_some, cpu_full, memory_some, memory_full, io_some, io_full;
  std::int64_t processes = 0;
  std::int64_t accept_queue = 0;
};

struct HostSample {
  Duration at;
  CpuTime busy, stolen, waiting_for_io;  // over all CPUs
};

struct CapturedRequest {
  Duration arrival;  // when the server's side first knew of it
  Duration done;     // when it was answered
  std::uint32_t class_index = 0;
  std::int32_t status = 0;                     // HTTP; 0: no answer
  std::int64_t bytes_in = -1, bytes_out = -1;  // -1: not recorded
  std::optional<Duration> service;             // of `done - arrival`, with the application
  std::optional<CpuTime> cpu;                  // of the application's thread
  std::int64_t worker = -1;                    // its process; -1: not recorded
};

struct GroupSeries {
  CapturedGroup group;
  std::vector<GroupSample> samples;
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
  // What the reader of the bundle must know: "the last 3 s of requests.csv.gz are cut off".
  std::vector<std::string> remarks;

  Duration duration() const;  // from 0 to the last thing that was seen
};

}  // namespace cotenant
