// SPDX-License-Identifier: Apache-2.0
//
// The numbers of the kinds are those of the tables with which Linux tells disks apart for iocost
// (block/blk-iocost.c, autop[]; linux.md section 5), of Amazon's documentation, and where neither
// has any assumed, which the page of the model says: docs/models/disk.md.
#include "scenarios/compile_disk.h"

#include <algorithm>

#include "scenarios/compile_laws.h"

namespace cotenant {
namespace {

Sampler always(Duration time) { return Sampler(law::Constant{static_cast<double>(time.count())}); }

// AUTOP_SSD_DFL, and for one IO at a time AUTOP_SSD_QD1, without the time for 4 KiB.
DeviceSpec ssd() {
  DeviceSpec device;
  device.depth = 32;
  device.medium.read = {always(microseconds(136)), 489'000'000, 8'518};
  device.medium.write = {always(microseconds(28)), 428'000'000, 21'700};
  device.flush = always(milliseconds(1));
  return device;
}

// AUTOP_HDD has the bandwidth. A seek of up to 16 ms, half of that on average, and the half of a
// revolution on average.
DeviceSpec hdd() {
  DeviceSpec device;
  device.depth = 32;
  device.rotational = true;
  const Sampler seek(law::Uniform{4e6, 20.34e6});
  device.medium.read = {seek, 174'000'000, 0};
  device.medium.write = device.medium.read;
  device.flush = always(microseconds(8340));
  return device;
}

// AUTOP_SSD_FAST has bandwidths and IOs per second.
DeviceSpec nvme() {
  DeviceSpec device;
  device.depth = 256;
  device.medium.read = {always(microseconds(80)), 3'100'000'000, 778'000};
  device.medium.write = {always(microseconds(20)), 1'740'000'000, 443'000};
  device.flush = always(microseconds(50));
  return device;
}

// Who answers has it on several machines: nothing is left to be flushed.
DeviceSpec network() {
  DeviceSpec device;
  device.depth = 64;
  device.medium.read = {always(milliseconds(1)), 0, 0};
  device.medium.write = device.medium.read;
  return device;
}

constexpr std::int64_t kGiB = std::int64_t{1} << 30;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;

IoCap gp2_of(Bytes size) {
  IoCap cap;
  const std::int64_t gib = size.count() / kGiB;
  cap.ios = std::clamp<std::int64_t>(3 * gib, 100, 16'000);
  cap.bytes = (gib <= 170 ? 128 : 250) * kMiB;
  constexpr std::int64_t kBurst = 3000;
  if (cap.ios >= kBurst) return cap;
  cap.burst_ios = kBurst;
  cap.credits = 5'400'000;
  return cap;
}

DeviceSpec device_of(const Disk& disk) {
  if (disk.kind == "ssd") return ssd();
  if (disk.kind == "hdd") return hdd();
  if (disk.kind == "nvme") return nvme();
  DeviceSpec device = network();
  if (disk.kind == "gp2") device.volume = gp2_of(disk.size.value_or(Bytes(kGiB)));
  if (disk.kind == "gp3") device.volume = {3000, 125 * kMiB, 0, 0};
  return device;
}

void replace(Sampler& law, const std::optional<DurationLaw>& said) {
  if (said) law = Sampler(compile_law(*said));
}
void replace(std::int64_t& number, const std::optional<LinkSpeed>& said) {
  if (said) number = said->bytes_per_second;
}
void replace(std::int64_t& number, const std::optional<std::int64_t>& said) {
  if (said) number = *said;
}

// What iocost takes a device of the kind for, and twice its target of latency, which is how often
// it looks (ioc_refresh_period_us).
CostModel cost_model_of(const Disk& disk) {
  if (disk.kind == "hdd") {
    return {{{174'019'176, 41'708, 370}, {178'075'866, 42'705, 378}}, milliseconds(500)};
  }
  if (disk.kind == "nvme") {
    return {{{3'102'524'156, 724'816, 778'122}, {1'742'780'862, 425'702, 443'193}},
            milliseconds(10)};
  }
  return {{{488'636'629, 8'932, 8'518}, {427'891'549, 28'755, 21'940}}, milliseconds(50)};
}

IoLimit limit_of(const std::optional<LinkSpeed>& bytes, const std::optional<std::int64_t>& ios) {
  IoLimit limit;
  replace(limit.bytes, bytes);
  replace(limit.ios, ios);
  return limit;
}

IoGroup group_of(GroupId parent, const Group* group) {
  IoGroup spec;
  spec.parent = parent;
  if (group == nullptr) return spec;
  const IoControl& io = group->io;
  spec.weight = io.io_weight.value_or(spec.weight);
  spec.limit.read = limit_of(io.read_bps, io.read_iops);
  spec.limit.write = limit_of(io.write_bps, io.write_iops);
  spec.total = limit_of(io.total_bps, io.total_iops);
  return spec;
}

}  // namespace

IoSchedulerKind scheduler_kind_of(const Disk& disk) {
  const bool one_queue = disk.kind == "ssd" || disk.kind == "hdd";
  const std::string usual = one_queue ? "mq-deadline" : "none";
  const std::string& said = disk.scheduler.empty() ? usual : disk.scheduler;
  if (said == "mq-deadline") return IoSchedulerKind::mq_deadline;
  if (said == "kyber") return IoSchedulerKind::kyber;
  return said == "bfq" ? IoSchedulerKind::bfq : IoSchedulerKind::none;
}

DiskSpec compile_disk(const Disk& disk, const Named<Group>& groups, const MachineSpec& machine) {
  DiskSpec spec;
  DeviceSpec& device = spec.device;
  device = device_of(disk);
  if (disk.queue_depth) device.depth = static_cast<std::uint32_t>(*disk.queue_depth);
  replace(device.medium.read.latency, disk.read_latency);
  replace(device.medium.write.latency, disk.write_latency);
  replace(device.flush, disk.flush);
  replace(device.medium.read.bytes, disk.read_bandwidth);
  replace(device.medium.write.bytes, disk.write_bandwidth);
  if (disk.iops) device.volume.burst_ios = 0;
  replace(device.volume.ios, disk.iops);
  replace(device.volume.bytes, disk.bandwidth);
  replace(device.instance.ios, disk.instance_iops);
  replace(device.instance.bytes, disk.instance_bandwidth);
  spec.scheduler = scheduler_kind_of(disk);
  if (disk.iocost) spec.cost = cost_model_of(disk);
  spec.dirty = {disk.dirty_background, disk.dirty_limit};
  spec.tick = machine.cpu.kernel.tick;
  for (std::uint32_t g = 0; g < machine.group_names.size(); ++g) {
    const GroupId id(g);
    spec.groups.push_back(
        group_of(machine.cpu.groups[id].parent, find_named(groups, machine.group_names[id])));
  }
  return spec;
}

}  // namespace cotenant
