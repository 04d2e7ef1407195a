// SPDX-License-Identifier: Apache-2.0
//
// Who gets how much of the cores right now: quotas first (which groups are held back), then water
// filling from the root down, then the next instant at which any of this changes by itself.
#include <algorithm>

#include "models/cpu/fluid.h"

namespace cotenant {

void FluidScheduler::rebalance() {
  next_stale_ = true;
  if (pools_.empty()) {
    if (busy_buckets_ <= 1) return share_with_one_bucket();
    if (nobody_waits()) return run_all_buckets();
  }
  apply_quotas();
  share_capacity();
}

// A short cut for most hosts, most of the time: whatever the tree looks like, tasks that are alike
// and have no competitors get equal parts of everything.
void FluidScheduler::share_with_one_bucket() {
  for (TaskBucket& bucket : buckets_) {
    const std::uint32_t tasks = bucket.runnable();
    if (tasks == 0) continue;
    const Speed fastest = supply_.fastest();
    const std::uint64_t usable = supply_.usable_by(tasks);
    const bool enough = fastest * tasks <= usable;  // spares a division
    bucket.run_at(enough ? fastest : usable / tasks, supply_.missing());
    return;
  }
}

// Another one, for hosts with more cores than work: nobody gets more than a core, and everybody
// one.
bool FluidScheduler::nobody_waits() const {
  const std::uint64_t tasks = groups_[kRootGroup.index()].runnable;
  return supply_.fastest() * tasks <= supply_.usable_by(tasks);
}

void FluidScheduler::run_all_buckets() {
  for (TaskBucket& bucket : buckets_) {
    if (bucket.runnable() > 0) bucket.run_at(supply_.fastest(), supply_.missing());
  }
}

// Parents come before children, so one pass is enough.
void FluidScheduler::apply_quotas() {
  for (Group& group : groups_) {
    const bool parent_held = !group.parent.is_none() && groups_[group.parent.index()].held_back;
    bool own = false;
    if (group.pool != kNone) {
      pools_[group.pool].refill_until(now_);
      pools_[group.pool].set_active(group.runnable > 0);
      own = pools_[group.pool].held_back();
    }
    group.held_back = parent_held || own;
    group.eligible = group.held_back ? 0 : group.runnable;
    if (!own || parent_held) continue;
    for (GroupId above = group.parent; !above.is_none(); above = groups_[above.index()].parent) {
      groups_[above.index()].eligible -= group.runnable;
    }
  }
}

void FluidScheduler::share_capacity() {
  for (Group& group : groups_) group.rate = 0;
  groups_[kRootGroup.index()].share = supply_.usable_by(groups_[kRootGroup.index()].eligible);
  for (const Group& group : groups_) {
    if (group.runnable > 0) divide(group);
  }
}

// Shares what the group got among its tasks and child groups.
void FluidScheduler::divide(const Group& group) {
  const auto buckets = std::span(buckets_).subspan(group.first_bucket, group.bucket_count);
  if (group.held_back) {
    for (TaskBucket& bucket : buckets) bucket.hold_back();
    return;
  }
  const Speed fastest = supply_.fastest();
  std::size_t count = 0;
  for (const TaskBucket& bucket : buckets) {
    if (bucket.runnable() == 0) continue;
    claims_[count++] = {bucket.weight(), bucket.runnable(), fastest, 0};
  }
  const auto children = std::span(children_).subspan(group.first_child, group.child_count);
  for (const GroupId child : children) {
    const Group& below = groups_[child.index()];
    if (below.eligible == 0) continue;
    claims_[count++] = {below.weight, 1, below.eligible * fastest, 0};
  }
  if (count == 0) return;
  fill(group.share, std::span(claims_).first(count));

  const Claim* claim = claims_.data();
  for (TaskBucket& bucket : buckets) {
    if (bucket.runnable() > 0) run_bucket(bucket, (claim++)->share);
  }
  for (const GroupId child : children) {
    Group& below = groups_[child.index()];
    if (below.eligible > 0) below.share = (claim++)->share;
  }
}

void FluidScheduler::run_bucket(TaskBucket& bucket, Speed speed) {
  bucket.run_at(speed, supply_.missing());
  if (pools_.empty()) return;
  for (GroupId group = bucket.group(); !group.is_none(); group = groups_[group.index()].parent) {
    groups_[group.index()].rate += speed * bucket.runnable();
  }
}

Instant FluidScheduler::find_next() const {
  Instant next = Instant::never();
  for (std::uint32_t i = 0; i < buckets_.size(); ++i) {
    const TaskBucket& bucket = buckets_[i];
    if (!bucket.has_finite_task()) continue;
    next = std::min(next, bucket.next_finish(now_));
    // Of thousands of tasks, the one to finish next is rarely in the cache; it will be in time.
    __builtin_prefetch(&bursts_[members_[first_member_[i] + bucket.first_seat()]]);
  }
  if (pools_.empty()) return next;
  for (const Group& group : groups_) {
    if (group.pool == kNone) continue;
    next = std::min(next, pools_[group.pool].next_instant(now_, group.rate));
  }
  return next;
}

}  // namespace cotenant
