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

// By its name, or as an object with its settings.
std::optional<RecordedProxy> read_proxy(JsonReader& json) {
  if (!json.has("proxy")) return std::nullopt;
  RecordedProxy proxy;
  if (json.has_text("proxy")) {
    proxy.kind = json.text("proxy");
    return proxy;
  }
  JsonReader said = json.object("proxy");
  proxy.kind = said.text("kind", proxy.kind);
  proxy.workers = said.whole("workers", 1, 10'000, 1);
  if (const std::int64_t idle = said.whole("keepalive", 0, 65'535, 0); idle > 0) {
    proxy.upstream_keep_alive = idle;
  }
  if (said.has("read_timeout")) proxy.read_timeout = time_of(said, "read_timeout", 1e9);
  return proxy;
}

// "nginx+uwsgi" is uwsgi behind nginx; gunicorn's worker class may be said in full:
// "gunicorn-uvicorn.workers.UvicornWorker".
void read_kind(RecordedServer& server, JsonReader& json) {
  server.kind = json.text("kind");
  if (const std::size_t plus = server.kind.find('+'); plus != std::string::npos) {
    server.proxy = RecordedProxy{};
    server.proxy->kind = server.kind.substr(0, plus);
    server.kind.erase(0, plus + 1);
  }
  constexpr std::string_view kLoopsInGunicorn = "gunicorn-uvicorn";
  if (server.kind.starts_with(kLoopsInGunicorn)) server.kind = kLoopsInGunicorn;
}

RecordedServer read_server(JsonReader json) {
  RecordedServer server;
  read_kind(server, json);
  server.workers = json.whole("workers", 1, 10'000, 1);
  server.threads = json.whole("threads", 1, 10'000, 1);
  if (json.has("backlog")) server.backlog = json.whole("backlog", 0, 65'535);
  if (const std::int64_t limit = json.whole("limit_concurrency", 0, kMost, 0); limit > 0) {
    server.limit_concurrency = limit;
  }
  server.max_requests = json.whole("max_requests", 0, kMost, 0);
  if (json.has("keepalive")) server.keepalive = time_of(json, "keepalive", 1e9);
  server.timeout = time_of(json, "timeout", 1e9, 30);
  server.harakiri = time_of(json, "harakiri", 1e9, 0);
  server.thunder_lock = json.flag("thunder_lock");
  if (!server.proxy) server.proxy = read_proxy(json);
  return server;
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

  bundle.server = read_server(json.object("server"));
  if (!bundle.server.proxy) bundle.server.proxy = read_proxy(json);
  bundle.service_group = read_group(json.object("srv_cg"));
  bundle.io_scheduler = json.object("disk").text("scheduler", "none");

  JsonReader load = json.object("load");
  // However an open load came about, all of its arrivals are in the recording.
  bundle.load.closed = load.text("mode") == "closed" || load.has("users");
  bundle.load.keepalive = load.flag("keepalive");
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
