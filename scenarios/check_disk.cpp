// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_disk.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/check_transfers.h"
#include "scenarios/compile_disk.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

bool uses_files(const Step& step) { return size_of(step) != nullptr; }

// Through the page cache.
bool reads_files(const Step& step) {
  const auto* read = std::get_if<ReadStep>(&step);
  return read != nullptr && !read->direct;
}

// Itself, or behind a proxy.
bool serves(const Scenario& scenario, const RequestClass& request, const Service& service) {
  const Service* first = service_of(scenario, request);
  if (first == nullptr) return false;
  const Named<Service>& application = scenario.application;
  for (std::size_t i = 0; i < application.size(); ++i) {
    if (&application[i].second != first) continue;
    const std::vector<std::size_t> servers = last_servers_of(application, i);
    return std::any_of(servers.begin(), servers.end(),
                       [&](std::size_t server) { return &application[server].second == &service; });
  }
  return false;
}

// Any step of what it serves.
template <class Is>
bool serves_any(const Scenario& scenario, const Service& service, Is is) {
  const auto does = [&](const auto& named) {
    return std::any_of(named.second.steps.begin(), named.second.steps.end(), is);
  };
  if (std::any_of(service.operations.begin(), service.operations.end(), does)) return true;
  const Named<RequestClass>& requests = scenario.workload.requests;
  return std::any_of(requests.begin(), requests.end(), [&](const auto& named) {
    return serves(scenario, named.second, service) && does(named);
  });
}

void check_numbers(Checker& checker, const std::string& pointer, const Disk& disk) {
  const bool is_gp2 = disk.kind == "gp2";
  if (is_gp2 && !disk.size) {
    checker.problem(pointer, "a gp2 needs its size: its IOs per second depend on it");
  }
  if (!is_gp2 && disk.size) {
    checker.problem(pointer + "/size",
                    "only a gp2 asks for it: the others are as fast at any size");
  }
  if (is_gp2 && disk.iops) {
    checker.problem(pointer + "/iops", "those of a gp2 follow from its size");
  }
  if (disk.dirty_background >= disk.dirty_limit) {
    checker.problem(pointer + "/dirty_background",
                    fmt::format("must be below dirty_limit, {}, got {}", to_text(disk.dirty_limit),
                                to_text(disk.dirty_background)),
                    "less than " + to_text(disk.dirty_limit));
  }
  if (disk.iocost && scheduler_kind_of(disk) != IoSchedulerKind::none) {
    checker.problem(pointer + "/iocost",
                    "is modeled with the scheduler none only: choose that for the disk");
  }
  const auto check = [&](const char* key, const std::optional<DurationLaw>& law) {
    if (law) check_law(checker, pointer + key, *law, false);
  };
  check("/read_latency", disk.read_latency);
  check("/write_latency", disk.write_latency);
  check("/flush", disk.flush);
}

void check_log_daemon(Checker& checker, const Computer& computer) {
  const std::string pointer = computer.pointer + "/machine/log_daemon";
  const std::optional<LogDaemon>& daemon = computer.machine.log_daemon;
  if (!daemon || daemon->group.empty()) return;
  if (!checker.names_known(computer.pointer + "/groups")) return;
  check_reference(checker, pointer + "/group", "group", daemon->group, names_of(computer.groups));
}

// The page cache takes it, which is no time: without a rate there would be no end to it.
bool may_take_no_time(const FileStep& use) {
  if (const auto* read = std::get_if<ReadStep>(&use)) return read->cache_hit > 0;
  if (const auto* write = std::get_if<WriteStep>(&use)) return !write->direct;
  const auto* log = std::get_if<LogStep>(&use);
  return log != nullptr && !log->sync;
}

void check_file_user(Checker& checker, const std::string& pointer, const Neighbor& neighbor) {
  const FileLoad& load = *neighbor.files;
  if (!load.rate && may_take_no_time(load.use)) {
    checker.problem(pointer + "/files",
                    "the page cache may have it, which takes no time: say its rate");
  }
  const auto* write = std::get_if<WriteStep>(&load.use);
  if (write != nullptr && write->temporary) {
    checker.problem(pointer + "/files/use/temporary",
                    "a neighbor has no requests with which its files could go");
  }
  const auto* log = std::get_if<LogStep>(&load.use);
  if (log != nullptr && log->queued) {
    checker.problem(pointer + "/files/use/queued", "the log daemon is for services");
  }
  Scheduling usual;
  usual.group = neighbor.scheduling.group;
  if (neighbor.scheduling == usual) return;
  checker.problem(pointer,
                  "uses files and takes no CPU: of how it is scheduled, only the group matters");
}

bool queues_logs(const Step& step) {
  const auto* log = std::get_if<LogStep>(&step);
  return log != nullptr && log->queued;
}

void check_control(Checker& checker, const std::string& pointer, const Group& group,
                   const std::optional<Disk>& disk) {
  const IoControl& io = group.io;
  if (!disk && (io.has_limits() || io.io_weight)) {
    return checker.problem(pointer, "limits or weighs a disk, and its computer has none");
  }
  if (!io.io_weight) return;
  if (disk->scheduler != "bfq" && !disk->iocost) {
    checker.problem(pointer + "/io_weight",
                    "only the scheduler bfq and iocost know weights: choose one for the disk");
  }
  if (disk->scheduler == "bfq" && *io.io_weight > 1000) {
    checker.problem(pointer + "/io_weight",
                    fmt::format("bfq knows weights up to 1000, got {}", *io.io_weight),
                    "at most 1000");
  }
  if (!group.parent.empty()) {
    checker.problem(pointer + "/io_weight",
                    "is modeled of groups in the root only: give it to the one around this");
  }
}

}  // namespace

const Disk* disk_of(const Computer& computer) {
  if (computer.machine.disk) return &*computer.machine.disk;
  return computer.hardware.disk ? &*computer.hardware.disk : nullptr;
}

void check_disk(Checker& checker, const Computer& computer) {
  const std::string machine = computer.pointer + "/machine";
  if (!checker.sound(machine)) return;
  const std::optional<Disk>& disk = computer.machine.disk;
  if (disk) check_numbers(checker, machine + "/disk", *disk);
  check_log_daemon(checker, computer);
  if (!checker.sound(computer.pointer + "/groups")) return;
  for (const auto& [name, group] : computer.groups) {
    check_control(checker, computer.pointer + "/groups" + pointer_token(name), group, disk);
  }
}

void check_file_sets(Checker& checker) {
  for (const auto& [name, service] : checker.scenario().application) {
    if (!service.files || serves_any(checker.scenario(), service, reads_files)) continue;
    checker.problem("/application" + pointer_token(name) + "/files",
                    "nothing that it serves reads files through the page cache");
  }
}

void check_use(Checker& checker, const std::string& pointer, const ReadStep& step) {
  check_size(checker, pointer + "/read", step.read);
  if (!step.direct || step.cache_hit <= 0) return;
  checker.problem(pointer + "/cache_hit", "a direct read does not ask the page cache");
}

void check_use(Checker& checker, const std::string& pointer, const WriteStep& step) {
  check_size(checker, pointer + "/write", step.write);
  if (!step.temporary || !step.direct) return;
  checker.problem(
      pointer + "/temporary",
      "what is written past the page cache is on the disk: whether it stays does not matter");
}

void check_use(Checker& checker, const std::string& pointer, const FsyncStep& step) {
  check_size(checker, pointer + "/fsync", step.fsync);
}

void check_use(Checker& checker, const std::string& pointer, const LogStep& step) {
  check_size(checker, pointer + "/log", step.log);
  if (!step.sync || !step.queued) return;
  checker.problem(pointer + "/sync", "nobody waits for lines that are queued: the daemon may sync");
}

void check_file_users(Checker& checker, const std::string& pointer, const Setup& setup) {
  const std::vector<Computer> computers = computers_of(pointer, setup);
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    for (const auto& [name, neighbor] : hosting.neighbors) {
      if (!neighbor.files) continue;
      const std::string place = hosting_pointer(pointer, node) + "/neighbors" + pointer_token(name);
      if (!checker.sound(place)) continue;
      std::visit([&](const auto& use) { check_use(checker, place + "/files/use", use); },
                 neighbor.files->use);
      check_file_user(checker, place, neighbor);
      for (const Computer& computer : computers) {
        if (computer.node != node || computer.guest != neighbor.guest) continue;
        if (disk_of(computer) != nullptr) continue;
        checker.problem(place + "/files", "its machine has no disk: say what disk it has");
      }
    }
  });
}

void check_files(Checker& checker, const std::string& setup_name, const Setup& setup) {
  const std::string pointer = "/setups" + pointer_token(setup_name);
  for (const auto& [name, service] : checker.scenario().application) {
    if (!serves_any(checker.scenario(), service, uses_files)) continue;
    const bool queues = serves_any(checker.scenario(), service, queues_logs);
    const Placement* placement = find_named(setup.services, name);
    const std::string node = placement ? placement->node : std::string();
    const std::string guest = placement ? placement->guest : std::string();
    for (const Computer& computer : computers_of(pointer, setup)) {
      if (computer.node != node || computer.guest != guest) continue;
      if (disk_of(computer) == nullptr) {
        checker.problem(computer.pointer + "/machine",
                        fmt::format("has no disk, and {} uses files there: say what disk it has",
                                    in_quotes(name)));
      }
      if (queues && !computer.machine.log_daemon) {
        checker.problem(
            computer.pointer + "/machine",
            fmt::format("has no log_daemon, and {} queues its logs there", in_quotes(name)));
      }
    }
  }
}

}  // namespace cotenant
