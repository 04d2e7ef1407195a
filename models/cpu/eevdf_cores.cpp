// SPDX-License-Identifier: Apache-2.0
//
// What happens on one core: tasks wake, run, block and are preempted, ticks come. And the two
// things that begin and end with it: waiting, and idleness.
#include <algorithm>

#include "models/cpu/eevdf.h"
#include "sim/base/assert.h"

namespace cotenant {

void EevdfScheduler::wake(TaskId task) {
  Core& core = cores_[core_for(task)];
  settle(core);
  bursts_[task].core = core.id;
  tree_.enqueue(task, core.id);
  if (core.current.is_none()) {
    choose(core);
  } else {
    tree_.consider(task, core.current);
    if (core.done == Done::no && tree_.wants_switch(core.id)) choose(core);
  }
  if (core.current != task) begin_wait(task);
  plan(core);
}

// schedule(). Requires that the core is settled.
void EevdfScheduler::choose(Core& core) {
  TaskId next = tree_.switch_from(core.current, core.id);
  if (next.is_none() && cores_.size() > 1 && waiting_ > 0 && pull_one(core.id)) {
    next = tree_.switch_from(TaskId::none(), core.id);
  }
  start(core, next);
}

void EevdfScheduler::start(Core& core, TaskId next) {
  const TaskId previous = core.current;
  if (next == previous) return;
  core.current = next;
  if (!previous.is_none()) {
    bursts_[previous].last_ran = now_;
    if (runnable(previous)) begin_wait(previous);
  }
  if (next.is_none()) {
    core.idle_since = now_;
    return;
  }
  if (bursts_[next].waits) end_wait(next);
  core.overhead = 0;
  const Duration idle = now_ - core.idle_since;
  if (!previous.is_none() || idle.is_zero()) {
    core.overhead = kernel_.switch_cost.count();
  } else {
    // The core is woken up first. Its clock stands still until then.
    core.settled = now_ + kernel_.idle_wake.latency_after(idle);
  }
  if (previous.is_none()) core.next_tick = tick_after(core, core.settled);
}

void EevdfScheduler::block_done(Core& core) {
  core.done = Done::no;
  --done_cores_;
  tree_.block(core.current);
  choose(core);
  plan(core);
}

void EevdfScheduler::block_all_done() {
  for (Core& core : cores_) {
    if (core.done != Done::no) block_done(core);
  }
  plan_pools();
}

void EevdfScheduler::tick(Core& core) {
  tree_.tick(core.current);
  core.next_tick = tick_after(core, now_);
  if (cores_.size() == 1 || waiting_ == 0) return;
  serve_idle_cores();
  if (core.balance_due > now_) return;
  core.balance_due = now_ + kernel_.balance_interval;
  balance(core.id);
}

// The first tick later than that. Ticks have one grid per core, whether or not it was idle.
Instant EevdfScheduler::tick_after(const Core& core, Instant at) const {
  const Instant first(tick_phases_[core.id.index()].count());
  if (at < first) return first;
  const std::int64_t ticks = (at - first).count() / kernel_.tick.count() + 1;
  return first + kernel_.tick * ticks;
}

void EevdfScheduler::begin_wait(TaskId task) {
  Burst& burst = bursts_[task];
  burst.waits = true;
  burst.waits_since = now_;
  burst.throttled_clock = tree_.throttled_clock(task);
  ++waiting_;
  for (GroupId at = tree_.group_of(task); !at.is_none(); at = tree_.parent(at)) {
    Pressure& pressure = pressures_[at];
    if (pressure.waiting++ == 0) pressure.since = now_;
  }
  if (cores_.size() > 1) link_waiting(task);
}

void EevdfScheduler::end_wait(TaskId task) {
  Burst& burst = bursts_[task];
  COTENANT_ASSERT(burst.waits);
  burst.waits = false;
  --waiting_;
  const Duration throttled = tree_.throttled_clock(task) - burst.throttled_clock;
  burst.throttled += throttled;
  const Duration waited = now_ - burst.waits_since - throttled;
  for (GroupId at = tree_.group_of(task); !at.is_none(); at = tree_.parent(at)) {
    Pressure& pressure = pressures_[at];
    if (--pressure.waiting == 0) pressure.some += now_ - pressure.since;
    pressure.run_queue_wait += waited;
  }
  if (cores_.size() > 1) unlink_waiting(task);
}

void EevdfScheduler::link_waiting(TaskId task) {
  Burst& burst = bursts_[task];
  Core& core = cores_[burst.core];
  burst.previous = core.last_waiting;
  burst.next = TaskId::none();
  (burst.previous.is_none() ? core.first_waiting : bursts_[burst.previous].next) = task;
  core.last_waiting = task;
}

void EevdfScheduler::unlink_waiting(TaskId task) {
  const Burst& burst = bursts_[task];
  Core& core = cores_[burst.core];
  (burst.previous.is_none() ? core.first_waiting : bursts_[burst.previous].next) = burst.next;
  (burst.next.is_none() ? core.last_waiting : bursts_[burst.next].previous) = burst.previous;
}

GroupUsage EevdfScheduler::group_usage(GroupId group, Instant now) const {
  COTENANT_ASSERT(now_ <= now && now <= next_instant());
  GroupUsage usage;
  tree_.count_into(usage, group, now);
  usage.throttled_time += tree_.throttled_since_last(group, now);
  usage.usage = tree_.charged_usage(group);
  for (const Core& core : cores_) {
    if (core.current.is_none() || !tree_.is_below(tree_.group_of(core.current), group)) continue;
    // A task that is done stays current until time passes, but runs no further.
    const Instant until = core.done == Done::no ? now : now_;
    usage.usage +=
        CpuTime(tree_.uncharged(core.current, tree_.clock(core.id) + core.supplied(until)));
  }
  const Pressure& pressure = pressures_[group];
  usage.run_queue_wait = pressure.run_queue_wait;
  usage.pressure_some = pressure.some;
  if (pressure.waiting > 0) usage.pressure_some += now - pressure.since;
  return usage;
}

void EevdfScheduler::hash_into(Hasher& hasher) const {
  hasher.add_signed(now_.ns());
  tree_.hash_into(hasher);
  finished_.hash_into(hasher);
  for (const Core& core : cores_) {
    hasher.add(core.current.index());
    hasher.add(static_cast<std::uint64_t>(core.done));
    hasher.add(core.speed);
    hasher.add(core.fraction);
    hasher.add_signed(core.overhead);
    hasher.add_signed(core.settled.ns());
    hasher.add_signed(core.next_tick.ns());
    hasher.add_signed(core.idle_since.ns());
    hasher.add_signed(core.balance_due.ns());
    hasher.add(core.failed_balances);
  }
  for (const Burst& burst : bursts_) {
    hasher.add_signed(burst.work);
    hasher.add(burst.core.index());
    if (burst.work == 0) continue;
    hasher.add_signed(burst.ran);
    hasher.add_signed(burst.demanded.ns());
    hasher.add_signed(burst.throttled.count());
    hasher.add_signed(burst.stolen.count());
    hasher.add_signed(burst.throttled_clock.count());
    hasher.add_signed(burst.waits_since.ns());
  }
}

}  // namespace cotenant
