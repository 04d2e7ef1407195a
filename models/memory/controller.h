// SPDX-License-Identifier: Apache-2.0
//
// The memory controller: who occupies how much, and who is killed when there is no room for more.
// A plain class: it says which processes the kernel kills, and those who run them let them die.
// Choice of the victim as in mm/oom_kill.c: the largest badness, its resident pages plus
// oom_score_adj thousandths of the limit; of equal ones the process that started last. Mechanism
// and evidence: docs/models/memory.md.
#pragma once

#include <cstdint>
#include <optional>

#include "models/memory/charges.h"
#include "models/memory/process_memory.h"
#include "models/memory/spec.h"

namespace cotenant {

// The kernel's page.
inline constexpr std::int64_t kPage = 4096;

enum class ResidentPhase : std::uint8_t {
  absent,  // there is no process, or it has not begun to serve
  alive,
  condemned,  // killed by the kernel; its memory is free already
};

// The first kill of a run.
struct OomKill {
  Instant at;
  MachineId machine;
  GroupId limit;  // whose it was
  ServiceId victim;
};

class MemoryController {
 public:
  explicit MemoryController(const MemorySpec& spec);

  bool in_use() const { return !residents_.empty(); }

  // A process begins to serve. Each of these is true unless the process itself is killed for it;
  // calls killed(ResidentId) for everybody who is.
  template <class Killed>
  bool begin(ResidentId id, Instant now, Killed killed) {
    Resident& resident = residents_[id];
    resident = {ResidentPhase::alive, starts_++, now, 0, {}};
    return take(id, {Bytes(0), base_of(id), false}, now, killed);
  }
  // It takes more. One that has been killed takes nothing.
  template <class Killed>
  bool take(ResidentId id, const MemoryDemand& demand, Instant now, Killed killed) {
    if (residents_[id].phase != ResidentPhase::alive) return false;
    while (const auto victim = victim_of(id, demand)) {
      kill(*victim, now);
      killed(victim->id);
      if (victim->id == id) return false;
    }
    occupy(id, demand, now);
    return true;
  }
  void give_back(ResidentId id, Bytes held, Instant now);
  // The process is no more, for whatever reason. True when the kernel had killed it.
  bool end(ResidentId id, Instant now);

  // What is charged once, for the whole run.
  void occupy_for_good(MachineId machine, GroupId group, Bytes bytes);

  bool is_condemned(ResidentId id) const {
    return residents_[id].phase == ResidentPhase::condemned;
  }
  bool is_alive(ResidentId id) const { return residents_[id].phase == ResidentPhase::alive; }
  Bytes charged(ResidentId id) const { return residents_[id].memory.charged(); }
  Bytes resident(ResidentId id) const { return residents_[id].memory.resident(process_of(id)); }

  // When the process began to serve, and how often it has leaked since, as time passes.
  struct Leak {
    Instant began;
    std::uint64_t pieces;
  };
  Leak leak(ResidentId id) const { return {residents_[id].began, residents_[id].leaks}; }
  void count_leak(ResidentId id) { ++residents_[id].leaks; }

  const MemoryUsage& usage(MachineId machine, GroupId group) const {
    return charges_[machine].usage(group);
  }
  // Processes of the service that the kernel has killed; because of which limit.
  std::uint64_t kills(ServiceId service) const { return kills_[service]; }
  std::uint64_t kills(MachineId machine, GroupId limit) const { return limits_[machine][limit]; }
  const std::optional<OomKill>& first_kill() const { return first_kill_; }

  void hash_into(Hasher& hasher) const;

 private:
  struct Resident {
    ResidentPhase phase = ResidentPhase::absent;
    std::uint64_t start = 0;  // in the order in which processes have begun
    Instant began;
    std::uint64_t leaks = 0;
    ProcessMemory memory;
  };
  struct Victim {
    ResidentId id;
    GroupId limit;
  };

  // None: there is room.
  std::optional<Victim> victim_of(ResidentId taker, const MemoryDemand& demand) const;
  std::int64_t badness(ResidentId id, Bytes resident, Bytes limit) const;
  Bytes base_of(ResidentId id) const;
  const ProcessMemorySpec& process_of(ResidentId id) const;
  void occupy(ResidentId id, const MemoryDemand& demand, Instant now);
  void kill(const Victim& victim, Instant now);
  void let_go(ResidentId id, Instant now);

  const MemorySpec* spec_;  // of the blueprint
  IdVector<MachineId, MemoryCharges> charges_;
  IdVector<ResidentId, Resident> residents_;
  std::uint64_t starts_ = 0;
  IdVector<ServiceId, std::uint64_t> kills_;
  IdVector<MachineId, IdVector<GroupId, std::uint64_t>> limits_;
  std::optional<OomKill> first_kill_;
};

}  // namespace cotenant
