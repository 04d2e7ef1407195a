// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of memory: the limits of control groups, what the processes of a service
// occupy, and which processes there are. Pages of files, swap and memory.high are not here.
// Mechanism, sources and evidence: docs/models/memory.md.
#pragma once

#include <cstdint>

#include "models/cpu/scheduler.h"
#include "models/ids.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

// A place for a process whose memory counts, numbered across services.
using ResidentId = Id<struct ResidentTag>;

inline constexpr Bytes kNoLimit = Bytes::max();

// A group of a machine, numbered as for the CPU. The root's limit is what the machine has.
struct MemoryGroupSpec {
  GroupId parent;  // none for the root only
  Bytes max = kNoLimit;
};

// What processes of a service occupy.
struct ProcessMemorySpec {
  Bytes base;                 // of each, its own, as soon as it serves
  Bytes main;                 // of the main process, once, and for the whole run
  Bytes copied;               // of that, what each process makes its own
  std::uint32_t copied_over;  // in its first requests, evenly
  Bytes cache_per_request;    // that it never lets go of
  Bytes cache_max = kNoLimit;
  Bytes leak_per_hour;
  std::int64_t retained = 0;  // of the most that its requests have held at once, in millionths
};
inline constexpr std::int64_t kWhole = 1'000'000;

// The same of one step of a request.
struct MemoryDemand {
  Bytes held;           // until the request leaves the process
  Bytes leaked;         // for as long as the process lives
  bool begins = false;  // the first step of a request
};

struct ResidentSpec {
  MachineId machine;
  GroupId group;
  ServiceId service;
  WorkerId worker;  // one of the two
  ProcessId process;
  std::int64_t oom_score_adj = 0;  // -999..1000
};

struct MemorySpec {
  IdVector<MachineId, IdVector<GroupId, MemoryGroupSpec>> groups;
  IdVector<ResidentId, ResidentSpec> residents;
  IdVector<ServiceId, ProcessMemorySpec> services;  // as a service's processes; else all zero

  bool in_use() const { return !residents.empty(); }
};

}  // namespace cotenant
