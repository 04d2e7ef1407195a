// SPDX-License-Identifier: Apache-2.0
#include "scenarios/tasks.h"

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

}  // namespace cotenant
