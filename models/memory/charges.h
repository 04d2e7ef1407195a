// SPDX-License-Identifier: Apache-2.0
//
// The charges of the control groups of one machine: what is charged to a group is charged to all
// groups around it, too, and a charge that would lift any of them above its limit fails, the
// innermost first (mm/page_counter.c, page_counter_try_charge()). It kills nobody. Amounts are
// exact; the kernel charges whole pages, and each CPU up to 64 of them ahead.
#pragma once

#include "models/memory/spec.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

// As memory.current and memory.peak.
struct MemoryUsage {
  Bytes current;
  Bytes peak;      // since the start of the run
  Int128 sum = 0;  // bytes times nanoseconds, until `since`
  Instant since;

  Int128 sum_until(Instant now) const {
    return sum + Int128{current.count()} * (now - since).count();
  }
};

class MemoryCharges {
 public:
  explicit MemoryCharges(const IdVector<GroupId, MemoryGroupSpec>& groups)
      : groups_(&groups), usage_(groups.size()) {}

  // The first group on the way to the root that has no room for so much more; none: all have.
  GroupId full_group(GroupId group, Bytes more) const;

  // What still fits into that group itself.
  Bytes room_in(GroupId group) const { return limit_of(group) - usage_[group].current; }
  Bytes limit_of(GroupId group) const { return (*groups_)[group].max; }
  bool contains(GroupId outer, GroupId inner) const;

  // Whether it fits or not.
  void charge(GroupId group, Bytes bytes, Instant now);
  void uncharge(GroupId group, Bytes bytes, Instant now) { charge(group, Bytes(0) - bytes, now); }

  const MemoryUsage& usage(GroupId group) const { return usage_[group]; }

  void hash_into(Hasher& hasher) const;

 private:
  const IdVector<GroupId, MemoryGroupSpec>* groups_;  // of the blueprint
  IdVector<GroupId, MemoryUsage> usage_;
};

}  // namespace cotenant
