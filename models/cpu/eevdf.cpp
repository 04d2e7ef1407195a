// SPDX-License-Identifier: Apache-2.0
//
// The course of time: demands come, clocks run, what is due happens. At one instant the order is:
// completions, ticks, then timers of quotas, cores by number.
#include "models/cpu/eevdf.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

constexpr std::uint64_t key_of(Instant at) { return static_cast<std::uint64_t>(at.ns()); }

// Machines have idled long before a run starts: the first wake-up finds them in the deepest sleep.
constexpr Duration kIdleBefore = seconds(1);

}  // namespace

EevdfScheduler::EevdfScheduler(const CpuTopology& topology, std::span<const Duration> quota_phases,
                               std::span<const Duration> tick_phases)
    : tree_(topology, quota_phases),
      bursts_(topology.tasks.size()),
      cores_(topology.cores),
      pressures_(topology.groups.size()),
      tick_phases_(tick_phases.begin(), tick_phases.end()),
      mask_words_((topology.cores + 63) / 64),
      kernel_(topology.kernel),
      finished_(topology.tasks.size()),
      due_(topology.cores + tree_.pool_count()) {
  tick_phases_.resize(topology.cores);
  for (const Duration phase : tick_phases_) {
    COTENANT_ASSERT(phase >= Duration(0) && phase < kernel_.tick);
  }
  for (std::uint32_t c = 0; c < cores_.size(); ++c) {
    cores_[CoreId(c)].id = CoreId(c);
    cores_[CoreId(c)].idle_since = Instant(0) - kIdleBefore;
  }
  masks_.resize(std::size_t{mask_words_} * topology.cpusets.size());
  for (std::uint32_t s = 0; s < topology.cpusets.size(); ++s) {
    for (const CoreId core : topology.cpusets[CpuSetId(s)]) {
      COTENANT_ASSERT(core.index() < topology.cores);
      masks_[std::size_t{s} * mask_words_ + core.index() / 64] |= std::uint64_t{1}
                                                                  << core.index() % 64;
    }
  }
  for (const CpuTask& task : topology.tasks) {
    const CpuSetId cpus = task.cpus.is_none() ? topology.groups[task.group].cpus : task.cpus;
    const bool all = cpus.is_none() || topology.cpusets[cpus].empty();
    cpusets_.push_back(all ? CpuSetId::none() : cpus);
    followed_.push_back(task.speed_is_followed);
  }
}

void EevdfScheduler::demand(TaskId task, CpuTime work, Instant now) {
  move_to(now);
  Burst& burst = bursts_[task];
  COTENANT_ASSERT(!runnable(task) && work > CpuTime(0));
  COTENANT_ASSERT(finished_.empty() || !finished_.find(task));
  burst.work = work.count();
  burst.ran = 0;
  burst.demanded = now;
  burst.throttled = Duration(0);
  burst.stolen = Duration(0);
  if (is_current(task)) {
    Core& core = cores_[burst.core];
    core.done = Done::no;
    --done_cores_;
    if (tree_.wants_switch(core.id)) choose(core);
    plan(core);
  } else {
    wake(task);
  }
  plan_pools();
}

BurstTimes EevdfScheduler::withdraw(TaskId task, Instant now) {
  move_to(now);
  if (!finished_.empty()) {
    if (const auto times = finished_.take(task)) {
      cores_[bursts_[task].core].done = Done::reported;
      return *times;
    }
  }
  COTENANT_ASSERT(runnable(task));
  Burst& burst = bursts_[task];
  Core& core = cores_[burst.core];
  settle(core);
  const BurstTimes so_far = times(task, now);
  burst.work = 0;
  if (is_current(task)) {
    core.done = Done::reported;
    ++done_cores_;
  } else {
    end_wait(task);
    tree_.take_out(task);
    if (tree_.wants_switch(core.id) && core.done == Done::no) choose(core);
  }
  plan(core);
  plan_pools();
  return so_far;
}

void EevdfScheduler::shorten(TaskId task, CpuTime left, Instant now) {
  move_to(now);
  if (!runnable(task)) return;
  Burst& burst = bursts_[task];
  Core& core = cores_[burst.core];
  settle(core);
  if (burst.ran + left.count() >= burst.work) return;
  burst.work = burst.ran + left.count();
  plan(core);
  plan_pools();
}

// What has happened at now_ already comes first.
void EevdfScheduler::advance_from_finished(Instant now, std::vector<Completion>& completed) {
  if (finished_.empty()) {
    if (done_cores_ > 0 && waiting_ > 0) block_all_done();
  } else {
    for (const Completion& done : finished_.list()) {
      cores_[bursts_[done.task].core].done = Done::reported;
    }
    finished_.report_to(completed);
    if (now == now_) return;
  }
  run_to(now, completed);
}

void EevdfScheduler::set_supply(CoreId id, Speed speed, Instant now) {
  COTENANT_ASSERT(speed <= kFullSpeed);
  move_to(now);
  Core& core = cores_[id];
  settle(core);
  core.speed = speed;
  // Ticks that a stopped virtual CPU has missed arrive as one when it goes on.
  if (core.next_tick < now_) core.next_tick = now_;
  plan(core);
}

Speed EevdfScheduler::speed(TaskId task) const {
  if (!runnable(task) || !is_current(task)) return 0;
  const Core& core = cores_[bursts_[task].core];
  if (core.settled > now_) return 0;
  const bool still_switching = followed_[task] && core.overhead > core.supplied(now_);
  return still_switching ? 0 : core.speed;
}

bool EevdfScheduler::wants(CoreId id) const {
  const Core& core = cores_[id];
  if (core.current.is_none()) return false;
  // Who is done leaves the core to those that wait: they are chosen at this very instant.
  return core.done == Done::no || waiting_ > 0;
}

BurstTimes EevdfScheduler::burst_so_far(TaskId task, Instant now) const {
  COTENANT_ASSERT(now_ <= now && now <= next_instant());
  if (!finished_.empty()) {
    if (const auto times = finished_.find(task)) return *times;
  }
  COTENANT_ASSERT(runnable(task));
  return times(task, now);
}

// Brings everything to `now`, where something else is about to happen.
void EevdfScheduler::move_on_to(Instant now) {
  COTENANT_ASSERT(now_ < now && now <= next_instant());
  // Blocking may have started the timer of a quota that was used up. Nobody waits, so nothing that
  // the caller could see happens before `now`: whoever finished earlier would have been blocked.
  const std::size_t before = finished_.list().size();
  run_to(now, finished_.list());
  for (std::size_t i = before; i < finished_.list().size(); ++i) {
    Core& core = cores_[bursts_[finished_.list()[i].task].core];
    COTENANT_ASSERT(core.done == Done::reported);
    core.done = Done::unreported;
  }
}

// Whatever is due happens, at its instant and in order, and the time is `now`.
void EevdfScheduler::run_to(Instant now, std::vector<Completion>& completed) {
  do {
    if (done_cores_ > 0 && now > now_ && due_.winner_key() > key_of(now_)) block_all_done();
    set_now(due_.winner_key() < key_of(now) ? instant_due() : now);
    if (due_.winner_key() <= key_of(now_)) happen(completed);
  } while (now_ < now);
}

void EevdfScheduler::set_now(Instant now) {
  now_ = now;
  tree_.set_now(now);
}

// All that is due at now_. Requires that something is.
void EevdfScheduler::happen(std::vector<Completion>& completed) {
  const std::uint32_t done_before = done_cores_;
  do {
    const std::uint32_t slot = due_.winner();
    if (slot < cores_.size()) {
      core_due(cores_[CoreId(slot)], completed);
    } else {
      pool_due(slot - cores_.size());
    }
  } while (due_.winner_key() <= key_of(now_));
  const std::uint32_t finished = done_cores_ - done_before;
  if (finished > 1) order_by_task(completed, completed.size() - finished);
  plan_pools();
}

inline void EevdfScheduler::core_due(Core& core, std::vector<Completion>& completed) {
  settle(core);
  const TaskId task = core.current;
  Burst& burst = bursts_[task];
  if (core.done == Done::no && burst.ran == burst.work) {
    completed.push_back({task, burst.times_until(now_)});
    burst.work = 0;
    core.done = Done::reported;
    ++done_cores_;
  }
  if (core.next_tick <= now_) {
    tick(core);
  } else {
    tree_.notice(task);
  }
  if (core.done == Done::no) {
    if (tree_.wants_switch(core.id)) choose(core);
    plan(core);
  } else {  // until it is known what the task does next
    core.ticks_later = false;
    due_.clear(core.id.index());
  }
}

void EevdfScheduler::pool_due(std::uint32_t pool) {
  // Unthrottling touches queues on all cores, whose clocks must be right.
  for (Core& core : cores_) settle(core);
  tree_.pool_timer(pool);
  for (Core& core : cores_) {
    if (core.done == Done::no && tree_.wants_switch(core.id)) choose(core);
    plan(core);
  }
  due_.set(cores_.size() + pool, key_of(tree_.pool_due(pool)));
}

// Says when the core needs attention next. Requires that it is settled.
void EevdfScheduler::plan(Core& core) {
  core.ticks_later = false;
  if (core.current.is_none() || core.done != Done::no || core.speed == 0) {
    due_.clear(core.id.index());
    return;
  }
  // Nobody takes the core from who runs alone, so there is nothing to notice until it is done. With
  // several cores a tick may move tasks between them all the same.
  const bool alone = tree_.runs_alone(core.current);
  core.ticks_later = alone && cores_.size() == 1;
  std::int64_t left = alone ? INT64_MAX : tree_.time_to_notice(core.current);
  const Burst& burst = bursts_[core.current];
  if (burst.work != kEndless.count()) {
    left = std::min(left, burst.work - burst.ran + core.overhead);
  } else if (followed_[core.current] && (core.settled > now_ || core.overhead > 0)) {
    left = std::min(left, core.overhead);  // its guest has to be told that it goes on
  }
  const Instant tick = core.ticks_later ? Instant::never() : core.next_tick;
  due_.set(core.id.index(), key_of(std::min(tick, core.clock_instant(left))));
}

void EevdfScheduler::plan_pools() {
  if (!tree_.take_pools_touched()) return;
  for (std::uint32_t pool = 0; pool < tree_.pool_count(); ++pool) {
    const std::uint64_t key = key_of(tree_.pool_due(pool));
    if (due_.key(cores_.size() + pool) != key) due_.set(cores_.size() + pool, key);
  }
}

bool EevdfScheduler::is_current(TaskId task) const {
  const CoreId core = bursts_[task].core;
  return !core.is_none() && cores_[core].current == task;
}

BurstTimes EevdfScheduler::times(TaskId task, Instant now) const {
  Burst burst = bursts_[task];
  if (is_current(task)) {
    const Core& core = cores_[burst.core];
    const std::int64_t got = core.supplied(now);
    burst.ran += got - std::min(core.overhead, got);
    if (now > core.settled) burst.stolen += now - core.settled - Duration(got);
  } else {
    burst.throttled += tree_.throttled_clock(task) - burst.throttled_clock;
    if (tree_.is_throttled(task)) burst.throttled += now - now_;
  }
  return burst.times_until(now);
}

}  // namespace cotenant
