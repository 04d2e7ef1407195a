// SPDX-License-Identifier: Apache-2.0
#include "validation/import/imported_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/document.h"
#include "scenarios/nearest.h"
#include "scenarios/quantity.h"
#include "validation/import/imported_workload.h"

namespace cotenant {
namespace {

constexpr std::string_view kService = "web";
constexpr std::string_view kProxy = "nginx";
constexpr std::string_view kSetup = "as deployed";

// The service that serves the requests, null where files name none.
Checked<const DeployedService*> chosen_service(const Imported& imported,
                                               const ImportOptions& options, FindingsOf& findings) {
  const std::vector<DeployedService>& services = imported.services;
  const auto is_wanted = [&](const DeployedService& service) {
    return options.service.empty() ? !service.settings.program.empty()
                                   : service.name == options.service;
  };
  auto chosen = std::find_if(services.begin(), services.end(), is_wanted);
  if (chosen == services.end() && !options.service.empty()) {
    std::vector<std::string_view> names;
    for (const DeployedService& service : services) names.push_back(service.name);
    Diagnostics diagnostics;
    diagnostics.add({"", 0, 0, "there is no service \"" + options.service + "\" for --service", "",
                     nearest_name(options.service, names)});
    return diagnostics;
  }
  if (services.empty()) return static_cast<const DeployedService*>(nullptr);
  if (chosen == services.end()) {
    chosen = services.begin();
    findings.assumed(0, "service",
                     chosen->name +
                         " serves the requests, because no command "
                         "starts a server that is known; --service "
                         "names another");
  } else if (options.service.empty() &&
             std::count_if(services.begin(), services.end(), is_wanted) > 1) {
    findings.assumed(0, "service",
                     chosen->name +
                         " serves the requests: the first of several servers; "
                         "--service names another");
  }
  return &*chosen;
}

// A name as scenarios have them.
std::string service_name(const DeployedService* service) {
  if (service == nullptr || service->name.empty()) return std::string(kService);
  std::string name = service->name.substr(0, kMaxNameLength);
  for (char& c : name) {
    if (c <= ' ' || c == '.' || c == '/' || c >= 0x7f) c = '_';
  }
  return name;
}

ServerSettings joined(Imported& imported, const DeployedService* service) {
  ServerSettings settings = imported.settings;
  if (service == nullptr) return settings;
  if (!service->settings.program.empty()) settings.program = service->settings.program;
  for (const auto& [name, setting] : service->settings.set) {
    settings.take(name, setting, imported.findings);
  }
  return settings;
}

std::int64_t cores_for(const DeployedService* service, const Imported& imported) {
  double most = 0;
  if (service != nullptr && service->cpu_max) {
    most = in_seconds(service->cpu_max->quota) / in_seconds(service->cpu_max->period);
  }
  if (service != nullptr && service->container) {
    most = std::max(service->container->requests.cpu.value_or(0),
                    service->container->limits.cpu.value_or(0));
  }
  return std::max(imported.world.cores, static_cast<std::int64_t>(std::ceil(most)));
}

void set_limits(const DeployedService& service, const std::string& name, Setup& setup) {
  Placement placement;
  if (service.container) {
    placement.container = service.container;
  } else if (service.cpu_max || service.memory_max || service.cpu_shares) {
    Group group;
    group.cpu_max = service.cpu_max;
    group.cpu_shares = service.cpu_shares;
    group.memory_max = service.memory_max;
    setup.groups.emplace_back(name, group);
    placement.scheduling.group = name;
  }
  if (service.probes) {
    placement.probes = service.probes;
    Restart restart;
    restart.preset = "kubernetes";
    placement.restart = restart;
  }
  setup.services.emplace_back(name, placement);
}

Setup setup_of(const DeployedService* service, const std::string& name, const Imported& imported,
               const ImportOptions& options, FindingsOf& findings) {
  Setup setup;
  setup.machine.cores = cores_for(service, imported);
  if (!options.cores || setup.machine.cores != *options.cores) {
    findings.assumed(0, "machine",
                     fmt::format("{} cores: no file says how many; --cores does, or choose plans "
                                 "from \"cotenant plans\"",
                                 setup.machine.cores));
  }
  if (service == nullptr) return setup;
  setup.replicas = service->replicas;
  if (setup.replicas > 1) {
    findings.assumed(0, "replicas",
                     fmt::format("{}, each on a machine of its own", setup.replicas));
  }
  set_limits(*service, name, setup);
  const bool has_limit =
      service->memory_max || (service->container && service->container->limits.memory);
  if (has_limit) {
    findings.assumed(0, "memory",
                     "what processes occupy is in no file, so that the limit cannot be reached; "
                     "application." +
                         name + ".memory says it");
  }
  return setup;
}

bool is_on_unix_socket(const Service& service) {
  return std::visit(
      [](const auto& server) {
        if constexpr (requires { server.socket == "unix"; }) return server.socket == "unix";
        return false;
      },
      service.server);
}

// Clients cannot reach a Unix socket, so there is a proxy, of which no file tells.
void add_proxy(const std::string& name, std::int64_t cores, Scenario& scenario,
               FindingsOf& findings) {
  Nginx proxy;
  proxy.workers = cores;
  proxy.upstream.emplace_back(name, UpstreamServer());
  scenario.application.emplace_back(name == kProxy ? "proxy" : kProxy, Service{proxy});
  findings.assumed(0, "proxy",
                   "nginx in front of " + name +
                       ", with a worker for each core, because that "
                       "listens on a Unix socket");
}

void say_others(Imported& imported, const DeployedService* chosen) {
  for (const DeployedService& service : imported.services) {
    if (&service == chosen) continue;
    FindingsOf(imported.findings, service.file)
        .ignored(service.line, service.name,
                 "no log says what requests ask of it: what it takes is in their waiting");
  }
}

}  // namespace

Checked<Scenario> imported_scenario(Imported& imported, const ImportOptions& options) {
  FindingsOf findings(imported.findings, "scenario");
  const Checked<const DeployedService*> service = chosen_service(imported, options, findings);
  if (!service.ok()) return service.diagnostics();
  Scenario scenario;
  scenario.name = "Imported";
  scenario.description =
      "From files of a running application. Steps of requests are assumed: see what the import "
      "said, and docs/import.md.";
  import_workload(imported, options, scenario);
  const std::string name = service_name(*service);
  const ServerSettings settings = joined(imported, *service);
  if (settings.empty()) {
    findings.assumed(0, "server", "gunicorn with one sync worker, because no file says any");
  }
  scenario.application.emplace_back(name, service_of(settings, imported.findings));
  scenario.setups.emplace_back(std::string(kSetup),
                               setup_of(*service, name, imported, options, findings));
  if (is_on_unix_socket(scenario.application.front().second)) {
    add_proxy(name, scenario.setups.front().second.machine.cores, scenario, findings);
  }
  say_others(imported, *service);
  return scenario;
}

}  // namespace cotenant
