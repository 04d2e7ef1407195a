// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_disk.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
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
    const std::vector<std::size_t> servers = servers_of(application, i);
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
  const auto check = [&](const char* key, const std::optional<DurationLaw>& law) {
    if (law) check_law(checker, pointer + key, *law, false);
  };
  check("/read_latency", disk.read_latency);
  check("/write_latency", disk.write_latency);
  check("/flush", disk.flush);
}

void check_control(Checker& checker, const std::string& pointer, const Group& group,
                   const std::optional<Disk>& disk) {
  const IoControl& io = group.io;
  if (!disk && (io.has_limits() || io.io_weight)) {
    return checker.problem(pointer, "limits or weighs a disk, and its computer has none");
  }
  if (!io.io_weight) return;
  if (disk->scheduler != "bfq") {
    checker.problem(pointer + "/io_weight",
                    "only the scheduler bfq knows weights: choose it for the disk");
  }
  if (!group.parent.empty()) {
    checker.problem(pointer + "/io_weight",
                    "is modeled of groups in the root only: give it to the one around this");
  }
}

}  // namespace

void check_disk(Checker& checker, const Computer& computer) {
  const std::string machine = computer.pointer + "/machine";
  if (!checker.sound(machine)) return;
  const std::optional<Disk>& disk = computer.machine.disk;
  if (disk) check_numbers(checker, machine + "/disk", *disk);
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

void check_files(Checker& checker, const std::string& setup_name, const Setup& setup) {
  const std::string pointer = "/setups" + pointer_token(setup_name);
  for (const auto& [name, service] : checker.scenario().application) {
    if (!serves_any(checker.scenario(), service, uses_files)) continue;
    const Placement* placement = find_named(setup.services, name);
    const std::string guest = placement ? placement->guest : std::string();
    for (const Computer& computer : computers_of(pointer, setup)) {
      if (computer.guest != guest || computer.machine.disk) continue;
      checker.problem(computer.pointer + "/machine",
                      fmt::format("has no disk, and {} uses files there: say what disk it has",
                                  in_quotes(name)));
    }
  }
}

}  // namespace cotenant
