// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: files, and the disks that they are on.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_clients.h"
#include "scenarios/fields_law.h"
#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 6> kDiskKinds = {"ssd",     "hdd", "nvme",
                                                               "network", "gp2", "gp3"};
inline constexpr std::array<std::string_view, 4> kIoSchedulers = {"none", "mq-deadline", "bfq",
                                                                  "kyber"};

// Fewer than one in a second of a limit would be a typing error.
inline constexpr Whole kIops = {1, 100'000'000};

template <>
inline constexpr Title kTitle<ReadStep> = {
    "read_step", "Reads from a file, and waits for what the page cache does not have."};
template <>
inline constexpr Title kTitle<WriteStep> = {
    "write_step",
    "Writes to a file: into the page cache, which takes no time as long as the kernel keeps up "
    "with writing dirty pages, or past it."};
template <>
inline constexpr Title kTitle<FsyncStep> = {
    "fsync_step",
    "Writes to a file that is there already and waits until that would survive a power failure: "
    "write() and fdatasync(), as databases do with their logs."};
template <>
inline constexpr Title kTitle<LogStep> = {
    "log_step", "Appends to a file, into the page cache or until it is on the disk."};
template <>
inline constexpr Title kTitle<FileStep> = {
    "file_step", "What a neighbor does with files; written with exactly one of its keys."};
template <>
inline constexpr Title kTitle<FileLoad> = {
    "file_load", "What each thread of a neighbor does with files, one thing at a time."};
template <>
inline constexpr Title kTitle<LogDaemon> = {
    "log_daemon", "A thread that writes the lines which others hand over to it."};
template <>
inline constexpr Title kTitle<Disk> = {
    "disk", "The disk of a computer: one of a kind, with some numbers said otherwise."};

template <class Visitor, Same<ReadStep> T>
void fields(Visitor& v, T& step) {
  v.field("read", step.read,
          {.help = "How much it reads: a size or a law of sizes.", .required = true});
  v.field("cache_hit", step.cache_hit,
          {.help = "The probability that all of it is in the page cache: then it takes no time.",
           .real = {0, 1}});
  v.field("direct", step.direct,
          {.help = "Past the page cache (O_DIRECT), in IOs of up to 1 MiB; otherwise as much at a "
                   "time as the kernel reads ahead, 128 KiB."});
}
template <class Visitor, Same<WriteStep> T>
void fields(Visitor& v, T& step) {
  v.field("write", step.write,
          {.help = "How much it writes: a size or a law of sizes.", .required = true});
  v.field("direct", step.direct, {.help = "Past the page cache (O_DIRECT), waiting for the disk."});
  v.field("temporary", step.temporary,
          {.help = "Into a temporary file, which is gone when the request is over: what is not on "
                   "the disk by then never will be."});
}
template <class Visitor, Same<FsyncStep> T>
void fields(Visitor& v, T& step) {
  v.field("fsync", step.fsync,
          {.help = "How much it writes before: a size or a law of sizes; 0B: it only waits.",
           .required = true});
}
template <class Visitor, Same<LogStep> T>
void fields(Visitor& v, T& step) {
  v.field("log", step.log,
          {.help = "How much it appends: a size or a law of sizes.", .required = true});
  v.field("sync", step.sync,
          {.help = "Waits until that and the new size of the file would survive a power failure: "
                   "fsync() after each line."});
  v.field("queued", step.queued,
          {.help = "Hands it over to the log daemon of its computer and waits for nothing: as "
                   "long as the queue of that is full, lines are lost."});
}
template <class Visit>
void alternatives(Of<FileStep>, Visit&& visit) {
  visit(Of<ReadStep>(), "read");
  visit(Of<WriteStep>(), "write");
  visit(Of<FsyncStep>(), "fsync");
  visit(Of<LogStep>(), "log");
}
template <class Visitor, Same<FileStep> T>
void fields(Visitor& v, T& step) {
  v.keyed(step);
}
template <class Visitor, Same<FileLoad> T>
void fields(Visitor& v, T& load) {
  v.field("use", load.use, {.help = "What it does: a step that uses a file.", .required = true});
  v.field("rate", load.rate,
          {.help = "How often each thread does it; what is late follows as soon as it can.",
           .real = {0.01 / 86'400, 1e6},
           .absent = "again as soon as it is done"});
}
template <class Visitor, Same<LogDaemon> T>
void fields(Visitor& v, T& daemon) {
  v.field("queue", daemon.queue,
          {.help = "How many lines wait at most: of a QueueHandler its queue, of rsyslog "
                   "queue.size.",
           .required = true,
           .whole = {1, 1'000'000}});
  v.field("batch", daemon.batch,
          {.help = "How many lines it writes together, if so many wait.", .whole = {1, 1'000'000}});
  v.field("sync", daemon.sync,
          {.help = "It waits after each batch until that would survive a power failure."});
  v.field("group", daemon.group, {.help = "The group it is in.", .absent = "the root"});
}
template <class Visitor, Same<Disk> T>
void fields(Visitor& v, T& disk) {
  v.field("kind", disk.kind,
          {.help = "ssd: SATA; hdd: 7200 revolutions a minute; nvme; network: a volume on a "
                   "network; gp2, gp3: volumes of Amazon EBS.",
           .required = true,
           .choices = kDiskKinds});
  v.field("size", disk.size,
          {.help = "Of a gp2, whose IOs per second depend on it.",
           .whole = between(Bytes(std::int64_t{1} << 30), Bytes(std::int64_t{16} << 40)),
           .absent = "not of a gp2"});
  v.field("scheduler", disk.scheduler,
          {.help = "/sys/block/…/queue/scheduler. Weights of groups need bfq, or iocost.",
           .choices = kIoSchedulers,
           .absent = "mq-deadline for ssd and hdd, none for the others"});
  v.field("iocost", disk.iocost,
          {.help = "enable=1 of io.cost.qos, with the model that the kernel has for such a disk: "
                   "io_weight of groups holds. Needs the scheduler none."});
  v.field("queue_depth", disk.queue_depth,
          {.help = "How many IOs the device has at once.",
           .whole = {1, 65'535},
           .absent = "32 for ssd and hdd, 256 for nvme, 64 for the others"});
  v.field(
      "read_latency", disk.read_latency,
      {.help = "How long a small read takes that nobody disturbs.", .absent = "as its kind has"});
  v.field(
      "write_latency", disk.write_latency,
      {.help = "How long a small write takes that nobody disturbs.", .absent = "as its kind has"});
  v.field("flush", disk.flush,
          {.help = "How much longer it takes until what was written would survive a power failure.",
           .absent = "as its kind has"});
  v.field(
      "read_bandwidth", disk.read_bandwidth,
      {.help = "How fast the medium is read.", .whole = kLinkSpeed, .absent = "as its kind has"});
  v.field("write_bandwidth", disk.write_bandwidth,
          {.help = "How fast the medium is written.",
           .whole = kLinkSpeed,
           .absent = "as its kind has"});
  v.field("iops", disk.iops,
          {.help = "IOs per second that were paid for, of reads and writes together.",
           .whole = kIops,
           .absent = "3000 for gp3, by its size for gp2, no limit for the others"});
  v.field("bandwidth", disk.bandwidth,
          {.help = "The same in bytes.",
           .whole = kLinkSpeed,
           .absent = "125 MiB/s for gp3, by its size for gp2, no limit for the others"});
  v.field("instance_iops", disk.instance_iops,
          {.help = "IOs per second to all volumes that the size of the virtual machine allows.",
           .whole = kIops,
           .absent = "no limit"});
  v.field("instance_bandwidth", disk.instance_bandwidth,
          {.help = "The same in bytes.", .whole = kLinkSpeed, .absent = "no limit"});
  v.field("dirty_background", disk.dirty_background,
          {.help = "From how much on dirty pages are written in the background: 10 % of the memory "
                   "that can be dirty, vm.dirty_background_ratio.",
           .whole = between(Bytes(1 << 20), kLargestBody)});
  v.field(
      "dirty_limit", disk.dirty_limit,
      {.help = "How much may be dirty at all: 20 %, vm.dirty_ratio. Who writes sleeps from half "
               "way between the two on.",
       .whole = between(Bytes(1 << 20), kLargestBody)});
}
template <class Visitor, Same<IoControl> T>
void fields(Visitor& v, T& io) {
  const Field speed = {.help = "rbps of io.max: what its tasks may read from the disk per second.",
                       .whole = kLinkSpeed,
                       .absent = "no limit"};
  v.field("read_bps", io.read_bps, speed);
  v.field("write_bps", io.write_bps,
          {.help = "wbps of io.max, of what is written. Commits of the journal are nobody's.",
           .whole = kLinkSpeed,
           .absent = "no limit"});
  v.field("read_iops", io.read_iops,
          {.help = "riops of io.max: IOs per second.", .whole = kIops, .absent = "no limit"});
  v.field("write_iops", io.write_iops,
          {.help = "wiops of io.max.", .whole = kIops, .absent = "no limit"});
  v.field("total_bps", io.total_bps,
          {.help = "IO of CloudLinux's LVE: what its tasks may read and write per second together.",
           .whole = kLinkSpeed,
           .absent = "no limit"});
  v.field("total_iops", io.total_iops,
          {.help = "IOPS of CloudLinux's LVE: IOs of both kinds in each second of the clock.",
           .whole = kIops,
           .absent = "no limit"});
  v.field("io_weight", io.io_weight,
          {.help = "io.weight with iocost, io.bfq.weight with bfq (up to 1000): its share of the "
                   "disk against the other groups.",
           .whole = {1, 10'000},
           .absent = "100"});
}

}  // namespace cotenant
