// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of a disk: what the device does with one IO and with many, who decides which is
// next, and what groups may do. Mechanisms, sources and evidence: docs/models/disk.md.
#pragma once

#include <cstdint>
#include <optional>

#include "models/disk/credit_bucket.h"
#include "models/disk/dirty_pages.h"
#include "models/disk/io.h"
#include "models/disk/throttle_window.h"
#include "sim/base/id.h"
#include "sim/random/sampler.h"

namespace cotenant {

// What the medium can do for reads, or for writes. Per second; zero: no limit.
struct MediumSpec {
  Sampler latency;         // of one IO that nobody disturbs, without the time for its bytes
  std::int64_t bytes = 0;  // that pass
  std::int64_t ios = 0;    // at most, however many are under way
};

struct DeviceSpec {
  std::uint32_t depth = 1;  // IOs that it has at once
  PerKind<MediumSpec> medium;
  Sampler flush;            // what a write takes longer that must survive a power failure
  bool rotational = false;  // where the head is matters
  IoCap volume, instance;   // of a cloud: the lesser one decides
};

// Which IO the device gets next.
enum class IoSchedulerKind : std::uint8_t { none, mq_deadline, bfq, kyber };

// What iocost believes the device can do, per second, and how often it looks whether that holds.
struct CostModel {
  struct Coefficients {
    std::int64_t bytes = 0;
    std::int64_t sequential = 0;  // IOs of 4 KiB
    std::int64_t random = 0;
  };
  PerKind<Coefficients> costs;
  Duration period;
};

// A thread that writes the lines that others hand over to it.
struct LogDaemonSpec {
  TaskId task;
  std::uint32_t room = 0;   // lines that wait at most
  std::uint32_t batch = 1;  // lines that it writes together
  bool sync = false;        // it waits until they are on the disk
};

struct IoGroup {
  GroupId parent;  // none for the root only
  std::int64_t weight = 100;
  PerKind<IoLimit> limit;
  IoLimit total{};  // of reads and writes together
};

struct DiskSpec {
  DeviceSpec device;
  IoSchedulerKind scheduler = IoSchedulerKind::none;
  std::optional<CostModel> cost;  // io.weight of groups holds; none: it does not
  DirtySpec dirty;
  Duration tick = milliseconds(4);
  IdVector<GroupId, IoGroup> groups;
};

}  // namespace cotenant
