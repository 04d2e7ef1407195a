// SPDX-License-Identifier: Apache-2.0
#include "models/memory/charges.h"

#include <algorithm>

namespace cotenant {
namespace {

void note_limit(MemoryUsage& usage, Bytes limit, Instant now) {
  if ((usage.current > limit) == usage.above_since.has_value()) return;
  usage.above_limit = usage.above_until(now);
  usage.above_since = usage.above_since ? std::nullopt : std::optional(now);
}

}  // namespace

GroupId MemoryCharges::full_group(GroupId group, Bytes more) const {
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    if (more > room_in(group)) return group;
  }
  return GroupId::none();
}

Bytes MemoryCharges::room_around(GroupId group) const {
  Bytes room = kNoLimit;
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    room = std::min(room, room_in(group));
  }
  return std::max(room, Bytes(0));
}

bool MemoryCharges::contains(GroupId outer, GroupId inner) const {
  while (!inner.is_none() && inner != outer) inner = (*groups_)[inner].parent;
  return inner == outer;
}

void MemoryCharges::charge(GroupId group, Bytes bytes, Instant now) {
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    MemoryUsage& usage = usage_[group];
    usage.add(bytes, now);
    usage.peak = std::max(usage.peak, usage.current);
    note_limit(usage, limit_of(group), now);
  }
}

void MemoryCharges::charge_cache(GroupId group, Bytes bytes, Instant now) {
  charge(group, bytes, now);
  for (; !group.is_none(); group = (*groups_)[group].parent) usage_[group].cache.add(bytes, now);
}

void MemoryCharges::charge_swap(GroupId group, Bytes bytes, Instant now) {
  for (; !group.is_none(); group = (*groups_)[group].parent) usage_[group].swapped.add(bytes, now);
}

Bytes MemoryCharges::swap_room_in(GroupId group) const {
  Bytes room = kNoLimit;
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    room = std::min(room, (*groups_)[group].swap_max - usage_[group].swapped.current);
  }
  return std::max(room, Bytes(0));
}

Bytes MemoryCharges::swap_limit_of(GroupId group) const {
  Bytes most = kNoLimit;
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    most = std::min(most, (*groups_)[group].swap_max);
  }
  return most;
}

void MemoryCharges::count_stalled(GroupId group, std::int64_t more, Instant now) {
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    usage_[group].stalls.count_stalled(more, now);
  }
}

void MemoryCharges::count_runnable(GroupId group, std::int64_t more, Instant now) {
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    usage_[group].stalls.count_runnable(more, now);
  }
}

// mem_find_max_overage(), mm/memcontrol.c.
std::int64_t MemoryCharges::overage(GroupId group) const {
  constexpr std::int64_t kUnit = std::int64_t{1} << 20;  // MEMCG_DELAY_PRECISION_SHIFT
  std::int64_t most = 0;
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    const Bytes high = (*groups_)[group].high;
    const Bytes above = usage_[group].current - high;
    if (above > Bytes(0)) most = std::max(most, scaled(above.count(), kUnit, high.count()));
  }
  return most;
}

Bytes MemoryCharges::own_protection(GroupId group, Protection what) const {
  const MemoryGroupSpec& spec = (*groups_)[group];
  return std::min(usage_[group].current, what == Protection::min ? spec.min : spec.low);
}

Bytes MemoryCharges::protection_claimed_in(GroupId group, Protection what) const {
  Bytes sum;
  for (std::uint32_t g = 0; g < groups_->size(); ++g) {
    if ((*groups_)[GroupId(g)].parent == group) sum += own_protection(GroupId(g), what);
  }
  return sum;
}

// What a group around it has is divided among those in it who claim some by what they claim, and
// what nobody claims by what they use beyond that (memory_recursiveprot, as systemd mounts it).
Bytes MemoryCharges::protected_in(GroupId group, GroupId root, Protection what) const {
  if (group == root) return Bytes(0);
  const Bytes own = own_protection(group, what);
  const GroupId parent = (*groups_)[group].parent;
  if (parent == root) return own;
  const Bytes given = protected_in(parent, root, what);
  const Bytes claimed = protection_claimed_in(parent, what);
  if (claimed > given) return Bytes(scaled(own.count(), given.count(), claimed.count()));
  const Bytes unclaimed = usage_[parent].current - claimed;
  if (given == claimed || unclaimed.is_zero()) return own;
  const Bytes beyond = usage_[group].current - own;
  return own + Bytes(scaled((given - claimed).count(), beyond.count(), unclaimed.count()));
}

void MemoryCharges::hash_into(Hasher& hasher) const {
  for (const MemoryUsage& usage : usage_) {
    hasher.add_signed(usage.current.count());
    for (const Bytes bytes : {usage.cache.current, usage.swapped.current}) {
      if (!bytes.is_zero()) hasher.add_signed(bytes.count());
    }
  }
}

}  // namespace cotenant
