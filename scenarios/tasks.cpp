// SPDX-License-Identifier: Apache-2.0
#include "scenarios/tasks.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "scenarios/application.h"

namespace cotenant {

namespace {

template <class Server>
std::int64_t threads_of(const Server&) {
  return 1;
}
std::int64_t threads_of(const GunicornGthread& server) { return server.threads + 1; }
std::int64_t threads_of(const Uvicorn& server) { return server.thread_pool + 1; }
std::int64_t threads_of(const Hypercorn& server) { return server.thread_pool + 1; }
std::int64_t threads_of(const GunicornUvicorn& server) { return server.thread_pool + 1; }
std::int64_t threads_of(const Uwsgi& server) { return server.threads; }
std::int64_t threads_of(const ModWsgi& server) { return server.threads; }

template <class Server>
std::int64_t workers_of(const Server& server) {
  return server.workers;
}

// The others have tasks of one kind only.
std::int64_t workers_of(const External&) { return 0; }
std::int64_t workers_of(const Redis&) { return 1; }
std::int64_t workers_of(const Postgres& server) { return usable_connections(server); }
std::int64_t workers_of(const Celery& server) { return server.instances * server.concurrency; }

// Those that are started when nobody is free are as many as requests, but for those that are kept.
template <class Server>
constexpr bool kStartsOnDemand = std::is_same_v<Server, Passenger> ||
                                 std::is_same_v<Server, FastCgi> || std::is_same_v<Server, Cgi>;

std::int64_t kept_by(const Passenger& server) { return server.min_instances; }
template <class Server>
std::int64_t kept_by(const Server&) {
  return 0;
}

// That only look after others: uvicorn has none for one worker, and that of mod_wsgi and of
// processes on demand is the web server's.
std::int64_t main_processes_of(const Service& service, std::int64_t workers) {
  if (const auto* celery = std::get_if<Celery>(&service.server)) return celery->instances;
  if (std::holds_alternative<ModWsgi>(service.server)) return 0;
  if (std::holds_alternative<Uvicorn>(service.server) && workers == 1) return 0;
  return has_main_process(service) ? 1 : 0;
}

}  // namespace

std::int64_t workers_of(const Service& service, const Placement* placement) {
  if (placement != nullptr && placement->workers) {
    const auto* celery = std::get_if<Celery>(&service.server);
    return (celery != nullptr ? celery->instances : 1) * *placement->workers;
  }
  return std::visit([](const auto& server) { return workers_of(server); }, service.server);
}

std::int64_t threads_of(const Service& service) {
  return std::visit([](const auto& server) { return threads_of(server); }, service.server);
}

std::int64_t most_tasks_of(const Service& service, const Placement* placement,
                           const std::optional<std::int64_t>& entry_processes) {
  std::int64_t workers = workers_of(service, placement);
  std::visit(
      [&](const auto& server) {
        if constexpr (kStartsOnDemand<std::decay_t<decltype(server)>>) {
          const std::int64_t requests = entry_processes.value_or(workers);
          workers = std::min(workers, std::max(requests, kept_by(server)));
        }
      },
      service.server);
  return workers * threads_of(service) + main_processes_of(service, workers);
}

}  // namespace cotenant
