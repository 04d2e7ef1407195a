// SPDX-License-Identifier: Apache-2.0
//
// Which core a task goes to: when it wakes, when a core has nothing to do, and when loads differ
// too much for too long. One domain of equal cores: no caches, sockets or SMT. The cost of looking
// is linear in the number of cores, and it is only paid when somebody wakes or waits.
#include <algorithm>

#include "models/cpu/eevdf.h"

namespace cotenant {
namespace {

constexpr std::uint32_t kCacheNiceTries = 1;  // sd_init(), kernel/sched/topology.c

}  // namespace

// select_task_rq_fair(): where it was if that is idle, else an idle core, else where it was.
CoreId EevdfScheduler::core_for(TaskId task) const {
  if (cores_.size() == 1) return CoreId(0);
  const CoreId lingers = tree_.lingers_on(task);
  if (!lingers.is_none()) return lingers;
  const CoreId previous = bursts_[task].core;
  if (previous.is_none()) return least_loaded_for(task);
  for (std::uint32_t i = 0; i < cores_.size(); ++i) {
    const CoreId core((previous.index() + i) % cores_.size());
    if (is_idle(core) && may_use(task, core)) return core;
  }
  return previous;
}

// Where a new task starts: find_idlest_cpu().
CoreId EevdfScheduler::least_loaded_for(TaskId task) const {
  CoreId best;
  for (std::uint32_t c = 0; c < cores_.size(); ++c) {
    const CoreId core(c);
    if (!may_use(task, core)) continue;
    if (best.is_none() || tree_.load(core) < tree_.load(best)) best = core;
  }
  return best;
}

bool EevdfScheduler::is_idle(CoreId core) const {
  return cores_[core].current.is_none() && tree_.is_empty(core);
}

bool EevdfScheduler::may_use(TaskId task, CoreId core) const {
  const CpuSetId set = cpusets_[task];
  if (set.is_none()) return true;
  const std::uint64_t word = masks_[std::size_t{set.index()} * mask_words_ + core.index() / 64];
  return (word >> core.index() % 64 & 1) != 0;
}

CoreId EevdfScheduler::busiest_but(CoreId to) const {
  CoreId busiest;
  for (std::uint32_t c = 0; c < cores_.size(); ++c) {
    const CoreId core(c);
    if (core == to || cores_[core].first_waiting.is_none()) continue;
    if (busiest.is_none() || tree_.load(core) > tree_.load(busiest)) busiest = core;
  }
  return busiest;
}

// can_migrate_task(): what ran a moment ago has its data in the cache of its core; that counts
// until balancing has failed twice (cache_nice_tries is 1 within a package).
bool EevdfScheduler::may_move(TaskId task, CoreId to) const {
  if (!may_use(task, to) || tree_.is_throttled(task)) return false;
  return now_ - bursts_[task].last_ran >= kernel_.migration_cost ||
         cores_[to].failed_balances > kCacheNiceTries;
}

void EevdfScheduler::move(TaskId task, CoreId to) {
  Core& from = cores_[bursts_[task].core];
  settle(from);
  settle(cores_[to]);
  end_wait(task);
  tree_.take_out(task);
  bursts_[task].core = to;
  tree_.enqueue(task, to);
  begin_wait(task);
  plan(from);
}

// sched_balance_newidle(): an idle core takes one task from the busiest.
bool EevdfScheduler::pull_one(CoreId to) {
  const CoreId from = busiest_but(to);
  if (from.is_none()) return false;
  for (TaskId task = cores_[from].first_waiting; !task.is_none(); task = bursts_[task].next) {
    if (!may_move(task, to)) continue;
    move(task, to);
    return true;
  }
  return false;
}

// nohz_balancer_kick(): a core with several tasks makes idle ones look for work at its ticks.
void EevdfScheduler::serve_idle_cores() {
  for (Core& core : cores_) {
    if (waiting_ == 0) return;
    if (!is_idle(core.id)) continue;
    settle(core);
    if (!pull_one(core.id)) continue;
    choose(core);
    plan(core);
  }
}

// sched_balance_rq(): a busy core takes what makes it and the busiest one equal. A task that is too
// big for that is taken all the same after some failures, which makes it go round.
void EevdfScheduler::balance(CoreId to) {
  const CoreId from = busiest_but(to);
  if (from.is_none()) return;
  Core& core = cores_[to];
  const Weight theirs = tree_.load(from);
  const Weight ours = tree_.load(to);
  const auto percent = static_cast<Weight>(kernel_.imbalance_percent);
  if (theirs * 100 <= ours * percent) {
    core.failed_balances = 0;
    core.balance_due = now_ + kernel_.balance_interval * 2;  // max_interval: not so urgent
    return;
  }
  Weight imbalance = (theirs - ours) / 2;
  bool moved = false;
  TaskId task = cores_[from].first_waiting;
  while (!task.is_none() && imbalance > 0) {
    const TaskId next = bursts_[task].next;
    const Weight load = tree_.load_of(task);
    const std::uint32_t shift = std::min(core.failed_balances, 63u);
    if (may_move(task, to) && load >> shift <= imbalance) {
      move(task, to);
      tree_.consider(task, core.current);
      imbalance -= std::min(imbalance, load);
      moved = true;
    }
    task = next;
  }
  core.failed_balances = moved ? 0 : core.failed_balances + 1;
}

}  // namespace cotenant
