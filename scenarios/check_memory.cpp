// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/check_disk.h"
#include "scenarios/computers.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

// A build without the lock stops all threads in another way.
bool has_lock(const Service& service) {
  return std::visit(
      [](const auto& server) {
        if constexpr (requires { server.gil; }) return bool{server.gil};
        return true;
      },
      service.server);
}

void check_gc(Checker& checker, const std::string& pointer, const Service& service) {
  if (!service.gc) return;
  if (!has_processes(service)) {
    checker.problem(pointer,
                    "is modeled for processes that run Python for requests or for a "
                    "celery only");
  } else if (!has_lock(service)) {
    checker.problem(pointer, "is not modeled for builds without Python's global lock");
  }
  if (service.gc->cycles_per_request > service.gc->objects_per_request) {
    checker.problem(pointer + "/cycles_per_request",
                    fmt::format("must not be above objects_per_request, {}, got {}",
                                service.gc->objects_per_request, service.gc->cycles_per_request),
                    fmt::format("at most {}", service.gc->objects_per_request));
  }
}

// The group, or one around it.
bool is_in_oom_group(const Named<Group>& groups, std::string name) {
  for (std::size_t depth = 0; depth < groups.size(); ++depth) {
    const Group* group = find_named(groups, name);
    if (group == nullptr) return false;
    if (group->oom_group) return true;
    name = group->parent;
  }
  return false;
}

const char* key_of(const Step& step) {
  if (std::holds_alternative<HoldStep>(step)) return "/hold";
  return std::holds_alternative<LeakStep>(step) ? "/leak" : nullptr;
}

// Of what nginx holds for single requests nothing is known.
void check_memory_of_nginx(Checker& checker, const std::string& pointer,
                           const ServiceMemory& memory) {
  ServiceMemory known;
  known.base = memory.base;
  known.main = memory.main;
  known.working_set = memory.working_set;
  known.leak_per_hour = memory.leak_per_hour;
  known.per_connection = memory.per_connection;
  known.per_socket = memory.per_socket;
  if (memory == known) return;
  checker.problem(pointer,
                  "has keys about requests, which are modeled for those who run the steps of "
                  "requests only",
                  "base, main, working_set, leak_per_hour, per_connection and per_socket");
}

void check_memory_of_connections(Checker& checker, const std::string& pointer,
                                 const Service& service) {
  if (holds_connections(service)) return;
  const auto problem = [&](const char* key, Bytes said) {
    if (said.is_zero()) return;
    checker.problem(pointer + key,
                    std::holds_alternative<Postgres>(service.server)
                        ? "each connection has a process of its own: that is its base"
                        : "is modeled for servers whose processes hold connections: here each is "
                          "that of a request",
                    "per_request, of a PostgreSQL base");
  };
  problem("/per_connection", service.memory->per_connection);
  problem("/per_socket", service.memory->per_socket);
}

// What neighbors hold of the memory of one machine.
struct Holding {
  const Computer& computer;
  const Named<Neighbor>& neighbors;

  bool contains(const std::string& outer, std::string inner) const {
    for (std::size_t depth = 0; depth <= computer.groups.size() && inner != outer; ++depth) {
      const Group* group = find_named(computer.groups, inner);
      if (group == nullptr) return false;
      inner = group->parent;
    }
    return inner == outer;
  }
  // Up to that one. The empty group is the machine.
  Bytes held_in(const std::string& group, const std::string& last) const {
    Bytes sum;
    for (const auto& [name, neighbor] : neighbors) {
      if (neighbor.guest == computer.guest && contains(group, neighbor.scheduling.group)) {
        sum += neighbor.memory;
      }
      if (name == last) break;
    }
    return sum;
  }
  bool fits(const std::string& neighbor) const {
    if (computer.machine.memory && held_in("", neighbor) > *computer.machine.memory) return false;
    return std::all_of(computer.groups.begin(), computer.groups.end(), [&](const auto& named) {
      const auto& [name, group] = named;
      return !group.memory_max || held_in(name, neighbor) <= *group.memory_max;
    });
  }
};

}  // namespace

void check_memory(Checker& checker, const std::string& pointer, const Service& service) {
  const auto* uwsgi = std::get_if<Uwsgi>(&service.server);
  if (uwsgi != nullptr && !uwsgi->reload_on_rss.is_zero() && !service.memory) {
    checker.problem(pointer + "/reload_on_rss",
                    "needs to know how large its processes are: say it in memory");
  }
  check_gc(checker, pointer + "/gc", service);
  if (!service.memory) return;
  const ServiceMemory& memory = *service.memory;
  if (!has_processes(service) && !is_other_software(service)) {
    checker.problem(
        pointer + "/memory",
        "is modeled for processes that run Python for requests or for a celery, and for "
        "those of nginx, Redis and PostgreSQL only");
  }
  if (is_proxy(service)) check_memory_of_nginx(checker, pointer + "/memory", memory);
  check_memory_of_connections(checker, pointer + "/memory", service);
  if (memory.copied > memory.main) {
    checker.problem(pointer + "/memory/copied",
                    fmt::format("must not be above what is shared, main, {}, got {}",
                                to_text(memory.main), to_text(memory.copied)),
                    "at most " + to_text(memory.main));
  }
  if (memory.touched_per_request && !memory.working_set) {
    checker.problem(pointer + "/memory/touched_per_request",
                    "is a part of the working_set, and that is not said");
  } else if (memory.touched_per_request > memory.working_set) {
    checker.problem(pointer + "/memory/touched_per_request",
                    fmt::format("must not be above the working_set, {}, got {}",
                                to_text(*memory.working_set), to_text(*memory.touched_per_request)),
                    "at most " + to_text(*memory.working_set));
  }
  if (memory.cache_max && memory.cache_per_request.is_zero()) {
    checker.problem(pointer + "/memory/cache_max",
                    "limits a cache that never grows: cache_per_request says how fast");
  }
}

void check_memory_steps(Checker& checker, const std::string& pointer,
                        const std::vector<Step>& steps, const Service& service) {
  if (service.memory) return;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const char* key = key_of(steps[i]);
    if (key == nullptr) continue;
    checker.problem(fmt::format("{}/steps/{}{}", pointer, i, key),
                    "its service does not say what its processes occupy: it has no memory");
  }
}

void check_read_steps(Checker& checker, const std::string& pointer, const std::vector<Step>& steps,
                      const Service& service) {
  if (!service.files) return;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto* read = std::get_if<ReadStep>(&steps[i]);
    if (read == nullptr || read->cache_hit <= 0) continue;
    checker.problem(fmt::format("{}/steps/{}/cache_hit", pointer, i),
                    "follows from how large the files of its service are, and from the memory "
                    "that is left for them");
  }
}

void check_swap(Checker& checker, const Computer& computer, const Setup& setup) {
  const std::string pointer = computer.pointer + "/machine/swap";
  const std::optional<Swap>& swap = computer.machine.swap;
  for (const auto& [name, group] : computer.groups) {
    if (!group.swap_max || swap) continue;
    checker.problem(computer.pointer + "/groups" + pointer_token(name) + "/swap_max",
                    "limits swap, and its computer has none");
  }
  if (!swap) return;
  if (disk_of(computer) == nullptr) {
    checker.problem(pointer, "is on the disk of its computer: say what disk it has");
  }
  if (!checker.sound("/application")) return;
  for (const auto& [name, service] : checker.scenario().application) {
    const Placement* placement = find_named(setup.services, name);
    const std::string place =
        placement ? computer_name(placement->node, placement->guest) : std::string();
    if (place != computer.name() || !service.memory || service.memory->working_set) continue;
    checker.problem(pointer,
                    fmt::format("what is swapped out first depends on how much of its processes {} "
                                "uses: say its working_set",
                                in_quotes(name)));
  }
}

void check_neighbor_memory(Checker& checker, const std::string& pointer, const Computer& computer,
                           const Named<Neighbor>& neighbors) {
  const Holding holding{computer, neighbors};
  for (const auto& [name, neighbor] : neighbors) {
    if (neighbor.guest != computer.guest || neighbor.memory.is_zero()) continue;
    if (holding.fits(name)) continue;
    checker.problem(pointer + "/neighbors" + pointer_token(name) + "/memory",
                    "does not fit, together with what neighbors before it hold");
  }
}

void check_oom_groups(Checker& checker, const Computer& computer, const Setup& setup) {
  if (!checker.sound("/application")) return;
  for (const auto& [name, placement] : setup.services) {
    const Service* service = find_named(checker.scenario().application, name);
    if (service == nullptr || !service->memory || placement.guest != computer.guest) continue;
    if (!is_in_oom_group(computer.groups, placement.scheduling.group)) continue;
    const std::string group =
        computer.pointer + "/groups" + pointer_token(placement.scheduling.group);
    if (is_celery(*service)) {
      checker.problem(group,
                      fmt::format("oom_group would kill all of {}: that is not modeled for a "
                                  "celery",
                                  in_quotes(name)));
    } else if ((has_main_process(*service) || is_database(*service)) && !placement.restart) {
      checker.problem(group,
                      fmt::format("oom_group kills the main process of {}, too: say who starts it "
                                  "again, its restart in this setup, or \"no\"",
                                  in_quotes(name)));
    }
  }
}

void check_restart(Checker& checker, const std::string& pointer, const Placement& placement,
                   const Service& service) {
  if (!placement.restart) return;
  const Restart& restart = *placement.restart;
  if (!has_main_process(service) && !is_database(service)) {
    return checker.problem(pointer + "/restart",
                           "is modeled for Redis, PostgreSQL, and servers that have a main process "
                           "and run Python for requests only");
  }
  Restart nobody;
  if (restart.preset == nobody.preset && !(restart == nobody)) {
    checker.problem(pointer + "/restart/preset", "nobody starts it again, so there are no delays",
                    "kubernetes, docker or systemd");
  }
  if (restart.max_starts.value_or(0) > 0 && restart.preset != "systemd" && !restart.within) {
    checker.problem(pointer + "/restart/max_starts", "is a number of starts within a time: say it");
  }
}

void check_oom_score(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service) {
  if (placement.oom_score_adj == 0) return;
  if (service.memory && is_proxy(service)) {
    return checker.problem(pointer + "/oom_score_adj",
                           "the kernel never kills processes of nginx here");
  }
  if (service.memory) return;
  checker.problem(pointer + "/oom_score_adj",
                  "the service does not say what its processes occupy: they are never killed for "
                  "their memory");
}

}  // namespace cotenant
