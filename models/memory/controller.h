// SPDX-License-Identifier: Apache-2.0
//
// The memory controller: who occupies how much, what is reclaimed when there is no room for more,
// and who is killed when that does not suffice. A plain class: it says which processes the kernel
// kills, and those who run them let them die; it counts what is swapped out, and the disk writes
// it. Choice of the victim as in mm/oom_kill.c: the largest badness, its resident pages plus
// oom_score_adj thousandths of the limit; of equal ones the process that started last; and all
// that are in its group where that has memory.oom.group. Mechanism and evidence:
// docs/models/memory.md, docs/models/reclaim.md.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/memory/charges.h"
#include "models/memory/page.h"
#include "models/memory/process_memory.h"
#include "models/memory/spec.h"

namespace cotenant {

enum class ResidentPhase : std::uint8_t {
  absent,  // there is no process, or it has not begun to serve
  alive,
  condemned,             // killed by the kernel; its memory is free already
  condemned_with_group,  // the same, with all that was in its group
};

// The first kill of a run.
struct OomKill {
  Instant at;
  MachineId machine;
  GroupId limit;  // whose it was
  ServiceId victim;
};

// What a process has got, and what it feels of the lack of more.
struct Taken {
  bool survives = true;
  Bytes faulted;   // that had been swapped out, and is read again first
  Duration pause;  // because some group is above its memory.high
};

class MemoryController {
 public:
  explicit MemoryController(const MemorySpec& spec);

  bool in_use() const { return !charges_.empty(); }

  // A process begins to serve. It survives each of these unless it is killed for it itself; calls
  // killed(ResidentId) for everybody who is.
  template <class Killed>
  Taken begin(ResidentId id, Instant now, Killed killed) {
    Resident& resident = residents_[id];
    resident = {ResidentPhase::alive, starts_++, now, 0, {}, {}, {}, {}};
    return take(id, {Bytes(0), base_of(id), false}, now, killed);
  }
  // It takes more. One that has been killed takes nothing.
  template <class Killed>
  Taken take(ResidentId id, const MemoryDemand& demand, Instant now, Killed killed) {
    if (residents_[id].phase != ResidentPhase::alive) return {false, {}, {}};
    const Bytes faulted = demand.begins ? fault_of(id) : Bytes(0);
    while (const auto victim = victim_of(id, demand, faulted, now)) {
      kill(*victim, now, killed);
      if (!is_alive(id)) return {false, {}, {}};
    }
    return occupy(id, demand, faulted, now);
  }
  void give_back(ResidentId id, Bytes held, Instant now);

  // It accepts a connection, which may be too much; it closes one.
  template <class Killed>
  void open_connection(ResidentId id, Instant now, Killed killed) {
    if (!is_alive(id)) return;
    open_socket(id, now);
    take(id, {process_of(id).per_connection, Bytes(0), false}, now, killed);
  }
  void close_connection(ResidentId id, Instant now);

  // The process is no more, for whatever reason. True when the kernel had killed it.
  bool end(ResidentId id, Instant now);

  // What a main process occupies, or less than nothing when it ends; or what a neighbor does.
  void occupy_for_main(MachineId machine, GroupId group, Bytes bytes, Instant now);

  bool is_condemned(ResidentId id) const {
    return residents_[id].phase >= ResidentPhase::condemned;
  }
  bool is_condemned_with_group(ResidentId id) const {
    return residents_[id].phase == ResidentPhase::condemned_with_group;
  }
  bool is_alive(ResidentId id) const { return residents_[id].phase == ResidentPhase::alive; }
  // What it occupies, in memory or in swap; of that, in swap.
  Bytes charged(ResidentId id) const { return residents_[id].memory.charged(); }
  Bytes swapped(ResidentId id) const { return residents_[id].out(); }
  // What the kernel has for its connections, beside that.
  Bytes sockets(ResidentId id) const { return residents_[id].sockets; }
  // Its resident set.
  Bytes resident(ResidentId id) const {
    return residents_[id].memory.resident(process_of(id)) - swapped(id);
  }
  // Since the start of the run, of all processes.
  Bytes swapped_out(MachineId machine) const { return swapped_out_[machine]; }

  // --- Files of services, as far as it is known how large they are

  // When a run begins, as much of them is in memory as finds room.
  void fill_cache(Instant now);
  // Whether what is read is in the page cache, by luck in [0, 1).
  bool finds(ServiceId service, double luck) const;
  // It was not, and is read into it. It never kills: where there is no room, it is not kept.
  void keep(ServiceId service, Bytes bytes, Instant now);
  Bytes cached(ServiceId service) const { return cached_[service]; }

  // A task waits for memory, or does so no longer: as memory.pressure counts.
  void stall(MachineId machine, GroupId group, Instant now) {
    charges_[machine].count_stalled(group, 1, now);
  }
  void go_on(MachineId machine, GroupId group, Instant now) {
    charges_[machine].count_stalled(group, -1, now);
  }
  // Whether anybody ever does; only then it matters who may run meanwhile.
  bool may_stall() const { return may_stall_; }
  void count_runnable(MachineId machine, GroupId group, std::int64_t more, Instant now) {
    charges_[machine].count_runnable(group, more, now);
  }

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
    Bytes out_cold, out_hot;  // in swap: what requests do not use, and what they do
    Bytes sockets;            // the kernel's, of its connections

    Bytes out() const { return out_cold + out_hot; }
    Bytes in_memory() const { return memory.charged() - out(); }
  };
  struct Victim {
    ResidentId id;
    GroupId limit;
  };

  // Pages that may be reclaimed.
  struct Pool {
    ServiceId files;     // one of the two
    ResidentId process;  // whose pages go to swap
    Bytes amount;
    Bytes offered;  // of that, as far as its group is not protected
    std::int64_t priority;
  };
  // For whom, and how far, to reclaim.
  struct Reclaim {
    MachineId machine;
    GroupId root;      // in which group, and those in it
    ResidentId taker;  // none: a file is read, which no page in use gives way to
    Instant now;
    Protection spares = Protection::low;
    bool takes_hot = false;  // pages that requests use
  };

  // None: there is room, now that what could be reclaimed has been.
  std::optional<Victim> victim_of(ResidentId taker, const MemoryDemand& demand, Bytes faulted,
                                  Instant now);
  ResidentId worst_in(MachineId machine, GroupId limit, ResidentId taker) const;
  // Of what its requests use, what the next one finds swapped out.
  Bytes fault_of(ResidentId id) const;
  Bytes hot(const Resident& resident, const ProcessMemorySpec& spec) const;
  Bytes swappable(ResidentId id, bool is_hot) const;
  void make_room(MachineId machine, GroupId group, Bytes bytes, ResidentId taker, Instant now);
  Bytes reclaim(Reclaim how, Bytes need);
  Bytes reclaim_once(const Reclaim& how, Bytes need);
  void add_pool(const Reclaim& how, GroupId group, Pool pool);
  void find_pools(const Reclaim& how);
  Bytes take_from(const Reclaim& how, const Pool& pool, Bytes bytes);
  // Reclaims what is above memory.high; how long who takes so much sleeps all the same.
  Duration heed_high(ResidentId taker, Bytes bytes, Instant now);
  void give_up(ResidentId id, Bytes freed, Instant now);
  std::int64_t badness(ResidentId id, Bytes resident, Bytes limit) const;
  Bytes base_of(ResidentId id) const;
  const ProcessMemorySpec& process_of(ResidentId id) const;
  Taken occupy(ResidentId id, const MemoryDemand& demand, Bytes faulted, Instant now);
  // All in it die with the victim. None: it has no such group below the limit.
  GroupId oom_group_of(const Victim& victim) const;
  bool dies_with(ResidentId id, MachineId machine, GroupId group) const;
  void condemn(ResidentId id, GroupId limit, ResidentPhase how, Instant now);
  template <class Killed>
  void kill(const Victim& victim, Instant now, Killed killed) {
    const MachineId machine = spec_->residents[victim.id].machine;
    const GroupId group = oom_group_of(victim);
    const ResidentPhase how =
        group.is_none() ? ResidentPhase::condemned : ResidentPhase::condemned_with_group;
    condemn(victim.id, victim.limit, how, now);
    killed(victim.id);
    for (std::uint32_t r = 0; r < residents_.size() && !group.is_none(); ++r) {
      if (!dies_with(ResidentId(r), machine, group)) continue;
      condemn(ResidentId(r), victim.limit, how, now);
      killed(ResidentId(r));
    }
  }
  void let_go(ResidentId id, Instant now);
  void open_socket(ResidentId id, Instant now);
  void close_sockets(ResidentId id, Bytes bytes, Instant now);

  const MemorySpec* spec_;  // of the blueprint
  IdVector<MachineId, MemoryCharges> charges_;
  IdVector<ResidentId, Resident> residents_;
  std::uint64_t starts_ = 0;
  IdVector<ServiceId, std::uint64_t> kills_;
  IdVector<MachineId, IdVector<GroupId, std::uint64_t>> limits_;
  std::optional<OomKill> first_kill_;
  IdVector<ServiceId, Bytes> cached_;  // of its files
  IdVector<MachineId, Bytes> swapped_out_;
  std::vector<Pool> pools_;  // empty between calls
  bool may_stall_ = false;
};

}  // namespace cotenant
