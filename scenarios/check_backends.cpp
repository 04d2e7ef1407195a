// SPDX-License-Identifier: Apache-2.0
//
// Checks of the services behind an application: what their operations can do, and the pools of
// connections to them.
#include <fmt/format.h>

#include <string_view>

#include "scenarios/application.h"
#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

// --- Operations

std::string_view name_of(const CpuStep&) { return "cpu"; }
std::string_view name_of(const WaitStep&) { return "wait"; }
std::string_view name_of(const SleepStep&) { return "sleep"; }
std::string_view name_of(const ErrorStep&) { return "error"; }
std::string_view name_of(const CallStep&) { return "call"; }
std::string_view name_of(const TogetherStep&) { return "together"; }
std::string_view name_of(const SendStep&) { return "send"; }
std::string_view name_of(const CrashStep&) { return "crash"; }
std::string_view name_of(const ReadStep&) { return "read"; }
std::string_view name_of(const WriteStep&) { return "write"; }
std::string_view name_of(const FsyncStep&) { return "fsync"; }
std::string_view name_of(const LogStep&) { return "log"; }
std::string_view name_of(const HoldStep&) { return "hold"; }
std::string_view name_of(const LeakStep&) { return "leak"; }

void check_step(Checker& checker, const std::string& pointer, const Step& step, bool computes) {
  const std::string_view name = std::visit([](const auto& each) { return name_of(each); }, step);
  if (name == "call" || name == "together" || name == "send") {
    checker.problem(fmt::format("{}/{}", pointer, name),
                    "only services that run Python call others");
  } else if (size_of(step) != nullptr && !computes) {
    checker.problem(fmt::format("{}/{}", pointer, name),
                    "an external service has no disk on the machines of a setup: say how long it "
                    "takes as \"wait\"");
  } else if (name == "cpu" && !computes) {
    checker.problem(pointer + "/cpu",
                    "an external service computes on none of the machines of a setup: say how long "
                    "it takes as \"wait\"");
  }
}

void check_operations(Checker& checker, const std::string& pointer, const Service& service) {
  if (service.operations.empty()) {
    checker.problem(pointer, "has no operations: nobody can ask anything of it");
  }
  const bool computes = !std::holds_alternative<External>(service.server);
  for (const auto& [name, operation] : service.operations) {
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
      check_step(checker, fmt::format("{}/operations/{}/steps/{}", pointer, name, i),
                 operation.steps[i], computes);
    }
  }
}

void check_locks(Checker& checker, const std::string& pointer, const Service& service) {
  if (std::holds_alternative<Postgres>(service.server)) return;
  for (const auto& [name, operation] : service.operations) {
    if (operation.lock.empty()) continue;
    checker.problem(fmt::format("{}/operations/{}/lock", pointer, name),
                    "only a PostgreSQL has locks");
  }
}

// --- Connections

void check_database(Checker& checker, const std::string& pointer, const Postgres& database) {
  const std::int64_t usable = usable_connections(database);
  if (usable < 1) {
    return checker.problem(
        pointer + "/superuser_reserved_connections",
        fmt::format("must be below max_connections, {}, got {}", database.max_connections,
                    database.superuser_reserved_connections));
  }
  if (!database.pgbouncer || database.pgbouncer->pool_size <= usable) return;
  checker.problem(pointer + "/pgbouncer/pool_size",
                  fmt::format("must not be above the {} connections that the database accepts, got "
                              "{}",
                              usable, database.pgbouncer->pool_size),
                  fmt::format("at most {}", usable));
}

void check_pools(Checker& checker, const std::string& pointer, const Service& service) {
  if (!service.pools.empty() && !runs_python(service)) {
    return checker.problem(pointer + "/pools", "only services that run Python connect to others");
  }
  const Named<Service>& services = checker.scenario().application;
  if (!checker.names_known("/application")) return;
  for (const auto& [name, pool] : service.pools) {
    const std::string place = fmt::format("{}/pools/{}", pointer, name);
    check_reference(checker, place, "service", name, names_of(services));
    const Service* to = find_named(services, name);
    if (to == nullptr || !checker.sound("/application/" + name)) continue;
    if (std::holds_alternative<Postgres>(to->server)) continue;
    checker.problem(
        place, "connections are pooled to a PostgreSQL only, and " + in_quotes(name) + " is none");
  }
}

// nginx has upstream_keep_alive instead.
void check_kept(Checker& checker, const std::string& pointer, const Service& service) {
  if (service.kept.empty()) return;
  if (!runs_python(service) || std::holds_alternative<Nginx>(service.server)) {
    return checker.problem(pointer + "/kept", "only services that run Python call others");
  }
  const Named<Service>& services = checker.scenario().application;
  if (!checker.names_known("/application")) return;
  for (const auto& [name, kept] : service.kept) {
    const std::string place = fmt::format("{}/kept/{}", pointer, name);
    check_reference(checker, place, "service", name, names_of(services));
    const Service* to = find_named(services, name);
    if (to == nullptr || !checker.sound("/application/" + name)) continue;
    if (may_keep_connections(*to)) continue;
    checker.problem(place, in_quotes(name) +
                               " keeps no connections: a gunicorn with threads or greenlets, a "
                               "uvicorn, a hypercorn and an nginx do");
  }
}

}  // namespace

void check_backend(Checker& checker, const std::string& pointer, const Service& service) {
  if (!runs_python(service)) check_operations(checker, pointer, service);
  if (const auto* database = std::get_if<Postgres>(&service.server)) {
    check_database(checker, pointer, *database);
  }
  check_locks(checker, pointer, service);
  check_pools(checker, pointer, service);
  check_kept(checker, pointer, service);
}

}  // namespace cotenant
