// SPDX-License-Identifier: Apache-2.0
#include "scenarios/application.h"

#include <algorithm>

namespace cotenant {

bool is_behind_proxy(const Named<Service>& application, const std::string& name) {
  return std::any_of(application.begin(), application.end(), [&](const auto& named) {
    const auto* proxy = std::get_if<Nginx>(&named.second.server);
    return proxy != nullptr && find_named(proxy->upstream, name) != nullptr;
  });
}

std::optional<OperationName> split_operation(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || name.find('.', dot + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return OperationName{name.substr(0, dot), name.substr(dot + 1)};
}

// Nobody calls it.
bool is_entry(const Service& service) {
  return runs_python(service) && !takes_tasks(service) && service.operations.empty();
}

std::vector<std::size_t> entries_of(const Named<Service>& application) {
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < application.size(); ++i) {
    const auto& [name, service] = application[i];
    if (is_entry(service) && !is_behind_proxy(application, name)) entries.push_back(i);
  }
  return entries;
}

std::optional<std::size_t> default_service(const Named<Service>& application) {
  if (application.size() == 1) return 0;
  const std::vector<std::size_t> entries = entries_of(application);
  return entries.size() == 1 ? std::optional(entries.front()) : std::nullopt;
}

std::optional<std::size_t> position_of(const Named<Service>& application, std::string_view name) {
  for (std::size_t i = 0; i < application.size(); ++i) {
    if (application[i].first == name) return i;
  }
  return std::nullopt;
}

const Service* service_of(const Scenario& scenario, const RequestClass& request) {
  const Named<Service>& application = scenario.application;
  const auto position = request.service.empty() ? default_service(application)
                                                : position_of(application, request.service);
  return position ? &application[*position].second : nullptr;
}

std::vector<std::size_t> servers_of(const Named<Service>& application, std::size_t service) {
  const auto* proxy = std::get_if<Nginx>(&application[service].second.server);
  if (proxy == nullptr) return {service};
  std::vector<std::size_t> servers;
  for (const auto& [name, rules] : proxy->upstream) {
    if (const auto position = position_of(application, name)) servers.push_back(*position);
  }
  return servers;
}

bool is_proxy(const Service& service) { return std::holds_alternative<Nginx>(service.server); }

// Nothing is passed on more than twice.
std::vector<std::size_t> last_servers_of(const Named<Service>& application, std::size_t service) {
  std::vector<std::size_t> last;
  for (const std::size_t server : servers_of(application, service)) {
    const std::vector<std::size_t> behind = servers_of(application, server);
    last.insert(last.end(), behind.begin(), behind.end());
  }
  return last;
}

bool is_passed_on(const Named<Service>& application, std::size_t proxy,
                  const RequestClass& request) {
  if (!is_proxy(application[proxy].second)) return false;
  const std::vector<std::size_t> servers = servers_of(application, proxy);
  return !request.file || std::all_of(servers.begin(), servers.end(), [&](std::size_t server) {
    return is_proxy(application[server].second);
  });
}

std::size_t operations_behind(const Named<Service>& application, std::size_t proxy,
                              const RequestClass& request) {
  if (!is_passed_on(application, proxy, request)) return 0;
  std::size_t operations = 0;
  for (const std::size_t server : servers_of(application, proxy)) {
    operations += 1 + operations_behind(application, server, request);
  }
  return operations;
}

const DurationLaw* law_of(const Step& step) {
  if (const auto* cpu = std::get_if<CpuStep>(&step)) return &cpu->cpu;
  if (const auto* wait = std::get_if<WaitStep>(&step)) return &wait->wait;
  if (const auto* sleep = std::get_if<SleepStep>(&step)) return &sleep->sleep;
  return nullptr;
}

const SizeLaw* size_of(const Step& step) {
  if (const auto* read = std::get_if<ReadStep>(&step)) return &read->read;
  if (const auto* write = std::get_if<WriteStep>(&step)) return &write->write;
  if (const auto* fsync = std::get_if<FsyncStep>(&step)) return &fsync->fsync;
  if (const auto* log = std::get_if<LogStep>(&step)) return &log->log;
  return nullptr;
}

std::vector<const CallStep*> calls_of(const Step& step) {
  if (const auto* call = std::get_if<CallStep>(&step)) return {call};
  std::vector<const CallStep*> calls;
  if (const auto* together = std::get_if<TogetherStep>(&step)) {
    for (const CallStep& call : together->together) calls.push_back(&call);
  }
  return calls;
}

bool runs_python(const Service& service) {
  return !std::holds_alternative<External>(service.server) &&
         !std::holds_alternative<Redis>(service.server) &&
         !std::holds_alternative<Postgres>(service.server);
}

bool is_web_server(const Service& service) {
  return runs_python(service) && !takes_tasks(service) &&
         !std::holds_alternative<Nginx>(service.server);
}

bool is_celery(const Service& service) { return std::holds_alternative<Celery>(service.server); }

bool takes_tasks(const Service& service) {
  return is_celery(service) || std::holds_alternative<Poller>(service.server);
}

bool has_event_loops(const Service& service) {
  return std::holds_alternative<Uvicorn>(service.server) ||
         std::holds_alternative<Hypercorn>(service.server) ||
         std::holds_alternative<GunicornUvicorn>(service.server);
}

bool can_be_blocked(const Service& service) {
  return has_event_loops(service) || std::holds_alternative<GunicornGevent>(service.server);
}

bool can_crash(const Service& service) {
  return takes_tasks(service) || can_be_blocked(service) ||
         std::holds_alternative<GunicornSync>(service.server) ||
         std::holds_alternative<GunicornGthread>(service.server) ||
         std::holds_alternative<Uwsgi>(service.server) ||
         std::holds_alternative<ModWsgi>(service.server);
}

namespace {

template <class Server>
bool has_processes(const Server&) {
  return requires(const Server& server) { server.import_cpu; }
  || requires(const Server& server) { server.arbiter; };
}
bool has_processes(const Celery&) { return true; }
bool has_processes(const Poller&) { return false; }

}  // namespace

bool has_processes(const Service& service) {
  return std::visit([](const auto& server) { return has_processes(server); }, service.server);
}

bool is_database(const Service& service) {
  return std::holds_alternative<Redis>(service.server) ||
         std::holds_alternative<Postgres>(service.server);
}

bool is_other_software(const Service& service) {
  return std::holds_alternative<Nginx>(service.server) || is_database(service);
}

// Where there are threads, or a loop. Others have the connection of the request that they serve.
bool holds_connections(const Service& service) {
  return std::visit(
      [](const auto& server) {
        return requires { server.keep_alive; }
        || requires { server.threads; };
      },
      service.server);
}

// Those that can crash, but for tasks.
bool has_main_process(const Service& service) {
  return can_crash(service) && !takes_tasks(service);
}

bool may_keep_connections(const Service& service) {
  return std::visit(
      [](const auto& server) {
        return requires { server.keep_alive; };
      },
      service.server);
}

bool keeps_for_calls(const Scenario& scenario) {
  return std::any_of(scenario.application.begin(), scenario.application.end(),
                     [](const auto& named) { return !named.second.kept.empty(); });
}

bool has_unix_socket(const Service& service) {
  return std::visit(
      [](const auto& server) {
        if constexpr (requires { server.socket; }) return server.socket == "unix";
        return false;
      },
      service.server);
}

std::int64_t usable_connections(const Postgres& database) {
  return database.max_connections - database.superuser_reserved_connections;
}

bool uses_websockets(const Workload& workload) {
  const auto has_websocket = [](const std::optional<Arrivals>& arrivals) {
    if (!arrivals) return false;
    const auto* sessions = std::get_if<SessionArrivals>(&*arrivals);
    return sessions != nullptr && sessions->websocket.has_value();
  };
  return has_websocket(workload.arrivals) ||
         std::any_of(workload.requests.begin(), workload.requests.end(),
                     [&](const auto& named) { return has_websocket(named.second.arrivals); });
}

}  // namespace cotenant
