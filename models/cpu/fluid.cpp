// SPDX-License-Identifier: Apache-2.0
//
// The run of the fluid scheduler: time passes, what is due happens, shares are recomputed. At one
// instant the order is: tasks finish, pools are refilled, empty pools hold their groups back. So a
// job that ends with its quota is not throttled, nor is one whose pool runs dry just when it is
// refilled. fluid_layout.cpp builds the tables, fluid_shares.cpp divides the capacity.
#include "models/cpu/fluid.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace cotenant {

void FluidScheduler::demand(TaskId task, CpuTime work, Instant now) {
  settle(now);
  COTENANT_ASSERT(!runnable(task) && work > CpuTime(0));
  COTENANT_ASSERT(finished_.empty() || !finished_.find(task));
  const Seat seat = seats_[task];
  TaskBucket& bucket = buckets_[seat.bucket];
  bursts_[task] = {bucket.clocks(), work, now};
  bucket.add(seat.seat, work);
  if (bucket.runnable() == 1) ++busy_buckets_;
  count_runnable(bucket.group(), 1);
  rebalance();
}

BurstTimes FluidScheduler::withdraw(TaskId task, Instant now) {
  settle(now);
  if (!finished_.empty()) {
    if (const auto times = finished_.take(task)) return *times;
  }
  const BurstTimes so_far = burst_so_far(task, now);
  const Seat seat = seats_[task];
  TaskBucket& bucket = buckets_[seat.bucket];
  bucket.remove(seat.seat);
  if (bucket.runnable() == 0) --busy_buckets_;
  bursts_[task].work = CpuTime(0);
  count_runnable(bucket.group(), static_cast<std::uint32_t>(-1));
  rebalance();
  return so_far;
}

void FluidScheduler::shorten(TaskId task, CpuTime left, Instant now) {
  settle(now);
  if (!runnable(task)) return;
  Burst& burst = bursts_[task];
  const Seat seat = seats_[task];
  TaskBucket& bucket = buckets_[seat.bucket];
  const CpuTime work = CpuTime(floor_ns(bucket.clocks().service - burst.start.service)) + left;
  if (work >= burst.work) return;
  burst.work = work;
  bucket.finish_at(seat.seat, burst.start.service + fine(work));
  next_stale_ = true;
}

void FluidScheduler::advance(Instant now, std::vector<Completion>& completed) {
  COTENANT_ASSERT(now >= now_);
  if (!finished_.empty()) finished_.report_to(completed);
  for (Instant due = next_instant(); due <= now; due = next_instant()) {
    pass_until(due);
    step(completed);
    if (due == now) return;
  }
  pass_until(now);
}

void FluidScheduler::set_supply(CoreId core, Speed speed, Instant now) {
  settle(now);
  if (supply_.set(core, speed)) rebalance();
}

Speed FluidScheduler::speed(TaskId task) const {
  return runnable(task) ? buckets_[seats_[task].bucket].speed() : 0;
}

// No task has a core of its own here: as many cores are wanted as can be used.
bool FluidScheduler::wants(CoreId core) const {
  const Group& root = groups_[kRootGroup.index()];
  return core.index() < (pools_.empty() ? root.runnable : root.eligible);
}

BurstTimes FluidScheduler::burst_so_far(TaskId task, Instant now) const {
  COTENANT_ASSERT(now_ <= now && now <= next_instant());
  if (!finished_.empty()) {
    if (const auto times = finished_.find(task)) return *times;
  }
  COTENANT_ASSERT(runnable(task));
  return times(bursts_[task], buckets_[seats_[task].bucket].clocks_after(now - now_), now);
}

GroupUsage FluidScheduler::group_usage(GroupId group, Instant now) const {
  COTENANT_ASSERT(group.index() < groups_.size() && now_ <= now && now <= next_instant());
  GroupUsage usage;
  // Fractions of a nanosecond are dropped per bucket, not per group, so that the usage of a group
  // is the sum of what is below it.
  for (const TaskBucket& bucket : buckets_) {
    if (is_below(bucket.group(), group)) usage.usage += bucket.served_after(now - now_);
  }
  const std::uint32_t pool = groups_[group.index()].pool;
  if (pool != kNone) pools_[pool].count_into(usage, now, now - now_);
  return usage;
}

void FluidScheduler::hash_into(Hasher& hasher) const {
  hasher.add_signed(now_.ns());
  supply_.hash_into(hasher);
  finished_.hash_into(hasher);
  for (const TaskBucket& bucket : buckets_) bucket.hash_into(hasher);
  for (const QuotaPool& pool : pools_) pool.hash_into(hasher);
  for (const Burst& burst : bursts_) {
    hasher.add_signed(burst.work.count());
    if (burst.work.is_zero()) continue;
    hasher.add_signed(burst.demanded.ns());
    add_fine(hasher, burst.start.service);
    add_fine(hasher, burst.start.stolen);
    hasher.add_signed(burst.start.throttled.count());
  }
}

// Brings everything to `now`, where something else is about to happen.
void FluidScheduler::settle(Instant now) {
  if (now == now_) return;  // what was due at this instant has happened already
  const Instant due = next_instant();
  COTENANT_ASSERT(now_ < now && now <= due);
  pass_until(now);
  if (due == now) step(finished_.list());
}

void FluidScheduler::pass_until(Instant now) {
  if (now == now_) return;
  const Duration time = now - now_;
  for (TaskBucket& bucket : buckets_) bucket.pass(time);
  if (!pools_.empty()) {
    for (const Group& group : groups_) {
      if (group.pool != kNone) pools_[group.pool].pass(time, group.rate);
    }
  }
  now_ = now;
}

void FluidScheduler::step(std::vector<Completion>& completed) {
  const std::size_t first = completed.size();
  for (std::uint32_t i = 0; i < buckets_.size(); ++i) {
    while (buckets_[i].has_finished_task()) finish_first(i, completed);
  }
  order_by_task(completed, first);
  rebalance();
}

void FluidScheduler::finish_first(std::uint32_t index, std::vector<Completion>& completed) {
  TaskBucket& bucket = buckets_[index];
  const std::uint32_t seat = bucket.first_seat();
  const TaskId task = members_[first_member_[index] + seat];
  Burst& burst = bursts_[task];
  Completion& done = completed.emplace_back();
  done.task = task;
  done.times = times(burst, bucket.clocks(), now_);
  burst.work = CpuTime(0);
  const FineTime excess = bucket.finish_first();
  if (bucket.runnable() == 0) --busy_buckets_;
  count_runnable(bucket.group(), static_cast<std::uint32_t>(-1));
  if (pools_.empty()) return;
  for (GroupId group = bucket.group(); !group.is_none(); group = groups_[group.index()].parent) {
    const std::uint32_t pool = groups_[group.index()].pool;
    if (pool != kNone) pools_[pool].give_back(excess);
  }
}

// `change` is 1 or its negative, modulo 2^32.
void FluidScheduler::count_runnable(GroupId group, std::uint32_t change) {
  for (; !group.is_none(); group = groups_[group.index()].parent) {
    groups_[group.index()].runnable += change;
  }
}

bool FluidScheduler::is_below(GroupId group, GroupId ancestor) const {
  while (!group.is_none() && group != ancestor) group = groups_[group.index()].parent;
  return group == ancestor;
}

}  // namespace cotenant
