// SPDX-License-Identifier: Apache-2.0
//
// What a scenario says about disks: the steps of requests that use files, the disk of a computer,
// and what a group may do with it. A part of scenarios/scenario.h, which says what holds for all of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/duration_law.h"
#include "scenarios/size_law.h"
#include "sim/base/units.h"

namespace cotenant {

// Of a link to a client, or of a disk.
struct LinkSpeed {
  std::int64_t bytes_per_second = 0;
  friend bool operator==(const LinkSpeed&, const LinkSpeed&) = default;
};

struct ReadStep {
  SizeLaw read;
  double cache_hit = 0;
  bool direct = false;  // past the page cache
  friend bool operator==(const ReadStep&, const ReadStep&) = default;
};
struct WriteStep {
  SizeLaw write;
  bool direct = false;
  bool temporary = false;  // deleted when the request is over
  friend bool operator==(const WriteStep&, const WriteStep&) = default;
};
struct FsyncStep {
  SizeLaw fsync;  // written before
  friend bool operator==(const FsyncStep&, const FsyncStep&) = default;
};  // of a file that is there already
struct LogStep {
  SizeLaw log;
  bool sync = false;    // waits until it is on the disk
  bool queued = false;  // leaves it to the log daemon
  friend bool operator==(const LogStep&, const LogStep&) = default;
};  // at the end of a file

// Who writes the lines that others hand over to it.
struct LogDaemon {
  std::int64_t queue = 0;  // lines
  std::int64_t batch = 1;
  bool sync = false;
  std::string group;  // empty: the root
  friend bool operator==(const LogDaemon&, const LogDaemon&) = default;
};

// One of a kind, with some numbers said otherwise.
struct Disk {
  std::string kind;           // ssd, hdd, nvme, network, gp2 or gp3
  std::optional<Bytes> size;  // of a gp2
  std::string
      scheduler;  // none, mq-deadline, bfq or kyber; empty: as the kernel chooses for the kind
  bool iocost = false;
  std::optional<std::int64_t> queue_depth;
  std::optional<DurationLaw> read_latency, write_latency, flush;
  std::optional<LinkSpeed> read_bandwidth, write_bandwidth;  // of the medium
  std::optional<std::int64_t> iops;                          // of the volume
  std::optional<LinkSpeed> bandwidth;
  std::optional<std::int64_t> instance_iops;
  std::optional<LinkSpeed> instance_bandwidth;
  Bytes dirty_background{100 << 20};
  Bytes dirty_limit{200 << 20};
  friend bool operator==(const Disk&, const Disk&) = default;
};

// io.max and io.weight or io.bfq.weight of a group; nullopt: no limit.
struct IoControl {
  std::optional<LinkSpeed> read_bps, write_bps;
  std::optional<std::int64_t> read_iops, write_iops;
  std::optional<LinkSpeed> total_bps;  // of LVE: reads and writes together
  std::optional<std::int64_t> total_iops;
  std::optional<std::int64_t> io_weight;  // nullopt: 100

  bool has_limits() const {
    return read_bps || write_bps || read_iops || write_iops || total_bps || total_iops;
  }
  friend bool operator==(const IoControl&, const IoControl&) = default;
};

}  // namespace cotenant
