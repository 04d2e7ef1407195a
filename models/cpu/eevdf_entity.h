// SPDX-License-Identifier: Apache-2.0
//
// What competes on a run queue: a task, or all of a group's tasks on one CPU. The fields are those
// of the kernel's struct sched_entity (include/linux/sched.h) that decide anything. Virtual time
// passes at 1024/weight of real time; it wraps around and is compared by signed difference.
#pragma once

#include <cstdint>

#include "sim/base/id.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

using EntityId = Id<struct EntityTag>;
using QueueId = Id<struct QueueTag>;

class VirtualTime {
 public:
  constexpr VirtualTime() = default;

  friend constexpr VirtualTime operator+(VirtualTime at, std::int64_t by) {
    return VirtualTime(at.ns_ + static_cast<std::uint64_t>(by));
  }
  friend constexpr std::int64_t operator-(VirtualTime a, VirtualTime b) {
    return static_cast<std::int64_t>(a.ns_ - b.ns_);
  }
  friend constexpr bool operator==(VirtualTime, VirtualTime) = default;
  constexpr std::uint64_t bits() const { return ns_; }

 private:
  constexpr explicit VirtualTime(std::uint64_t ns) : ns_(ns) {}
  std::uint64_t ns_ = 0;
};

// Weights carry 10 more bits than load weights, because the share of a group on one of many CPUs
// may be small: SCHED_FIXEDPOINT_SHIFT and scale_load() in kernel/sched/sched.h.
using Weight = std::uint64_t;
inline constexpr int kWeightBits = 10;
inline constexpr int kUnitWeightBits = 20;
inline constexpr Weight kUnitWeight = Weight{1} << kUnitWeightBits;  // nice 0, shares 1024

constexpr Weight scaled_weight(std::int64_t load_weight) {
  return static_cast<Weight>(load_weight) << kWeightBits;
}

// calc_delta_fair(): how far `time` of running takes an entity.
constexpr std::int64_t virtual_of(std::int64_t time, Weight weight) {
  if (weight == kUnitWeight) return time;
  if (time >> 43 == 0) {
    return static_cast<std::int64_t>((static_cast<std::uint64_t>(time) << kUnitWeightBits) /
                                     weight);
  }
  return static_cast<std::int64_t>(
      (static_cast<Uint128>(static_cast<std::uint64_t>(time)) << kUnitWeightBits) / weight);
}

// The least time that takes it that far.
constexpr std::int64_t real_of(std::int64_t virtual_time, Weight weight) {
  if (weight == kUnitWeight) return virtual_time;
  const Uint128 scaled = static_cast<Uint128>(static_cast<std::uint64_t>(virtual_time)) * weight;
  return static_cast<std::int64_t>((scaled + kUnitWeight - 1) >> kUnitWeightBits);
}

// Two cache lines, so that finding one by its number is a shift.
struct alignas(128) Entity {
  VirtualTime vruntime;
  VirtualTime deadline;
  VirtualTime protected_until;         // vprot: runs on undisturbed until then
  std::int64_t lag = 0;                // vlag, virtual ns, as of when it left the queue
  std::int64_t relative_deadline = 0;  // what it had left of its deadline when it was moved
  std::int64_t slice = 0;              // ns of running per deadline
  std::int64_t charged = 0;            // its running is charged up to here, clock of its core
  Weight weight = kUnitWeight;

  // Its place among those that wait (eevdf_timeline.h).
  VirtualTime least_vruntime;  // of the subtree
  std::uint64_t order = 0;     // of insertion, among equal deadlines
  EntityId left;
  EntityId right;

  QueueId queue;         // where it competes
  QueueId members;       // the queue of the group that it stands for; none: it is a task
  bool queued = false;   // on_rq; also while it is the one that runs
  bool delayed = false;  // asleep, but still queued until its lag is gone
  bool has_relative_deadline = false;  // keep the deadline when placed next
  bool own_slice = false;              // not the base slice
  bool idle = false;                   // SCHED_IDLE, cpu.idle
  bool noticed_at_ticks_only = false;  // of a task: that its turn or its quota is over
};

using Entities = IdVector<EntityId, Entity>;

}  // namespace cotenant
