// SPDX-License-Identifier: Apache-2.0
//
// What CFS does differently on a run queue: kernel/sched/fair.c before 6.6, functions named.
// Buddies (next, last, skip), and the debit of new tasks are left out.
#include <algorithm>

#include "models/cpu/eevdf_queue.h"
#include "models/cpu/eevdf_timeline.h"

namespace cotenant {

// pick_next_entity(): the least vruntime, the current one if equal.
EntityId RunQueue::pick_least(const Entities& entities) const {
  const EntityId first =
      timeline::first_eligible(entities, root_, [](VirtualTime) { return true; });
  if (current_.is_none() || !entities[current_].queued) return first;
  if (first.is_none()) return current_;
  return entities[first].vruntime - entities[current_].vruntime < 0 ? first : current_;
}

// place_entity(): who slept is put half a latency before the others, but not back in time
// (GENTLE_FAIR_SLEEPERS). Who is moved keeps its place among them.
void RunQueue::place_with_credit(Entities& entities, const QueueRules& rules,
                                 EntityId placed) const {
  Entity& entity = entities[placed];
  if (entity.has_relative_deadline) {
    entity.has_relative_deadline = false;
    return;
  }
  const VirtualTime earliest = base_ + -(rules.cfs.latency.count() / 2);
  if (entity.vruntime - earliest < 0) entity.vruntime = earliest;
}

// update_min_vruntime(): it never goes back.
void RunQueue::follow_least(const Entities& entities) {
  VirtualTime least = entities[current_].vruntime;
  if (!root_.is_none()) {
    const VirtualTime waiting = entities[root_].least_vruntime;
    if (waiting - least < 0 || !entities[current_].queued) least = waiting;
  }
  if (least - base_ > 0) move_base(least);
}

bool RunQueue::turn_is_over(const Entities& entities, const QueueRules& rules, std::int64_t clock,
                            std::int64_t slice) const {
  if (count_ <= 1) return false;
  const std::int64_t ran = clock - since_;
  if (ran > slice) return true;
  if (ran < rules.cfs.min_granularity.count() || root_.is_none()) return false;
  return entities[current_].vruntime - entities[root_].least_vruntime > slice;
}

bool RunQueue::is_behind(const Entities& entities, const QueueRules& rules, EntityId woken) const {
  const std::int64_t ahead = entities[current_].vruntime - entities[woken].vruntime;
  return ahead > virtual_of(rules.cfs.wakeup_granularity.count(), entities[woken].weight);
}

}  // namespace cotenant
