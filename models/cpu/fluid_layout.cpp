// SPDX-License-Identifier: Apache-2.0
//
// The tables of the fluid scheduler: groups with their children, pools, and buckets with their
// members, all laid out group by group. Done once per run.
#include <algorithm>
#include <utility>

#include "models/cpu/fluid.h"
#include "sim/base/assert.h"

namespace cotenant {

namespace {

// cpu.weight goes to 10000 and the load weight of nice -20 is 88761 (kernel/sched/core.c,
// sched_prio_to_weight). The bound keeps the products of the water filling within 128 bits.
constexpr std::int64_t kMaxWeight = (std::int64_t{1} << 32) - 1;

std::uint64_t checked_weight(std::int64_t weight) {
  COTENANT_ASSERT(weight > 0 && weight <= kMaxWeight);
  return static_cast<std::uint64_t>(weight);
}

}  // namespace

FluidScheduler::FluidScheduler(const CpuTopology& topology, std::span<const Duration> quota_phases)
    : seats_(topology.tasks.size()),
      bursts_(topology.tasks.size()),
      supply_(topology.cores),
      finished_(topology.tasks.size()) {
  make_groups(topology, quota_phases);
  make_buckets(topology);
  make_children();
  std::size_t most_claims = 0;
  for (const Group& group : groups_) {
    most_claims = std::max(most_claims, std::size_t{group.bucket_count} + group.child_count);
  }
  claims_.resize(most_claims);
}

void FluidScheduler::make_groups(const CpuTopology& topology,
                                 std::span<const Duration> quota_phases) {
  COTENANT_ASSERT(!topology.groups.empty() && quota_phases.size() == topology.groups.size());
  for (std::uint32_t i = 0; i < topology.groups.size(); ++i) {
    const CpuGroup& given = topology.groups[GroupId(i)];
    Group group;
    group.parent = given.parent;
    COTENANT_ASSERT(i == 0 ? given.parent.is_none() : given.parent.index() < i);
    if (i > 0) group.weight = checked_weight(given.weight);
    if (given.bandwidth) {
      group.pool = static_cast<std::uint32_t>(pools_.size());
      pools_.emplace_back(*given.bandwidth, quota_phases[i]);
    }
    groups_.push_back(group);
  }
}

void FluidScheduler::make_buckets(const CpuTopology& topology) {
  members_.resize(topology.tasks.size());
  for (std::uint32_t i = 0; i < topology.tasks.size(); ++i) members_[i] = TaskId(i);
  const auto place = [&](TaskId task) {
    return std::pair(topology.tasks[task].group, topology.tasks[task].weight);
  };
  std::sort(members_.begin(), members_.end(),
            [&](TaskId a, TaskId b) { return std::pair(place(a), a) < std::pair(place(b), b); });
  for (std::uint32_t first = 0; first < members_.size();) {
    std::uint32_t end = first;
    while (end < members_.size() && place(members_[end]) == place(members_[first])) {
      seats_[members_[end]] = {static_cast<std::uint32_t>(buckets_.size()), end - first};
      ++end;
    }
    const auto [group, weight] = place(members_[first]);
    COTENANT_ASSERT(group.index() < groups_.size());
    Group& owner = groups_[group.index()];
    if (owner.bucket_count++ == 0) owner.first_bucket = static_cast<std::uint32_t>(buckets_.size());
    buckets_.emplace_back(group, checked_weight(weight), end - first);
    first_member_.push_back(first);
    first = end;
  }
}

void FluidScheduler::make_children() {
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    groups_[i].first_child = static_cast<std::uint32_t>(children_.size());
    for (std::uint32_t j = i + 1; j < groups_.size(); ++j) {
      if (groups_[j].parent == GroupId(i)) children_.push_back(GroupId(j));
    }
    groups_[i].child_count = static_cast<std::uint32_t>(children_.size()) - groups_[i].first_child;
  }
}

}  // namespace cotenant
