// SPDX-License-Identifier: Apache-2.0
//
// A recorded run of a real server on a real kernel, as its folder has it (format 0): what was run,
// every request, the counters of the kernel, and a few figures of the run. Only what a comparison
// needs is kept. Units are converted to those of the simulator; nothing is interpreted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/request/outcome.h"
#include "sim/base/diagnostics.h"
#include "sim/base/units.h"

namespace cotenant {

// blkio.throttle.* of cgroup v1, per second; 0: no limit.
struct RecordedThrottle {
  std::int64_t read_bps = 0;
  std::int64_t write_bps = 0;
  std::int64_t read_iops = 0;
  std::int64_t write_iops = 0;
};

// cpu.shares and cpu.cfs_*, and blkio.bfq.weight of cgroup v1.
struct RecordedGroup {
  std::int64_t shares = 1024;
  std::optional<Duration> quota;  // none: no limit
  Duration period = milliseconds(100);
  Duration burst;
  RecordedThrottle throttle;
  std::int64_t bfq_weight = 0;  // 0: nobody has said any
  std::optional<Bytes> memory;  // memory.limit_in_bytes; none: no limit
};

struct RecordedNeighbor {
  RecordedGroup group;
  std::string arguments;  // of the program that made the noise
  std::uint64_t seed = 1;
};

// In front of the server, in its group.
struct RecordedProxy {
  std::string kind = "nginx";
  std::int64_t workers = 1;
  std::optional<std::int64_t> upstream_keep_alive;  // idle connections to the server; none: closed
  std::optional<Duration> read_timeout;
};

// What is not there is as the server has it when nobody says it.
struct RecordedServer {
  std::string kind;  // those that are modeled: validation/recording/recorded_server.h
  std::int64_t workers = 1;
  std::int64_t threads = 1;  // of each worker
  std::optional<std::int64_t> backlog;
  std::int64_t max_requests = 0;
  std::optional<Duration> keepalive;
  Duration timeout = seconds(30);                 // of workers of gunicorn
  std::optional<std::int64_t> limit_concurrency;  // of uvicorn
  Duration harakiri;                              // of uWSGI; zero: none
  bool thunder_lock = false;                      // of uWSGI
  std::optional<RecordedProxy> proxy;
};

struct OfferedLoad {
  bool closed = false;     // users, who think between requests
  bool keepalive = false;  // clients keep connections
  Duration duration;
  Duration warmup;   // requests before are not measured
  Duration timeout;  // the client's
};

struct MeasuredRequest {
  Duration scheduled;  // after time 0: the intended arrival
  Duration done;
  Duration latency;  // from the intended arrival
  Outcome outcome = Outcome::completed;
  std::string path;  // holds its demands
};

// Counters, since the first sample.
struct Sample {
  Duration at;  // after time 0
  std::int64_t nr_periods = 0;
  std::int64_t nr_throttled = 0;
  Duration throttled;
  Duration service_cpu;
  Duration neighbor_cpu;
  Bytes memory;  // of the service, where that has a limit
};

struct Bundle {
  std::string name;    // "E3_q20p100_r80_s1"
  std::string family;  // "E3": what the name has before the first underscore
  std::filesystem::path directory;

  // experiment.json
  bool kernel_only = false;  // no server, no requests: nothing below
  RecordedServer server;
  RecordedGroup service_group;
  std::string io_scheduler = "none";  // of the disk, a loop device
  std::vector<RecordedNeighbor> neighbors;
  OfferedLoad load;

  std::vector<MeasuredRequest> requests;  // requests.csv.gz
  std::vector<Sample> samples;            // resources.csv.gz

  // summary.json
  Duration cpu_per_request;  // of the whole service, over the whole run
  std::int64_t worker_restarts = 0;
  std::int64_t worker_timeouts = 0;
  std::int64_t oom_kills = 0;
};

// Throws std::runtime_error when a file cannot be read.
Checked<Bundle> read_bundle(const std::filesystem::path& directory);

}  // namespace cotenant
