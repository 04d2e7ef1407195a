// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/manifest.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "validation/capture/columns.h"
#include "validation/recording/json_reader.h"

namespace cotenant {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMost = 9'000'000'000'000'000;  // microseconds fit into 64 bits of ns
constexpr std::int64_t kMostCores = 65'536;

Json json_of(std::int64_t number) { return number; }
Json json_of(Duration time) { return time.count() / 1000; }
Json json_of(CpuTime time) { return time.count() / 1000; }
Json json_of(Bytes bytes) { return bytes.count(); }

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = json_of(*value);
}
void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

Json json_of(const CapturedMachine& machine) {
  Json json = {{"cores", machine.cores}};
  put(json, "memory_bytes", machine.memory);
  put(json, "kernel", machine.kernel);
  put(json, "processor", machine.processor);
  json["cgroup_version"] = machine.cgroup_version;
  return json;
}

Json json_of(const CapturedServer& server) {
  Json json = Json::object();
  put(json, "kind", server.kind);
  put(json, "software", server.software);
  put(json, "group", server.group);
  put(json, "workers", server.workers);
  put(json, "threads", server.threads);
  put(json, "backlog", server.backlog);
  put(json, "max_requests", server.max_requests);
  put(json, "limit_concurrency", server.limit_concurrency);
  put(json, "timeout_us", server.timeout);
  put(json, "keep_alive_us", server.keep_alive);
  return json;
}

Json json_of(const CapturedGroup& group) {
  Json json = {{"name", group.name}};
  put(json, "cpu_weight", group.cpu_weight);
  put(json, "cpu_quota_us", group.cpu_quota);
  json["cpu_period_us"] = json_of(group.cpu_period);
  json["cpu_burst_us"] = json_of(group.cpu_burst);
  put(json, "memory_max_bytes", group.memory_max);
  put(json, "memory_high_bytes", group.memory_high);
  put(json, "io_weight", group.io_weight);
  return json;
}

template <class T = std::int64_t>
std::optional<T> whole_if_there(JsonReader& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  return T(json.whole(key, 0, kMost));
}

Duration time_of(JsonReader& json, const char* key, std::int64_t fallback = 0) {
  return microseconds(json.whole(key, 0, kMost, fallback));
}

std::optional<Duration> time_if_there(JsonReader& json, const char* key) {
  return json.has(key) ? std::optional(time_of(json, key)) : std::nullopt;
}

CapturedMachine machine_of(JsonReader json) {
  CapturedMachine machine;
  machine.cores = json.whole("cores", 1, kMostCores, 1);
  machine.memory = whole_if_there<Bytes>(json, "memory_bytes");
  machine.kernel = json.text("kernel", "");
  machine.processor = json.text("processor", "");
  machine.cgroup_version = static_cast<int>(json.whole("cgroup_version", 1, 2, 2));
  return machine;
}

CapturedServer server_of(JsonReader json) {
  CapturedServer server;
  server.kind = json.text("kind", "");
  server.software = json.text("software", "");
  server.group = json.text("group", "");
  server.workers = whole_if_there(json, "workers");
  server.threads = whole_if_there(json, "threads");
  server.backlog = whole_if_there(json, "backlog");
  server.max_requests = whole_if_there(json, "max_requests");
  server.limit_concurrency = whole_if_there(json, "limit_concurrency");
  server.timeout = time_if_there(json, "timeout_us");
  server.keep_alive = time_if_there(json, "keep_alive_us");
  return server;
}

CapturedGroup group_of(JsonReader& json) {
  CapturedGroup group;
  group.name = json.text("name");
  group.cpu_weight = whole_if_there(json, "cpu_weight");
  group.cpu_quota = time_if_there(json, "cpu_quota_us");
  group.cpu_period = time_of(json, "cpu_period_us", group.cpu_period.count() / 1000);
  group.cpu_burst = time_of(json, "cpu_burst_us");
  group.memory_max = whole_if_there<Bytes>(json, "memory_max_bytes");
  group.memory_high = whole_if_there<Bytes>(json, "memory_high_bytes");
  group.io_weight = whole_if_there(json, "io_weight");
  return group;
}

std::optional<std::uint32_t> sum_of(const std::string& text) {
  constexpr int kHexadecimal = 16;
  std::uint32_t sum = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), sum, kHexadecimal);
  const bool complete = error == std::errc() && end == text.data() + text.size();
  return complete ? std::optional(sum) : std::nullopt;
}

std::vector<BundleFile> files_of(JsonReader json, Diagnostics& diagnostics) {
  std::vector<BundleFile> files;
  for (const char* name : {kClassesFile, kRequestsFile, kGroupsFile, kHostFile}) {
    if (!json.has(name)) continue;
    JsonReader file = json.object(name);
    const std::string text = file.text("crc32");
    const auto sum = sum_of(text);
    if (!sum && !text.empty()) {
      diagnostics.add({std::string(kManifestFile) + "/files/" + name + "/crc32",
                       0,
                       0,
                       "must be up to eight hexadecimal digits",
                       {},
                       {}});
    }
    files.push_back({name, file.whole("rows", 0, kMost), sum.value_or(0)});
  }
  return files;
}

// The sentences of others, in full: an array of texts.
std::vector<std::string> remarks_of(const nlohmann::json& document, Diagnostics& diagnostics) {
  std::vector<std::string> remarks;
  const auto found = document.find("remarks");
  if (found == document.end()) return remarks;
  bool good = found->is_array();
  for (std::size_t i = 0; good && i < found->size(); ++i) {
    good = (*found)[i].is_string();
    if (good) remarks.push_back((*found)[i].get<std::string>());
  }
  if (!good) {
    diagnostics.add(
        {std::string(kManifestFile) + "/remarks", 0, 0, "must be an array of texts", {}, {}});
  }
  return remarks;
}

// Whether it is a manifest of the format that is known.
bool check_format(const nlohmann::json& document, Diagnostics& diagnostics) {
  const auto found = document.find("format");
  if (found != document.end() && *found == kBundleFormat) return true;
  std::string message = "is required; a capture bundle has format 1";
  if (found != document.end() && found->is_number_integer()) {
    message = "format " + found->dump() + " is not known; this version reads format 1";
  }
  diagnostics.add({std::string(kManifestFile) + "/format", 0, 0, message, "1", {}});
  return false;
}

bool complete_of(const nlohmann::json& document, Diagnostics& diagnostics) {
  const auto found = document.find("complete");
  if (found != document.end() && found->is_boolean()) return found->get<bool>();
  diagnostics.add(
      {std::string(kManifestFile) + "/complete", 0, 0, "must be true or false", {}, {}});
  return false;
}

}  // namespace

std::string manifest_text(const Capture& capture, const std::vector<BundleFile>& files) {
  Json json = {{"format", kBundleFormat}, {"name", capture.name}, {"origin", capture.origin}};
  put(json, "started", capture.started);
  json["complete"] = capture.complete;
  json["resolution_us"] = json_of(capture.resolution);
  json["machine"] = json_of(capture.machine);
  json["server"] = json_of(capture.server);
  json["groups"] = Json::array();
  for (const GroupSeries& series : capture.groups) json["groups"].push_back(json_of(series.group));
  if (capture.cost) {
    json["cost"] = {{"cpu_us", json_of(capture.cost->cpu)},
                    {"wall_us", json_of(capture.cost->wall)}};
  }
  json["remarks"] = capture.remarks;
  json["files"] = Json::object();
  for (const BundleFile& file : files) {
    json["files"][file.name] = {{"rows", file.rows}, {"crc32", fmt::format("{:08x}", file.sum)}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Checked<Manifest> read_manifest(const std::filesystem::path& directory) {
  Diagnostics diagnostics;
  const nlohmann::json document = read_json(directory / kManifestFile, diagnostics);
  if (!diagnostics.empty()) return diagnostics;
  JsonReader json(document, kManifestFile, diagnostics);
  if (!document.is_object() || !check_format(document, diagnostics)) return diagnostics;

  Manifest manifest;
  Capture& capture = manifest.capture;
  capture.name = json.text("name");
  capture.origin = json.text("origin");
  capture.started = json.text("started", "");
  capture.complete = complete_of(document, diagnostics);
  capture.resolution = time_of(json, "resolution_us");
  capture.machine = machine_of(json.object("machine"));
  capture.server = server_of(json.object("server"));
  for (JsonReader& group : json.array("groups")) capture.groups.push_back({group_of(group), {}});
  if (json.has("cost")) {
    JsonReader cost = json.object("cost");
    capture.cost = CaptureCost{CpuTime(time_of(cost, "cpu_us").count()), time_of(cost, "wall_us")};
  }
  capture.remarks = remarks_of(document, diagnostics);
  manifest.files = files_of(json.object("files"), diagnostics);
  if (!diagnostics.empty()) return diagnostics;
  return manifest;
}

}  // namespace cotenant
