// SPDX-License-Identifier: Apache-2.0
#include "validation/import/server_settings.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "scenarios/quantity.h"
#include "validation/import/log_time.h"

namespace cotenant {
namespace {

constexpr std::array<std::string_view, 15> kSettings = {
    "workers",     "worker_class",      "threads",   "worker_connections", "backlog",
    "timeout",     "graceful_timeout",  "keepalive", "max_requests",       "max_requests_jitter",
    "preload_app", "limit_concurrency", "bind_unix", "thunder_lock",       "lazy_apps"};

// Reads settings one by one, and says what became of them.
class Reader {
 public:
  Reader(const ServerSettings& settings, Findings& findings)
      : settings_(settings), findings_(findings) {}

  std::string text(std::string_view name) const {
    const auto found = settings_.set.find(name);
    return found == settings_.set.end() ? "" : found->second.value;
  }

  void whole(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t& value) {
    const auto number = number_of(name, low, high);
    if (!number) return;
    value = *number;
    say(FindingKind::taken, name, std::to_string(value));
  }
  void whole(std::string_view name, std::int64_t low, std::int64_t high,
             std::optional<std::int64_t>& value) {
    std::int64_t read = -1;
    whole(name, low, high, read);
    if (read >= 0) value = read;
  }
  void time(std::string_view name, std::int64_t high, Duration& value) {
    const auto number = number_of(name, 0, high);
    if (!number) return;
    value = seconds(*number);
    say(FindingKind::taken, name, to_text(value));
  }
  void flag(std::string_view name, bool& value) {
    const std::string read = text(name);
    if (read.empty()) return;
    value = read == "True" || read == "true" || read == "1";
    say(FindingKind::taken, name, value ? "yes" : "no");
  }
  void socket(std::string& value) {
    if (text("bind_unix").empty()) return;
    value = "unix";
    say(FindingKind::taken, "bind_unix", "a Unix socket");
  }

  void say(FindingKind kind, std::string_view name, std::string what) {
    said_.insert(std::string(name));
    const auto found = settings_.set.find(name);
    Finding finding{kind, "", 0, std::string(name), std::move(what)};
    if (found != settings_.set.end()) {
      finding.file = found->second.file;
      finding.line = found->second.line;
    }
    findings_.push_back(std::move(finding));
  }
  // Of what nobody asked for.
  void say_rest(std::string_view server) {
    for (const auto& [name, setting] : settings_.set) {
      if (said_.contains(name)) continue;
      say(FindingKind::ignored, name,
          setting.value + ": " + std::string(server) + " has no such thing in a simulation");
    }
  }

 private:
  std::optional<std::int64_t> number_of(std::string_view name, std::int64_t low,
                                        std::int64_t high) {
    const std::string read = text(name);
    if (read.empty()) return std::nullopt;
    const auto number = parse_decimal(read, 1);
    if (!number || *number < low || *number > high) {
      say(FindingKind::ignored, name,
          read + " is no number from " + std::to_string(low) + " to " + std::to_string(high));
      return std::nullopt;
    }
    return number;
  }

  const ServerSettings& settings_;
  Findings& findings_;
  std::set<std::string, std::less<>> said_;
};

constexpr std::int64_t kWorkers = 1024, kThreads = 1024, kBacklog = 65'535;
constexpr std::int64_t kMany = 1'000'000, kDay = 86'400, kHour = 3'600;

void read_arbiter(Reader& reader, GunicornArbiter& arbiter) {
  reader.time("timeout", kHour, arbiter.timeout);
  reader.whole("max_requests", 0, kMany, arbiter.max_requests);
  if (arbiter.max_requests > 0) {
    reader.whole("max_requests_jitter", 0, kMany, arbiter.max_requests_jitter);
  }
  reader.flag("preload_app", arbiter.preload);
}

template <class Server>
void read_common(Reader& reader, Server& server) {
  reader.whole("workers", 1, kWorkers, server.workers);
  reader.whole("backlog", 1, kBacklog, server.backlog);
  reader.socket(server.socket);
}

void default_workers(Reader& reader) {
  if (reader.text("workers").empty()) {
    reader.say(FindingKind::assumed, "workers", "1, the default of the server");
  }
}

Service gunicorn(Reader& reader) {
  const std::string kind = reader.text("worker_class");
  const auto threads = parse_decimal(reader.text("threads"), 1);
  const auto take_class = [&](std::string_view as) {
    if (!kind.empty()) {
      reader.say(FindingKind::taken, "worker_class", kind + ", as " + std::string(as));
    }
  };
  if (kind.find("uvicorn") != kind.npos) {
    GunicornUvicorn server;
    take_class("gunicorn-uvicorn");
    read_common(reader, server);
    read_arbiter(reader, server.arbiter);
    reader.time("keepalive", kDay, server.keep_alive);
    return {server};
  }
  if (kind.ends_with("gevent") || kind.ends_with("eventlet")) {
    GunicornGevent server;
    take_class("gunicorn-gevent");
    read_common(reader, server);
    read_arbiter(reader, server.arbiter);
    reader.whole("worker_connections", 1, kMany, server.worker_connections);
    reader.time("keepalive", kDay, server.keep_alive);
    reader.time("graceful_timeout", kHour, server.graceful_timeout);
    return {server};
  }
  if (kind.ends_with("gthread") || (threads && *threads > 1)) {  // gunicorn does the same
    GunicornGthread server;
    take_class("gunicorn-gthread");
    read_common(reader, server);
    read_arbiter(reader, server.arbiter);
    reader.whole("threads", 1, kThreads, server.threads);
    reader.whole("worker_connections", 1, kMany, server.worker_connections);
    reader.time("keepalive", kDay, server.keep_alive);
    return {server};
  }
  if (!kind.empty() && !kind.ends_with("sync")) {
    reader.say(FindingKind::ignored, "worker_class",
               kind + " is not modeled; sync workers are assumed instead");
  } else {
    take_class("gunicorn-sync");
  }
  GunicornSync server;
  read_common(reader, server);
  read_arbiter(reader, server.arbiter);
  return {server};
}

Service uvicorn(Reader& reader) {
  Uvicorn server;
  read_common(reader, server);
  reader.time("keepalive", kDay, server.keep_alive);
  reader.whole("limit_concurrency", 1, kMany, server.limit_concurrency);
  reader.whole("max_requests", 0, kMany, server.limit_max_requests);
  return {server};
}

Service hypercorn(Reader& reader) {
  Hypercorn server;
  read_common(reader, server);
  reader.time("keepalive", kDay, server.keep_alive);
  reader.time("graceful_timeout", kHour, server.graceful_timeout);
  reader.whole("max_requests", 0, kMany, server.max_requests);
  if (server.max_requests > 0) {
    reader.whole("max_requests_jitter", 0, kMany, server.max_requests_jitter);
  }
  return {server};
}

Service uwsgi(Reader& reader) {
  Uwsgi server;
  read_common(reader, server);
  reader.whole("threads", 1, kThreads, server.threads);
  reader.time("timeout", kHour, server.harakiri);
  reader.whole("max_requests", 0, kMany, server.max_requests);
  reader.flag("thunder_lock", server.thunder_lock);
  reader.flag("lazy_apps", server.lazy_apps);
  return {server};
}

}  // namespace

void ServerSettings::take(const std::string& name, Setting setting, Findings& findings) {
  const auto [place, is_new] = set.try_emplace(name, setting);
  if (is_new) return;
  Setting& before = place->second;
  if (setting.rank >= before.rank) std::swap(setting, before);
  findings.push_back({FindingKind::ignored, setting.file, setting.line, name,
                      setting.value + ": " + before.value + " of " + before.file + " wins"});
}

bool is_setting(std::string_view name) {
  return std::find(kSettings.begin(), kSettings.end(), name) != kSettings.end();
}

Service service_of(const ServerSettings& settings, Findings& findings) {
  Reader reader(settings, findings);
  Service service;
  if (settings.program == "uvicorn") {
    service = uvicorn(reader);
  } else if (settings.program == "hypercorn") {
    service = hypercorn(reader);
  } else if (settings.program == "uwsgi") {
    service = uwsgi(reader);
  } else {
    service = gunicorn(reader);
  }
  default_workers(reader);
  reader.say_rest(settings.program.empty() ? "gunicorn" : settings.program);
  return service;
}

}  // namespace cotenant
