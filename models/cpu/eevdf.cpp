// SPDX-License-Identifier: Apache-2.0
//
// The course of time: demands come, clocks run, what is due happens. At one instant the order is:
// completions, ticks, then timers of quotas, cores by number.
#include "models/cpu/eevdf.h"

#include <algorithm>

#include "models/cpu/fine_time.h"
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
  for (Core& core : cores_) core.idle_since = Instant(0) - kIdleBefore;
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
    cores_[burst.core].done = Done::no;
    --done_cores_;
    if (tree_.wants_switch(burst.core)) choose(burst.core);
    plan(burst.core);
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
  const CoreId core = burst.core;
  settle(core);
  const BurstTimes so_far = times(task, now);
  burst.work = 0;
  if (is_current(task)) {
    cores_[core].done = Done::reported;
    ++done_cores_;
  } else {
    end_wait(task);
    tree_.take_out(task);
    if (tree_.wants_switch(core) && cores_[core].done == Done::no) choose(core);
  }
  plan(core);
  plan_pools();
  return so_far;
}

void EevdfScheduler::shorten(TaskId task, CpuTime left, Instant now) {
  move_to(now);
  if (!runnable(task)) return;
  Burst& burst = bursts_[task];
  settle(burst.core);
  if (burst.ran + left.count() >= burst.work) return;
  burst.work = burst.ran + left.count();
  plan(burst.core);
  plan_pools();
}

void EevdfScheduler::advance(Instant now, std::vector<Completion>& completed) {
  COTENANT_ASSERT(now >= now_);
  if (done_cores_ > 0 && now == now_ && finished_.empty() && waiting_ > 0) block_all_done();
  if (!finished_.empty()) {
    for (const Completion& done : finished_.list()) {
      cores_[bursts_[done.task].core].done = Done::reported;
    }
    finished_.report_to(completed);
    if (now == now_) return;
  }
  for (;;) {
    Instant due(static_cast<std::int64_t>(std::min(due_.winner_key(), key_of(Instant::never()))));
    if (due > now_ && done_cores_ > 0 && now > now_) {
      block_all_done();
      continue;
    }
    if (due > now) break;
    set_now(due);
    happen(completed);
  }
  set_now(now);
}

Instant EevdfScheduler::next_instant() const {
  if (!finished_.empty() || (done_cores_ > 0 && waiting_ > 0)) return now_;
  const std::uint64_t key = due_.winner_key();
  return key >= key_of(Instant::never()) ? Instant::never()
                                         : Instant(static_cast<std::int64_t>(key));
}

void EevdfScheduler::set_supply(CoreId id, Speed speed, Instant now) {
  COTENANT_ASSERT(speed <= kFullSpeed);
  move_to(now);
  settle(id);
  Core& core = cores_[id];
  core.speed = speed;
  // Ticks that a stopped virtual CPU has missed arrive as one when it goes on.
  if (core.next_tick < now_) core.next_tick = now_;
  plan(id);
}

Speed EevdfScheduler::speed(TaskId task) const {
  if (!runnable(task) || !is_current(task)) return 0;
  const Core& core = cores_[bursts_[task].core];
  if (core.settled > now_) return 0;
  const bool still_switching = followed_[task] && core.overhead > supplied(core, now_);
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
void EevdfScheduler::move_to(Instant now) {
  if (now == now_) return;
  COTENANT_ASSERT(now_ < now && now <= next_instant());
  if (done_cores_ > 0) block_all_done();
  // Blocking may have started the timer of a quota that was used up. Nobody waits, so nothing that
  // the caller could see happens before `now`.
  const std::size_t before = finished_.list().size();
  while (due_.winner_key() < key_of(now)) {
    set_now(Instant(static_cast<std::int64_t>(due_.winner_key())));
    happen(finished_.list());
  }
  COTENANT_ASSERT(finished_.list().size() == before);
  set_now(now);
  if (due_.winner_key() <= key_of(now)) happen(finished_.list());
  for (std::size_t i = before; i < finished_.list().size(); ++i) {
    cores_[bursts_[finished_.list()[i].task].core].done = Done::unreported;
  }
}

void EevdfScheduler::set_now(Instant now) {
  now_ = now;
  tree_.set_now(now);
}

// All that is due at now_.
void EevdfScheduler::happen(std::vector<Completion>& completed) {
  const std::size_t first = completed.size();
  while (due_.winner_key() <= key_of(now_)) {
    const std::uint32_t slot = due_.winner();
    if (slot < cores_.size()) {
      core_due(CoreId(slot), completed);
    } else {
      pool_due(slot - cores_.size());
    }
  }
  order_by_task(completed, first);
  plan_pools();
}

void EevdfScheduler::core_due(CoreId id, std::vector<Completion>& completed) {
  settle(id);
  Core& core = cores_[id];
  const TaskId task = core.current;
  Burst& burst = bursts_[task];
  if (core.done == Done::no && burst.ran == burst.work) {
    completed.push_back({task, times(task, now_)});
    burst.work = 0;
    core.done = Done::reported;
    ++done_cores_;
  }
  if (core.next_tick <= now_) {
    tick(id);
  } else {
    tree_.notice(task);
  }
  if (core.done == Done::no) {
    if (tree_.wants_switch(id)) choose(id);
    plan(id);
  } else {  // until it is known what the task does next
    core.ticks_later = false;
    due_.clear(id.index());
  }
}

void EevdfScheduler::pool_due(std::uint32_t pool) {
  // Unthrottling touches queues on all cores, whose clocks must be right.
  for (std::uint32_t c = 0; c < cores_.size(); ++c) settle(CoreId(c));
  tree_.pool_timer(pool);
  for (std::uint32_t c = 0; c < cores_.size(); ++c) {
    const CoreId core(c);
    if (cores_[core].done == Done::no && tree_.wants_switch(core)) choose(core);
    plan(core);
  }
  due_.set(cores_.size() + pool, key_of(tree_.pool_due(pool)));
}

// What the core provides from its last settlement until then.
std::int64_t EevdfScheduler::supplied(const Core& core, Instant until) const {
  if (until <= core.settled) return 0;
  const Duration time = until - core.settled;
  if (core.speed == kFullSpeed) return time.count();
  return floor_ns(service(core.speed, time) + core.fraction);
}

// Runs the clock of a core up to now_.
void EevdfScheduler::settle(CoreId id) {
  Core& core = cores_[id];
  while (core.ticks_later && core.next_tick <= now_) {
    run_until(id, core.next_tick);
    tree_.tick(core.current);
    core.next_tick = core.next_tick + kernel_.tick;
  }
  if (now_ > core.settled) run_until(id, now_);
}

void EevdfScheduler::run_until(CoreId id, Instant until) {
  Core& core = cores_[id];
  const Duration elapsed = until - core.settled;
  const std::int64_t got = supplied(core, until);
  if (core.speed != kFullSpeed) {
    const FineTime all = service(core.speed, elapsed) + core.fraction;
    core.fraction = static_cast<std::uint64_t>(all) & (kFullSpeed - 1);
  }
  core.settled = until;
  tree_.run_clock(id, got);
  if (core.current.is_none()) return;
  Burst& burst = bursts_[core.current];
  const std::int64_t overhead = std::min(core.overhead, got);
  core.overhead -= overhead;
  burst.ran += got - overhead;
  burst.stolen += elapsed - Duration(got);
}

// The instant at which the clock of the core has run `time` further than it has at its settlement.
Instant EevdfScheduler::clock_instant(const Core& core, std::int64_t time) const {
  if (time <= 0) return core.settled;
  if (core.speed == kFullSpeed) {
    return time < Instant::never().ns() - core.settled.ns() ? core.settled + Duration(time)
                                                            : Instant::never();
  }
  return served_at(core.settled, fine(CpuTime(time)) - core.fraction, core.speed);
}

// Says when the core needs attention next. Requires that it is settled.
void EevdfScheduler::plan(CoreId id) {
  Core& core = cores_[id];
  core.ticks_later = false;
  if (core.current.is_none() || core.done != Done::no || core.speed == 0) {
    due_.clear(id.index());
    return;
  }
  const Burst& burst = bursts_[core.current];
  // With several cores a tick may also move tasks between them.
  core.ticks_later = cores_.size() == 1 && tree_.runs_alone(core.current);
  Instant next = core.ticks_later ? Instant::never() : core.next_tick;
  if (burst.work != kEndless.count()) {
    next = std::min(next, clock_instant(core, burst.work - burst.ran + core.overhead));
  } else if (followed_[core.current] && (core.settled > now_ || core.overhead > 0)) {
    // Its guest has to be told that it goes on.
    next = std::min(next, clock_instant(core, core.overhead));
  }
  const std::int64_t notice = tree_.time_to_notice(core.current);
  if (notice != INT64_MAX) next = std::min(next, clock_instant(core, notice));
  due_.set(id.index(), key_of(next));
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
  const Burst& burst = bursts_[task];
  BurstTimes times;
  times.running = Duration(burst.ran);
  times.stolen = burst.stolen;
  times.throttled = burst.throttled;
  if (is_current(task)) {
    const Core& core = cores_[burst.core];
    const std::int64_t got = supplied(core, now);
    times.running += Duration(got - std::min(core.overhead, got));
    if (now > core.settled) times.stolen += now - core.settled - Duration(got);
  } else {
    times.throttled += tree_.throttled_clock(task) - burst.throttled_clock;
    if (tree_.is_throttled(task)) times.throttled += now - now_;
  }
  const Duration elapsed = now - burst.demanded;
  times.queued = elapsed - times.running - times.stolen - times.throttled;
  return times;
}

}  // namespace cotenant
