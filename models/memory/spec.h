// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of memory: the limits of control groups, what the processes of a service
// occupy, which processes there are, and how large the files are that services read. Mechanism,
// sources and evidence: docs/models/memory.md and docs/models/reclaim.md.
#pragma once

#include <cstdint>
#include <vector>

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
  Bytes min{}, low{};      // that reclaim leaves it: always, and as long as others have some
  Bytes high = kNoLimit;   // from where on who takes more sleeps
  Bytes swap_max{};        // of the root: all the swap of the machine
  bool oom_group = false;  // whoever in it is chosen, all in it are killed
};

// vm.swappiness as it is by default: the chance of processes' pages in 200 against those of files.
inline constexpr std::int64_t kDefaultSwappiness = 60;

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
  Bytes working_set{};        // of a process, which its requests use; the rest is swapped out first
  Bytes touched{};            // of that, by each request
  Bytes per_connection{};     // of a process, for each that it has accepted and not closed
  Bytes per_socket{};         // the same of the kernel, charged to the group of the process

  bool counts_connections() const { return per_connection + per_socket > Bytes(0); }
};
inline constexpr std::int64_t kWhole = 1'000'000;

// The same of one step of a request.
struct MemoryDemand {
  Bytes held;           // until the request leaves the process
  Bytes leaked;         // for as long as the process lives
  bool begins = false;  // the first step of a request
};

// OOM_SCORE_ADJ_MIN: the kernel never kills such a process. Here nor those of nginx:
// docs/models/memory.md.
inline constexpr std::int64_t kImmune = -1000;

struct ResidentSpec {
  MachineId machine;
  GroupId group;
  ServiceId service;
  WorkerId worker;  // one of the two
  ProcessId process;
  std::int64_t oom_score_adj = 0;  // kImmune..1000
};

// The files of a service, as far as it reads them through the page cache.
struct FileSetSpec {
  MachineId machine;
  GroupId group;  // that its pages are charged to
  Bytes size;
  bool in_order = false;  // they are read from end to end, over and over; otherwise at random
  bool is_cold = false;   // when the run begins, nothing of them is in memory
};

// What somebody of whom nothing else is known occupies for the whole run: a neighbor.
struct HoldingSpec {
  MachineId machine;
  GroupId group;
  Bytes bytes;
};

struct MemorySpec {
  IdVector<MachineId, IdVector<GroupId, MemoryGroupSpec>> groups;
  IdVector<MachineId, std::int64_t> swappiness;  // as far as it is said
  IdVector<ResidentId, ResidentSpec> residents;
  IdVector<ServiceId, ProcessMemorySpec> services;  // as a service's processes; else all zero
  IdVector<ServiceId, FileSetSpec> files;           // empty where nobody says how large they are
  std::vector<HoldingSpec> holdings;

  bool in_use() const { return !residents.empty() || !files.empty() || !holdings.empty(); }
  // What is known of the files of that service; null: nothing.
  const FileSetSpec* files_of(ServiceId service) const {
    const bool is_known = service.index() < files.size() && !files[service].size.is_zero();
    return is_known ? &files[service] : nullptr;
  }
};

}  // namespace cotenant
