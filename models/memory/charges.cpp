// SPDX-License-Identifier: Apache-2.0
#include "models/memory/charges.h"

#include <algorithm>

namespace cotenant {

GroupId MemoryCharges::full_group(GroupId group, Bytes more) const {
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    if (more > room_in(group)) return group;
  }
  return GroupId::none();
}

bool MemoryCharges::contains(GroupId outer, GroupId inner) const {
  while (!inner.is_none() && inner != outer) inner = (*groups_)[inner].parent;
  return inner == outer;
}

void MemoryCharges::charge(GroupId group, Bytes bytes, Instant now) {
  for (; !group.is_none(); group = (*groups_)[group].parent) {
    MemoryUsage& usage = usage_[group];
    usage.sum = usage.sum_until(now);
    usage.since = now;
    usage.current += bytes;
    usage.peak = std::max(usage.peak, usage.current);
  }
}

void MemoryCharges::hash_into(Hasher& hasher) const {
  for (const MemoryUsage& usage : usage_) hasher.add_signed(usage.current.count());
}

}  // namespace cotenant
