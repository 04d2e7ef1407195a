// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_files.h"

#include <utility>

#include "tests/support/die.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kOwnSeeds = 0x66696c65735f5f5f;
constexpr std::uint64_t kSeedsOfOthers = 0x6f74686572735f5f;
constexpr std::uint64_t kSeedsOfDisks = 0x6b796265725f5f5f;

SizeLaw random_size(Die& die) {
  const Bytes mean(die.whole(1, die.chance(0.2) ? 2'000'000 : 40'000));
  if (die.chance(0.4)) return {ExponentialSize{mean}};
  return {ConstantSize{die.chance(0.1) ? Bytes(0) : mean}};
}

Step random_use(Die& die) {
  switch (die.whole(0, 3)) {
    case 0: {
      const bool direct = die.chance(0.3);
      return ReadStep{random_size(die), direct ? 0.0 : die.real(0, 1), direct};
    }
    case 1:
      return WriteStep{random_size(die), die.chance(0.4)};
    case 2:
      return FsyncStep{random_size(die)};
    default:
      return LogStep{random_size(die), die.chance(0.5)};
  }
}

void insert_some(Die& die, std::vector<Step>& steps) {
  if (!die.chance(0.6)) return;
  const auto at = die.whole(0, static_cast<std::int64_t>(steps.size()));
  steps.insert(steps.begin() + at, random_use(die));
}

Disk random_disk(Die& die) {
  Disk disk;
  disk.kind = die.pick<const char*>({"ssd", "hdd", "nvme", "network", "gp2", "gp3"});
  if (disk.kind == "gp2") disk.size = Bytes(die.whole(1, 1200) << 30);
  if (die.chance(0.6)) disk.scheduler = die.pick<const char*>({"none", "mq-deadline", "bfq"});
  if (die.chance(0.4)) disk.queue_depth = die.whole(1, 4);
  if (die.chance(0.5))
    disk.read_latency = DurationLaw{ExponentialLaw{microseconds(die.whole(1, 2000))}};
  if (die.chance(0.3)) disk.write_latency = DurationLaw{ConstantLaw{}};
  if (die.chance(0.3)) disk.instance_iops = die.whole(50, 5000);
  if (die.chance(0.4)) {
    disk.dirty_background = Bytes(die.whole(1 << 20, 2 << 20));
    disk.dirty_limit = disk.dirty_background + Bytes(die.whole(1, 1 << 20));
  }
  return disk;
}

void limit(Die& die, Named<Group>& groups, const Disk& disk) {
  for (auto& [name, group] : groups) {
    if (die.chance(0.3)) group.io.read_iops = die.whole(5, 500);
    if (die.chance(0.3)) group.io.write_bps = LinkSpeed{die.whole(100'000, 10'000'000)};
    if (die.chance(0.2)) group.io.total_bps = LinkSpeed{die.whole(100'000, 10'000'000)};
    if (die.chance(0.2)) group.io.total_iops = die.whole(5, 500);
    const bool weighs = disk.scheduler == "bfq" && group.parent.empty();
    if (weighs && die.chance(0.7)) group.io.io_weight = die.whole(1, 1000);
  }
}

void add_disk(Die& die, Machine& machine, Named<Group>& groups) {
  machine.disk = random_disk(die);
  limit(die, groups, *machine.disk);
}

// --- Others who use the disks, and what needs nobody to wait

FileStep random_load(Die& die) {
  switch (die.whole(0, 3)) {
    case 0:
      return ReadStep{random_size(die), 0, die.chance(0.5)};
    case 1:
      return WriteStep{random_size(die), die.chance(0.5)};
    case 2:
      return FsyncStep{random_size(die)};
    default:
      return LogStep{random_size(die), die.chance(0.5)};
  }
}

// Of a disk that is too fast, one that has no rate would do nothing but look at the clock.
Neighbor random_file_user(Die& die, const std::string& guest, const Named<Group>& groups,
                          const Disk& disk) {
  Neighbor neighbor;
  neighbor.guest = guest;
  neighbor.threads = die.whole(1, 3);
  if (!groups.empty() && die.chance(0.6)) {
    const auto last = static_cast<std::int64_t>(groups.size()) - 1;
    neighbor.scheduling.group = groups[static_cast<std::size_t>(die.whole(0, last))].first;
  }
  const bool is_slow = disk.kind == "gp2" || disk.kind == "gp3";
  if (is_slow && die.chance(0.5)) {
    neighbor.files = FileLoad{ReadStep{{ConstantSize{Bytes(die.whole(4'096, 200'000))}}}, {}};
  } else {
    neighbor.files = FileLoad{random_load(die), Rate{die.real(1, 200)}};
  }
  if (die.chance(0.3)) {
    const auto part = [&] { return DurationLaw{ExponentialLaw{milliseconds(die.whole(1, 400))}}; };
    neighbor.pattern = OnOff{part(), part()};
  }
  return neighbor;
}

void add_file_users(Die& die, Setup& setup) {
  if (die.chance(0.5)) {
    setup.neighbors.emplace_back("reader",
                                 random_file_user(die, "", setup.groups, *setup.machine.disk));
  }
  for (auto& [name, guest] : setup.guests) {
    const Disk& disk = guest.machine.disk ? *guest.machine.disk : *setup.machine.disk;
    if (!die.chance(0.3)) continue;
    setup.neighbors.emplace_back("reader in " + name,
                                 random_file_user(die, name, guest.groups, disk));
  }
}

void share_disk(Die& die, Guest& guest) {
  if (!die.chance(0.4)) return;
  guest.machine.disk.reset();
  for (auto& [name, group] : guest.groups) group.io = {};
}

void vary(Die& die, std::vector<Step>& steps) {
  for (Step& step : steps) {
    if (auto* log = std::get_if<LogStep>(&step)) log->queued = !log->sync && die.chance(0.5);
    auto* write = std::get_if<WriteStep>(&step);
    if (write != nullptr) write->temporary = !write->direct && die.chance(0.5);
  }
}

void add_log_daemon(Die& die, Machine& machine) {
  machine.log_daemon = LogDaemon{die.whole(1, 20), die.whole(1, 4), die.chance(0.5), ""};
}

// Weights and schedulers that came later.
void vary(Die& die, Machine& machine, Named<Group>& groups) {
  Disk& disk = *machine.disk;
  if (disk.scheduler == "bfq" || !die.chance(0.5)) return;
  disk.scheduler = "kyber";
  if (die.chance(0.5)) return;
  disk.scheduler = "none";
  disk.iocost = true;
  for (auto& [name, group] : groups) {
    if (group.parent.empty() && die.chance(0.6)) group.io.io_weight = die.whole(1, 10'000);
  }
}

void vary_disks(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kSeedsOfDisks);
  for (auto& [name, setup] : scenario.setups) {
    vary(die, setup.machine, setup.groups);
    for (auto& [guest, what] : setup.guests) {
      if (what.machine.disk) vary(die, what.machine, what.groups);
    }
  }
}

void add_others(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kSeedsOfOthers);
  if (!die.chance(0.7)) return;
  for (auto& [name, request] : scenario.workload.requests) vary(die, request.steps);
  for (auto& [name, service] : scenario.application) {
    for (auto& [operation, what] : service.operations) vary(die, what.steps);
  }
  for (auto& [name, setup] : scenario.setups) {
    for (auto& [guest, what] : setup.guests) share_disk(die, what);
    add_file_users(die, setup);
    add_log_daemon(die, setup.machine);
    for (auto& [guest, what] : setup.guests) add_log_daemon(die, what.machine);
  }
}

}  // namespace

void add_random_files(Scenario& scenario, std::uint64_t seed) {
  Die die(seed ^ kOwnSeeds);
  if (!die.chance(0.4)) return;
  for (auto& [name, request] : scenario.workload.requests) {
    if (!request.file) insert_some(die, request.steps);
  }
  for (auto& [name, service] : scenario.application) {
    if (std::holds_alternative<External>(service.server)) continue;
    for (auto& [operation, what] : service.operations) insert_some(die, what.steps);
  }
  for (auto& [name, setup] : scenario.setups) {
    add_disk(die, setup.machine, setup.groups);
    for (auto& [guest, what] : setup.guests) add_disk(die, what.machine, what.groups);
  }
  add_others(scenario, seed);
  vary_disks(scenario, seed);
}

}  // namespace cotenant
