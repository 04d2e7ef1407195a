// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_files.h"

#include <utility>

#include "tests/support/die.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kOwnSeeds = 0x66696c65735f5f5f;

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
    const bool weighs = disk.scheduler == "bfq" && group.parent.empty();
    if (weighs && die.chance(0.7)) group.io.io_weight = die.whole(1, 1000);
  }
}

void add_disk(Die& die, Machine& machine, Named<Group>& groups) {
  machine.disk = random_disk(die);
  limit(die, groups, *machine.disk);
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
}

}  // namespace cotenant
