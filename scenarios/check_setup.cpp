// SPDX-License-Identifier: Apache-2.0
//
// Checks of machines, guests and placements.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/application.h"
#include "scenarios/check_container.h"
#include "scenarios/check_disk.h"
#include "scenarios/check_memory.h"
#include "scenarios/check_neighbor.h"
#include "scenarios/check_probes.h"
#include "scenarios/checker.h"
#include "scenarios/computers.h"
#include "scenarios/tasks.h"

namespace cotenant {

namespace {

// Workers of one setup together. A machine that runs more server processes does not exist; pid_max
// is 32768 by default (include/linux/threads.h: PID_MAX_DEFAULT).
constexpr std::int64_t kMaxTasks = 32'768;

// --- Who runs where

// The node, the guest on it and the group there that it names. A guest is on the hardware.
void check_tenant(Checker& checker, const std::string& pointer, const Tenant& tenant,
                  const std::vector<Computer>& computers) {
  if (!checker.sound(tenant.pointer)) return;
  std::vector<std::string_view> nodes, guests;
  for (const Computer& computer : computers) {
    if (!computer.node.empty() && computer.guest.empty()) nodes.push_back(computer.node);
    if (computer.node == tenant.node && !computer.guest.empty()) guests.push_back(computer.guest);
  }
  if (!tenant.node.empty()) {
    if (!checker.names_known(pointer + "/nodes")) return;
    check_reference(checker, tenant.pointer + "/node", "node", tenant.node, nodes);
  }
  if (!tenant.guest.empty()) {
    if (!checker.names_known(hosting_pointer(pointer, tenant.node) + "/guests")) return;
    check_reference(checker, tenant.pointer + "/guest", "guest", tenant.guest, guests);
  }
  if (tenant.scheduling.group.empty()) return;
  for (const Computer& computer : computers) {
    if (!tenant.runs_on(computer)) continue;
    if (!checker.names_known(computer.pointer + "/groups")) return;
    check_reference(checker, tenant.pointer + "/group", "group", tenant.scheduling.group,
                    names_of(computer.groups));
  }
}

// Reports call a guest on the hardware of the setup by its name only.
void check_nodes(Checker& checker, const std::string& pointer, const Setup& setup) {
  for (const auto& [name, node] : setup.nodes) {
    if (find_named(setup.guests, name) == nullptr) continue;
    checker.problem(hosting_pointer(pointer, name),
                    "must have another name: a guest of the setup has this one");
  }
}

void check_placement(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service) {
  if (std::holds_alternative<External>(service.server)) {
    checker.problem(pointer, "an external service runs on none of the machines of a setup");
  } else if (placement.entry_processes && !is_web_server(service)) {
    checker.problem(pointer + "/entry_processes",
                    "counts requests to Python: nobody else's are limited by it");
  } else if (placement.workers && !runs_python(service)) {
    checker.problem(pointer + "/workers",
                    "has no workers: a Redis has one thread, and a PostgreSQL a process for each "
                    "of its max_connections");
  }
}

void check_services(Checker& checker, const std::string& pointer, const Setup& setup) {
  if (!checker.names_known("/application")) return;
  for (const auto& [name, placement] : setup.services) {
    const std::string place = pointer + "/services" + pointer_token(name);
    if (!checker.sound(place)) continue;
    check_reference(checker, place, "service", name, names_of(checker.scenario().application));
    const Service* service = find_named(checker.scenario().application, name);
    if (service == nullptr) continue;
    check_placement(checker, place, placement, *service);
    check_container(checker, place, placement, *service);
    check_oom_score(checker, place, placement, *service);
    check_restart(checker, place, placement, *service);
    check_idle_stop(checker, place, placement, *service);
    check_probes(checker, place, placement, *service);
  }
}

// --- What a scheduler can do

void check_fifo(Checker& checker, const Tenant& tenant) {
  if (!tenant.takes_cpu) return;
  if (!tenant.serves_requests) {
    return checker.problem(tenant.pointer,
                           "under the fifo scheduler this would hold its core for ever: use "
                           "\"fluid\"");
  }
  const std::string advice = "the fifo scheduler has no weights or limits: use \"fluid\"";
  if (tenant.scheduling.nice != 0) checker.problem(tenant.pointer + "/nice", advice);
  if (tenant.scheduling.task_weight) checker.problem(tenant.pointer + "/task_weight", advice);
}

void check_ideal(Checker& checker, const Computer& computer) {
  const std::string& scheduler = computer.machine.scheduler;
  if (scheduler == "fifo" && !computer.groups.empty()) {
    checker.problem(computer.pointer + "/groups",
                    "the fifo scheduler has no weights or limits: use \"fluid\"");
  }
  const std::string advice =
      fmt::format("the {} scheduler knows nothing of this: use \"eevdf\"", scheduler);
  if (!(computer.machine.kernel == Kernel())) {
    checker.problem(computer.pointer + "/machine/kernel", advice);
  }
  for (const auto& [name, group] : computer.groups) {
    const std::string place = computer.pointer + "/groups" + pointer_token(name);
    if (group.cpu_idle) checker.problem(place + "/cpu_idle", advice);
    if (group.cpus) checker.problem(place + "/cpus", advice);
  }
}

void check_ideal(Checker& checker, const Computer& computer, const Tenant& tenant) {
  const std::string advice = fmt::format("the {} scheduler knows nothing of this: use \"eevdf\"",
                                         computer.machine.scheduler);
  if (tenant.scheduling.policy != "normal") checker.problem(tenant.pointer + "/policy", advice);
  if (tenant.scheduling.slice) checker.problem(tenant.pointer + "/slice", advice);
}

// What the kernel itself refuses.
void check_linux(Checker& checker, const Computer& computer) {
  constexpr std::array<std::int64_t, 4> kHz = {100, 250, 300, 1000};  // kernel/Kconfig.hz
  const std::int64_t hz = computer.machine.kernel.hz;
  if (std::find(kHz.begin(), kHz.end(), hz) == kHz.end()) {
    checker.problem(computer.pointer + "/machine/kernel/hz",
                    fmt::format("must be 100, 250, 300 or 1000, got {}", hz),
                    "100, 250, 300 or 1000");
  }
}

void check_scheduler(Checker& checker, const std::string& pointer, const Setup& setup,
                     const Computer& computer) {
  if (computer.imitates_linux()) return check_linux(checker, computer);
  check_ideal(checker, computer);
  for (const Tenant& tenant : tenants_of(pointer, setup)) {
    if (!tenant.runs_on(computer)) continue;
    check_ideal(checker, computer, tenant);
    if (computer.machine.scheduler == "fifo") check_fifo(checker, tenant);
  }
}

// uvicorn starts no other process for a single worker: nobody is left when that ends.
void check_supervisors(Checker& checker, const std::string& setup_name, const Setup& setup) {
  for (const auto& [name, service] : checker.scenario().application) {
    const auto* uvicorn = std::get_if<Uvicorn>(&service.server);
    if (uvicorn == nullptr || uvicorn->limit_max_requests == 0) continue;
    const Placement* placement = find_named(setup.services, name);
    if (workers_of(service, placement) > 1 || (placement && placement->restart)) continue;
    checker.problem("/application" + pointer_token(name) + "/limit_max_requests",
                    fmt::format("would end the only worker in setup {} for good: uvicorn looks "
                                "after its workers only if there are several",
                                in_quotes(setup_name)),
                    "0, or 2 workers");
  }
}

// What uWSGI itself refuses: core/socket.c, core/uwsgi.c.
void check_uwsgi(Checker& checker, const std::string& setup_name, const Setup& setup) {
  for (const auto& [name, service] : checker.scenario().application) {
    const auto* uwsgi = std::get_if<Uwsgi>(&service.server);
    if (uwsgi == nullptr) continue;
    const std::string pointer = "/application" + pointer_token(name);
    const Placement* placement = find_named(setup.services, name);
    const std::optional<Computer> computer = computer_of(setup, placement);
    const std::int64_t somaxconn = (computer ? computer->machine : setup.machine).somaxconn;
    if (uwsgi->backlog > somaxconn) {
      checker.problem(pointer + "/backlog",
                      fmt::format("uWSGI does not start in setup {}: {} is above somaxconn, {}",
                                  in_quotes(setup_name), uwsgi->backlog, somaxconn),
                      fmt::format("at most {}", somaxconn));
    }
    const std::int64_t workers = workers_of(service, placement);
    if (uwsgi->cheaper && uwsgi->cheaper->workers >= workers) {
      checker.problem(pointer + "/cheaper/workers",
                      fmt::format("must be below the {} workers in setup {}, got {}", workers,
                                  in_quotes(setup_name), uwsgi->cheaper->workers));
    }
  }
}

void check_passenger(Checker& checker, const std::string& setup_name, const Setup& setup) {
  for (const auto& [name, service] : checker.scenario().application) {
    const auto* passenger = std::get_if<Passenger>(&service.server);
    if (passenger == nullptr) continue;
    const std::int64_t workers = workers_of(service, find_named(setup.services, name));
    if (passenger->min_instances <= workers) continue;
    checker.problem("/application" + pointer_token(name) + "/min_instances",
                    fmt::format("must not be above the {} workers in setup {}, got {}", workers,
                                in_quotes(setup_name), passenger->min_instances));
  }
}

void check_tasks(Checker& checker, const std::string& pointer, const Setup& setup) {
  std::int64_t tasks = 0;
  bool has_threads = false;
  for (const auto& [name, service] : checker.scenario().application) {
    const std::int64_t workers = workers_of(service, find_named(setup.services, name));
    const std::int64_t threads = threads_of(service);
    tasks += workers * threads;
    if (threads > 1) has_threads = true;
  }
  std::string others;
  bool has_neighbors = false;
  bool has_guests = false;
  for_each_hosting(setup, [&](const std::string&, const Hosting& hosting) {
    for (const auto& [name, neighbor] : hosting.neighbors) tasks += neighbor.threads;
    for (const auto& [name, guest] : hosting.guests) tasks += guest.machine.cores;
    has_neighbors = has_neighbors || !hosting.neighbors.empty();
    has_guests = has_guests || !hosting.guests.empty();
  });
  if (has_neighbors) others += " and neighbors";
  if (has_guests) others += " and virtual CPUs";
  if (tasks > kMaxTasks) {
    checker.problem(
        pointer, fmt::format("has {} {} in all services{} together; at most {} fit", tasks,
                             has_threads ? "workers and threads" : "workers", others, kMaxTasks));
  }
}

void check_setup(Checker& checker, const std::string& name, const Setup& setup) {
  const std::string pointer = "/setups" + pointer_token(name);
  const std::vector<Computer> computers = computers_of(pointer, setup);
  for (const Computer& computer : computers) {
    check_groups(checker, computer);
    check_disk(checker, computer);
    check_swap(checker, computer, setup);
    check_oom_groups(checker, computer, setup);
    check_containers(checker, pointer, computer, setup);
  }
  check_nodes(checker, pointer, setup);
  check_services(checker, pointer, setup);
  for (const Tenant& tenant : tenants_of(pointer, setup)) {
    check_tenant(checker, pointer, tenant, computers);
  }
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    const std::string place = hosting_pointer(pointer, node);
    check_neighbors(checker, place, hosting.neighbors);
    for (const Computer& computer : computers) {
      if (computer.node == node) check_neighbor_memory(checker, place, computer, hosting.neighbors);
    }
  });
  check_file_users(checker, pointer, setup);
  if (!checker.sound(pointer)) return;
  for (const Computer& computer : computers) check_scheduler(checker, pointer, setup, computer);
  if (!checker.sound("/application")) return;
  if (checker.sound("/workload")) check_files(checker, name, setup);
  check_tasks(checker, pointer, setup);
  check_supervisors(checker, name, setup);
  check_uwsgi(checker, name, setup);
  check_passenger(checker, name, setup);
}

}  // namespace

void check_setups(Checker& checker) {
  for (const auto& [name, setup] : checker.scenario().setups) {
    check_setup(checker, name, setup);
  }
}

}  // namespace cotenant
