// SPDX-License-Identifier: Apache-2.0
//
// Defaults are those of the program that made the recordings.
#include "validation/recording/read_experiment.h"

#include "sim/random/sampler.h"
#include "validation/recording/json_reader.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMebibyte = 1 << 20;
constexpr std::int64_t kMostMemory = 1 << 20;  // MiB
constexpr std::int64_t kMost = 1'000'000'000;  // of anything in these files
constexpr std::int64_t kMostBytes = 1'000'000'000'000;

Duration time_of(JsonReader& json, const char* key, double unit_ns,
                 std::optional<double> fallback = std::nullopt) {
  const double ns = json.number(key, fallback) * unit_ns;
  constexpr double kLongest = 1e17;  // 3 years
  return ns >= 0 && ns <= kLongest ? duration_from_nanoseconds(ns) : Duration(0);
}

RecordedGroup read_group(JsonReader json) {
  RecordedGroup group;
  group.shares = json.whole("shares", 2, 262'144, 1024);  // the kernel's own range
  const std::int64_t quota = json.whole("quota_us", -1, kMost, -1);
  if (quota > 0) group.quota = microseconds(quota);
  group.period = microseconds(json.whole("period_us", 1'000, 1'000'000, 100'000));
  group.burst = microseconds(json.whole("burst_us", 0, kMost, 0));
  JsonReader throttle = json.object("throttle");
  group.throttle.read_bps = throttle.whole("read_bps", 0, kMostBytes, 0);
  group.throttle.write_bps = throttle.whole("write_bps", 0, kMostBytes, 0);
  group.throttle.read_iops = throttle.whole("read_iops", 0, kMost, 0);
  group.throttle.write_iops = throttle.whole("write_iops", 0, kMost, 0);
  group.bfq_weight = json.whole("bfq_weight", 0, 1000, 0);
  if (json.has("mem_mib")) {
    group.memory = Bytes(json.whole("mem_mib", 1, kMostMemory)) * kMebibyte;
  }
  return group;
}

void read_neighbors(Bundle& bundle, JsonReader& json, std::int64_t load_seed) {
  for (JsonReader& neighbor : json.array("neighbours")) {
    bundle.neighbors.push_back(
        {read_group(neighbor.object("cg")), neighbor.text("args"),
         static_cast<std::uint64_t>(neighbor.whole("seed", 0, kMost, load_seed))});
  }
}

}  // namespace

void read_experiment(Bundle& bundle, Diagnostics& diagnostics) {
  const nlohmann::json document = read_json(bundle.directory / "experiment.json", diagnostics);
  if (document.is_null()) return;
  JsonReader json(document, "experiment.json", diagnostics);
  if (!document.is_object()) return;
  json.whole("format", 0, 0, 0);
  bundle.name = json.text("name");
  bundle.family = bundle.name.substr(0, bundle.name.find('_'));
  bundle.kernel_only = json.text("kind", "web") == "micro";
  if (bundle.kernel_only) return;

  JsonReader server = json.object("server");
  bundle.server.kind = server.text("kind");
  bundle.server.workers = server.whole("workers", 1, 10'000, 1);
  bundle.server.threads = server.whole("threads", 1, 10'000, 1);
  bundle.server.backlog = server.whole("backlog", 0, 65'535, 2048);
  if (const std::int64_t limit = server.whole("limit_concurrency", 0, kMost, 0); limit > 0) {
    bundle.server.limit_concurrency = limit;
  }
  bundle.server.max_requests = server.whole("max_requests", 0, kMost, 0);
  bundle.server.keepalive = time_of(server, "keepalive", 1e9, 2);
  bundle.server.timeout = time_of(server, "timeout", 1e9, 30);
  bundle.service_group = read_group(json.object("srv_cg"));
  bundle.io_scheduler = json.object("disk").text("scheduler", "none");

  JsonReader load = json.object("load");
  bundle.load.mode = load.text("mode");
  bundle.load.keepalive = load.has("keepalive");
  bundle.load.duration = time_of(load, "duration", 1e9);
  bundle.load.warmup = time_of(load, "warmup", 1e9, 2);
  bundle.load.timeout = time_of(load, "timeout", 1e9, 20);
  if (bundle.load.warmup >= bundle.load.duration) {
    diagnostics.add(
        {"experiment.json/load/warmup", 0, 0, "must be shorter than the duration", {}, {}});
  }
  read_neighbors(bundle, json, load.whole("seed", 0, kMost));
}

void read_summary(Bundle& bundle, Diagnostics& diagnostics) {
  const nlohmann::json document = read_json(bundle.directory / "summary.json", diagnostics);
  if (document.is_null()) return;
  JsonReader json(document, "summary.json", diagnostics);
  bundle.cpu_per_request = time_of(json, "srv_cpu_ms_per_request", 1e6);
  bundle.worker_restarts = json.whole("worker_restarts", 0, kMost, 0);
  bundle.worker_timeouts = json.whole("worker_timeouts", 0, kMost, 0);
  bundle.oom_kills = json.whole("oom_kills", 0, kMost, 0);
}

}  // namespace cotenant
