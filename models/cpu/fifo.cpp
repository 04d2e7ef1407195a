// SPDX-License-Identifier: Apache-2.0
//
// Cores are searched linearly: such a station has few, and its tasks wait in a list that runs
// through their own records, so a demand or completion costs the same for one task or a million.
#include "models/cpu/fifo.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace cotenant {

FifoScheduler::FifoScheduler(const CpuTopology& topology)
    : bursts_(topology.tasks.size()),
      cores_(topology.cores),
      finishes_(topology.cores, Instant::never()),
      supply_(topology.cores),
      finished_(topology.tasks.size()),
      idle_cores_(topology.cores) {
  COTENANT_ASSERT(topology.groups.size() == 1 && !topology.groups[kRootGroup].bandwidth);
  for (const CpuTask& task : topology.tasks) {
    COTENANT_ASSERT(task.group == kRootGroup && task.weight == topology.tasks[TaskId(0)].weight);
  }
}

void FifoScheduler::demand(TaskId task, CpuTime work, Instant now) {
  settle(now);
  COTENANT_ASSERT(!runnable(task) && work > CpuTime(0));
  COTENANT_ASSERT(finished_.empty() || !finished_.find(task));
  bursts_[task].work = work;
  bursts_[task].demanded = now;
  if (idle_cores_ > 0) {
    start(task, fastest_idle_core());
  } else {
    enqueue(task);
  }
}

BurstTimes FifoScheduler::withdraw(TaskId task, Instant now) {
  settle(now);
  if (!finished_.empty()) {
    if (const auto times = finished_.take(task)) return *times;
  }
  COTENANT_ASSERT(runnable(task));
  const BurstTimes so_far = burst_so_far(task, now);
  Burst& burst = bursts_[task];
  if (burst.core.is_none()) {
    dequeue(task);
  } else {
    served_ += got_until(burst.core, now);
    release(burst.core);
    start_waiting();
    next_ = first_finish();
  }
  burst.work = CpuTime(0);
  return so_far;
}

void FifoScheduler::shorten(TaskId task, CpuTime left, Instant now) {
  settle(now);
  if (!runnable(task)) return;
  Burst& burst = bursts_[task];
  const bool waits = burst.core.is_none();
  const CpuTime got = waits ? CpuTime(0) : CpuTime(floor_ns(got_until(burst.core, now)));
  if (got + left >= burst.work) return;
  burst.work = got + left;
  if (!waits) plan(burst.core);
}

void FifoScheduler::advance(Instant now, std::vector<Completion>& completed) {
  COTENANT_ASSERT(now >= now_);
  if (!finished_.empty()) finished_.report_to(completed);
  while (next_ <= now) {
    now_ = next_;
    finish_due(completed);
  }
  now_ = now;
}

void FifoScheduler::set_supply(CoreId core, Speed speed, Instant now) {
  settle(now);
  const FineTime got = got_until(core, now);
  if (!supply_.set(core, speed)) return;
  if (cores_[core].task.is_none()) return;
  cores_[core].got = got;
  cores_[core].since = now;
  plan(core);
  next_ = first_finish();
}

Speed FifoScheduler::speed(TaskId task) const {
  const Burst& burst = bursts_[task];
  return runnable(task) && !burst.core.is_none() ? supply_.speed(burst.core) : 0;
}

bool FifoScheduler::wants(CoreId core) const { return !cores_[core].task.is_none(); }

BurstTimes FifoScheduler::burst_so_far(TaskId task, Instant now) const {
  COTENANT_ASSERT(now_ <= now && now <= next_instant());
  if (!finished_.empty()) {
    if (const auto times = finished_.find(task)) return *times;
  }
  COTENANT_ASSERT(runnable(task));
  const Burst& burst = bursts_[task];
  if (burst.core.is_none()) return times(burst, CpuTime(0), now);
  const CpuTime got(floor_ns(got_until(burst.core, now)));
  return times(burst, std::min(got, burst.work), now);
}

GroupUsage FifoScheduler::group_usage(GroupId group, Instant now) const {
  COTENANT_ASSERT(group == kRootGroup && now_ <= now && now <= next_instant());
  FineTime served = served_;
  for (std::uint32_t i = 0; i < cores_.size(); ++i) served += got_until(CoreId(i), now);
  GroupUsage usage;
  usage.usage = CpuTime(floor_ns(served));
  return usage;
}

void FifoScheduler::hash_into(Hasher& hasher) const {
  hasher.add_signed(now_.ns());
  supply_.hash_into(hasher);
  finished_.hash_into(hasher);
  add_fine(hasher, served_);
  for (const Core& core : cores_) {
    hasher.add(core.task.index());
    hasher.add_signed(core.since.ns());
    add_fine(hasher, core.got);
  }
  for (const Burst& burst : bursts_) {
    hasher.add_signed(burst.work.count());
    if (burst.work.is_zero()) continue;
    hasher.add_signed(burst.demanded.ns());
    hasher.add_signed(burst.started.ns());
  }
  for (TaskId task = first_; !task.is_none(); task = bursts_[task].next) hasher.add(task.index());
}

void FifoScheduler::settle(Instant now) {
  COTENANT_ASSERT(now_ <= now && now <= next_instant());
  now_ = now;
  if (next_ == now) finish_due(finished_.list());
}

void FifoScheduler::finish_due(std::vector<Completion>& completed) {
  const std::size_t first = completed.size();
  Instant next = Instant::never();
  for (std::uint32_t i = 0; i < cores_.size(); ++i) {
    if (const Instant at = finishes_[i]; at > now_) {
      next = std::min(next, at);
    } else {
      finish(CoreId(i), completed);
    }
  }
  next_ = next;
  order_by_task(completed, first);
  start_waiting();
}

void FifoScheduler::finish(CoreId core, std::vector<Completion>& completed) {
  const TaskId task = cores_[core].task;
  Burst& burst = bursts_[task];
  completed.push_back({task, times(burst, burst.work, now_)});
  served_ += fine(burst.work);
  burst.work = CpuTime(0);
  release(core);
}

void FifoScheduler::start_waiting() {
  while (idle_cores_ > 0 && !first_.is_none()) {
    const TaskId task = first_;
    dequeue(task);
    start(task, fastest_idle_core());
  }
}

void FifoScheduler::start(TaskId task, CoreId core) {
  bursts_[task].core = core;
  bursts_[task].started = now_;
  cores_[core].task = task;
  cores_[core].since = now_;
  cores_[core].got = 0;
  --idle_cores_;
  plan(core);
}

CoreId FifoScheduler::fastest_idle_core() const {
  CoreId fastest;
  for (std::uint32_t i = 0; i < cores_.size(); ++i) {
    const CoreId core(i);
    if (!cores_[core].task.is_none()) continue;
    if (supply_.speed(core) == supply_.fastest()) return core;
    if (fastest.is_none() || supply_.speed(core) > supply_.speed(fastest)) fastest = core;
  }
  return fastest;
}

void FifoScheduler::release(CoreId core) {
  bursts_[cores_[core].task].core = CoreId::none();
  cores_[core] = Core();
  finishes_[core.index()] = Instant::never();
  ++idle_cores_;
}

// When the task of the core will be done. Never later than it was planned before, unless the supply
// has changed.
void FifoScheduler::plan(CoreId id) {
  const Core& core = cores_[id];
  const CpuTime work = bursts_[core.task].work;
  Instant& finish = finishes_[id.index()];
  finish = work == kEndless ? Instant::never()
                            : served_at(core.since, fine(work) - core.got, supply_.speed(id));
  next_ = std::min(next_, finish);
}

Instant FifoScheduler::first_finish() const {
  return *std::min_element(finishes_.begin(), finishes_.end());
}

void FifoScheduler::enqueue(TaskId task) {
  bursts_[task].previous = last_;
  bursts_[task].next = TaskId::none();
  (last_.is_none() ? first_ : bursts_[last_].next) = task;
  last_ = task;
}

void FifoScheduler::dequeue(TaskId task) {
  const Burst& burst = bursts_[task];
  (burst.previous.is_none() ? first_ : bursts_[burst.previous].next) = burst.next;
  (burst.next.is_none() ? last_ : bursts_[burst.next].previous) = burst.previous;
}

FineTime FifoScheduler::got_until(CoreId id, Instant now) const {
  const Core& core = cores_[id];
  return core.task.is_none() ? 0 : core.got + service(supply_.speed(id), now - core.since);
}

// On its core a task has the core to itself, so what it did not run there was not supplied.
BurstTimes FifoScheduler::times(const Burst& burst, CpuTime running, Instant now) const {
  const Instant started = burst.core.is_none() ? now : burst.started;
  BurstTimes times;
  times.running = Duration(running.count());
  times.queued = started - burst.demanded;
  times.stolen = now - started - times.running;
  return times;
}

}  // namespace cotenant
