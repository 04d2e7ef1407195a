// SPDX-License-Identifier: Apache-2.0
//
// The charges of the control groups of one machine: what is charged to a group is charged to all
// groups around it, too, and a charge that would lift any of them above its limit fails, the
// innermost first (mm/page_counter.c, page_counter_try_charge()). It kills nobody. Amounts are
// exact; the kernel charges whole pages, and each CPU up to 64 of them ahead.
#pragma once

#include <cstdint>
#include <optional>

#include "models/memory/spec.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

// An amount of bytes, and its integral over time.
struct TimedBytes {
  Bytes current;
  Int128 sum = 0;  // bytes times nanoseconds, until `since`
  Instant since;

  Int128 sum_until(Instant now) const {
    return sum + Int128{current.count()} * (now - since).count();
  }
  void add(Bytes more, Instant now) {
    sum = sum_until(now);
    since = now;
    current += more;
  }
};

// Pressure stall information of a group (kernel/sched/psi.c): for how long some task of it was
// stalled, and for how long nobody did anything useful meanwhile. The kernel keeps the books for
// each CPU, and weighs them; here they are those of the group.
class StallClock {
 public:
  void count_stalled(std::int64_t more, Instant now) {
    settle(now);
    stalled_ += more;
  }
  // Tasks that run, or could.
  void count_runnable(std::int64_t more, Instant now) {
    settle(now);
    runnable_ += more;
  }
  Duration some_until(Instant now) const { return stalled_ > 0 ? some_ + (now - since_) : some_; }
  Duration full_until(Instant now) const { return is_full() ? full_ + (now - since_) : full_; }

 private:
  bool is_full() const { return stalled_ > 0 && runnable_ == 0; }
  void settle(Instant now) {
    some_ = some_until(now);
    full_ = full_until(now);
    since_ = now;
  }

  std::int64_t stalled_ = 0, runnable_ = 0;
  Instant since_;
  Duration some_, full_;
};

// As memory.current, memory.peak, memory.swap.current and memory.pressure.
struct MemoryUsage : TimedBytes {
  Bytes peak;            // since the start of the run
  TimedBytes cache;      // of the current, pages of files
  TimedBytes swapped;    // beside the current
  StallClock stalls;     // of tasks that wait for memory
  Duration above_limit;  // so far; it is now since then
  std::optional<Instant> above_since;

  Duration above_until(Instant now) const {
    return above_since ? above_limit + (now - *above_since) : above_limit;
  }
};

// What reclaim leaves to a group.
enum class Protection : std::uint8_t { min, low };

class MemoryCharges {
 public:
  explicit MemoryCharges(const IdVector<GroupId, MemoryGroupSpec>& groups)
      : groups_(&groups), usage_(groups.size()) {}

  // The first group on the way to the root that has no room for so much more; none: all have.
  GroupId full_group(GroupId group, Bytes more) const;

  // What still fits into that group itself.
  Bytes room_in(GroupId group) const { return limit_of(group) - usage_[group].current; }
  // What fits into it and into all groups around it.
  Bytes room_around(GroupId group) const;
  Bytes limit_of(GroupId group) const { return (*groups_)[group].max; }
  bool contains(GroupId outer, GroupId inner) const;

  // Whether it fits or not.
  void charge(GroupId group, Bytes bytes, Instant now);
  void uncharge(GroupId group, Bytes bytes, Instant now) { charge(group, Bytes(0) - bytes, now); }
  // The same of pages of files, which are charged as all others besides.
  void charge_cache(GroupId group, Bytes bytes, Instant now);
  void charge_swap(GroupId group, Bytes bytes, Instant now);

  // What may still be swapped out of that group.
  Bytes swap_room_in(GroupId group) const;
  // All that it may ever have in swap.
  Bytes swap_limit_of(GroupId group) const;

  // One task more, or less, of the group waits for memory; may run.
  void count_stalled(GroupId group, std::int64_t more, Instant now);
  void count_runnable(GroupId group, std::int64_t more, Instant now);

  // How far above its memory.high the worst group is on the way to the root, in 2^-20 of that.
  std::int64_t overage(GroupId group) const;

  // What reclaim for the sake of `root` leaves to a group in it: effective_protection().
  Bytes protected_in(GroupId group, GroupId root, Protection what) const;

  const MemoryUsage& usage(GroupId group) const { return usage_[group]; }

  void hash_into(Hasher& hasher) const;

 private:
  Bytes own_protection(GroupId group, Protection what) const;
  // Of all groups directly in this one.
  Bytes protection_claimed_in(GroupId group, Protection what) const;

  const IdVector<GroupId, MemoryGroupSpec>* groups_;  // of the blueprint
  IdVector<GroupId, MemoryUsage> usage_;
};

}  // namespace cotenant
