// SPDX-License-Identifier: Apache-2.0
//
// Where a recording does not say a setting, it is what the server itself does then; the recorded
// machine had the versions of Debian 12.
#include "validation/recording/recorded_server.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/nearest.h"
#include "scenarios/overhead_phases.h"
#include "scenarios/parameters.h"
#include "sim/random/sampler.h"

namespace cotenant {
namespace {

// The cost of a phase in the preset, times the factor.
PhaseCost scaled(std::string_view preset, ServerPhase phase, double factor) {
  const PhaseCpu& cost = overhead_preset(preset)->overhead[phase];
  const auto times = [&](CpuTime part) {
    const double ns = static_cast<double>(part.count()) * factor;
    return CpuTime(duration_from_nanoseconds(ns).count());
  };
  return {times(cost.hot), times(cost.cold)};
}

template <class Server>
Service with_overhead(Server server, double factor) {
  auto& overhead = server.overhead;
  if (factor != 1) {
    for_each_phase(overhead, [&](ServerPhase phase, std::optional<PhaseCost>& cost) {
      cost = scaled(overhead.preset, phase, factor);
    });
  }
  return Service{std::move(server)};
}

// What any server may be told.
template <class Server>
Server common(const RecordedServer& recorded) {
  Server server;
  server.workers = recorded.workers;
  server.backlog = recorded.backlog.value_or(server.backlog);
  if constexpr (requires { server.keep_alive; }) {
    server.keep_alive = recorded.keepalive.value_or(server.keep_alive);
  }
  return server;
}

template <class Server>
Server gunicorn(const RecordedServer& recorded) {
  auto server = common<Server>(recorded);
  server.arbiter.timeout = recorded.timeout;
  server.arbiter.max_requests = recorded.max_requests;
  server.arbiter.preload = true;  // the settings file of the recorded one imports the application
  return server;
}

Service sync(const RecordedServer& recorded, double factor) {
  return with_overhead(gunicorn<GunicornSync>(recorded), factor);
}
Service gthread(const RecordedServer& recorded, double factor) {
  auto server = gunicorn<GunicornGthread>(recorded);
  server.threads = recorded.threads;
  return with_overhead(std::move(server), factor);
}
Service gevent(const RecordedServer& recorded, double factor) {
  return with_overhead(gunicorn<GunicornGevent>(recorded), factor);
}
Service gunicorn_uvicorn(const RecordedServer& recorded, double factor) {
  auto server = gunicorn<GunicornUvicorn>(recorded);
  server.limit_concurrency = recorded.limit_concurrency;
  return with_overhead(std::move(server), factor);
}
Service uvicorn(const RecordedServer& recorded, double factor) {
  auto server = common<Uvicorn>(recorded);
  server.limit_concurrency = recorded.limit_concurrency;
  server.limit_max_requests = recorded.max_requests;
  return with_overhead(std::move(server), factor);
}
Service hypercorn(const RecordedServer& recorded, double factor) {
  auto server = common<Hypercorn>(recorded);
  server.version = "0.13";
  return with_overhead(std::move(server), factor);
}
Service uwsgi(const RecordedServer& recorded, double factor) {
  auto server = common<Uwsgi>(recorded);
  server.threads = recorded.threads;
  server.max_requests = recorded.max_requests;
  server.harakiri = recorded.harakiri;
  server.thunder_lock = recorded.thunder_lock;
  return with_overhead(std::move(server), factor);
}

struct Kind {
  std::string_view name;
  Service (*service)(const RecordedServer&, double factor);
  bool loops = false;
  bool many_at_once = false;
};
constexpr std::array<Kind, 7> kKinds = {{{"gunicorn-sync", sync},
                                         {"gunicorn-gthread", gthread},
                                         {"gunicorn-gevent", gevent, false, true},
                                         {"gunicorn-uvicorn", gunicorn_uvicorn, true, true},
                                         {"uvicorn", uvicorn, true, true},
                                         {"hypercorn", hypercorn, true, true},
                                         {"uwsgi", uwsgi}}};

const Kind* find_kind(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const Kind& kind_of(const RecordedServer& server) {
  const Kind* kind = find_kind(server.kind);
  COTENANT_ASSERT(kind != nullptr);
  return *kind;
}

std::string known_kinds(const std::string& given) {
  std::string text;
  std::vector<std::string_view> names;
  for (const Kind& kind : kKinds) {
    text += (text.empty() ? "" : ", ") + std::string(kind.name);
    names.push_back(kind.name);
  }
  const std::string nearest = nearest_name(given, names);
  return text + (nearest.empty() ? "" : "; did you mean " + in_quotes(nearest) + "?");
}

// The recorded proxies run beside the server, in its group.
Service nginx(const RecordedProxy& recorded, double factor) {
  Nginx proxy;
  proxy.workers = recorded.workers;
  proxy.upstream.emplace_back(kRecordedServer, UpstreamServer{});
  proxy.upstream_keep_alive = recorded.upstream_keep_alive;
  proxy.read_timeout = recorded.read_timeout.value_or(proxy.read_timeout);
  return with_overhead(std::move(proxy), factor);
}

}  // namespace

std::string why_server_is_not_modeled(const RecordedServer& server) {
  if (find_kind(server.kind) == nullptr) {
    return "the server " + in_quotes(server.kind) +
           " is not modeled; these are: " + known_kinds(server.kind);
  }
  if (server.kind == "hypercorn" && server.max_requests > 0) {
    return "hypercorn 0.13 has no max_requests";
  }
  if (server.proxy && server.proxy->kind != "nginx") {
    return "the proxy " + in_quotes(server.proxy->kind) + " is not modeled, only nginx is";
  }
  return {};
}

Named<Service> services_of(const RecordedServer& server, double overhead_factor) {
  Named<Service> services;
  if (server.proxy) services.emplace_back(kRecordedProxy, nginx(*server.proxy, overhead_factor));
  services.emplace_back(kRecordedServer, kind_of(server).service(server, overhead_factor));
  return services;
}

bool has_loops(const RecordedServer& server) { return kind_of(server).loops; }

bool has_threads(const RecordedServer& server) {
  return server.kind == "gunicorn-gthread" || (server.kind == "uwsgi" && server.threads > 1);
}

std::int64_t slots_of(const RecordedServer& server) {
  constexpr std::int64_t kEveryConnection = 10'000;
  if (kind_of(server).many_at_once) return kEveryConnection;
  return server.workers * (has_threads(server) ? server.threads : 1);
}

}  // namespace cotenant
