// SPDX-License-Identifier: Apache-2.0
//
// Flags are read by the parser of `import`. Defaults: gunicorn/config.py of gunicorn 20 to 23,
// uvicorn/main.py of uvicorn 0.17 to 0.30.
#include "validation/capture/recorder/server_command.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "validation/capture/recorder/kernel_file.h"
#include "validation/import/findings.h"
#include "validation/import/server_command.h"
#include "validation/import/server_settings.h"

namespace cotenant {
namespace {

constexpr std::array<std::string_view, 4> kServers = {"gunicorn", "uvicorn", "hypercorn", "uwsgi"};

// The server that a command names, after an interpreter and its options: "python3 -m gunicorn". One
// that has given itself a title ("gunicorn: master [shop]") has lost its flags.
std::string_view server_in(const std::vector<std::string>& words, bool& is_title) {
  constexpr std::size_t kFirstWords = 6;
  for (std::size_t i = 0; i < std::min(words.size(), kFirstWords); ++i) {
    const std::string_view word = words[i];
    const std::string_view name = word.substr(word.find_last_of('/') + 1);
    for (const std::string_view server : kServers) {
      is_title = word.starts_with(std::string(server) + ": ");
      if (name == server || is_title) return server;
    }
  }
  return {};
}

class Settings {
 public:
  explicit Settings(const ServerSettings& settings) : settings_(settings) {}

  std::string text(std::string_view name, std::string fallback) const {
    const auto found = settings_.set.find(name);
    return found == settings_.set.end() ? fallback : found->second.value;
  }
  std::optional<std::int64_t> number(std::string_view name) const {
    return number_in(text(name, ""));
  }
  std::optional<Duration> time(std::string_view name) const {
    const auto value = number(name);
    constexpr std::int64_t kMost = 1'000'000;
    return value && *value >= 0 && *value <= kMost ? std::optional(seconds(*value)) : std::nullopt;
  }

 private:
  const ServerSettings& settings_;
};

// A worker class as a scenario spells the server: "sync" with threads is "gthread".
std::string gunicorn_kind(const std::string& worker_class, std::int64_t threads) {
  if (worker_class == "sync") return threads > 1 ? "gunicorn-gthread" : "gunicorn-sync";
  if (worker_class == "gthread" || worker_class == "gevent") return "gunicorn-" + worker_class;
  if (worker_class.starts_with("uvicorn.workers.")) return "gunicorn-uvicorn";
  return {};
}

void take_gunicorn(const Settings& settings, CapturedServer& server) {
  server.threads = settings.number("threads").value_or(1);
  server.kind = gunicorn_kind(settings.text("worker_class", "sync"), *server.threads);
  server.timeout = settings.time("timeout").value_or(seconds(30));
  server.keep_alive = settings.time("keepalive").value_or(seconds(2));
}

void take_uvicorn(const Settings& settings, CapturedServer& server) {
  server.kind = "uvicorn";
  server.limit_concurrency = settings.number("limit_concurrency");
  server.keep_alive = settings.time("keepalive").value_or(seconds(5));
}

}  // namespace

CapturedServer server_of_command(const std::vector<std::string>& words) {
  bool is_title = false;
  CapturedServer server;
  server.software = std::string(server_in(words, is_title));
  if (server.software.empty() || is_title) return server;

  ServerSettings read;
  Findings findings;  // of flags that make no difference
  read_server_command(words, 0, read, FindingsOf(findings, "command line"));
  const Settings settings(read);
  server.workers = settings.number("workers").value_or(1);
  server.backlog = settings.number("backlog");
  if (const auto most = settings.number("max_requests"); most && *most > 0) {
    server.max_requests = most;
  }
  constexpr std::int64_t kBacklog = 2048;  // of gunicorn and uvicorn
  const bool is_gunicorn = server.software == "gunicorn";
  if ((is_gunicorn || server.software == "uvicorn") && !server.backlog) server.backlog = kBacklog;
  if (is_gunicorn) {
    take_gunicorn(settings, server);
  } else if (server.software == "uvicorn") {
    take_uvicorn(settings, server);
  } else {
    server.kind = server.software;
    server.threads = settings.number("threads");
    server.timeout = settings.time("timeout");
  }
  return server;
}

}  // namespace cotenant
