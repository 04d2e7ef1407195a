// SPDX-License-Identifier: Apache-2.0
//
// Who runs: the choice from the root down, the change from one path of current entities to another,
// and whether somebody who wakes takes the core away.
#include <algorithm>

#include "models/cpu/eevdf_tree.h"
#include "sim/base/assert.h"

namespace cotenant {

TaskId EevdfTree::switch_from(TaskId previous, CoreId core) {
  EntityId running = previous.is_none() ? EntityId::none() : entity_of(previous);
  for (;;) {
    const EntityId next = pick(core);
    switch_entities(running, next);
    cores_[core].wants_switch = false;
    if (next.is_none()) return TaskId::none();
    if (throttle_level_ == ThrottleLevel::queue || queue_of(next).throttles == 0) {
      return task_of(next);
    }
    // throttle_cfs_rq_work(): it stops as soon as it is about to return to user mode.
    hold(task_of(next));
    running = next;
  }
}

EntityId EevdfTree::pick(CoreId core) {
  Queue* queue = &root(core);
  while (queue->run.count() > 0) {
    update(*queue);
    if (check_runtime(*queue) && throttle_level_ == ThrottleLevel::queue) {
      queue = &root(core);
      continue;
    }
    const EntityId best = queue->run.pick(entities_, rules_, true);
    const Entity& entity = entities_[best];
    if (entity.delayed) {
      dequeue_upward(best, Leave::lingering);
      queue = &root(core);
      continue;
    }
    if (entity.members.is_none()) return best;
    queue = &queues_[entity.members];
  }
  COTENANT_ASSERT(queue == &root(core));
  return EntityId::none();
}

// Levels that both have in common are left alone, so that a group keeps its protection while its
// tasks change: pick_next_task_fair().
void EevdfTree::switch_entities(EntityId previous, EntityId next) {
  if (previous == next) return;
  if (previous.is_none()) {
    for (; !next.is_none(); next = parent_of(next)) set_next(next);
    return;
  }
  if (next.is_none()) {
    for (; !previous.is_none(); previous = parent_of(previous)) put_previous(previous);
    return;
  }
  std::uint32_t previous_depth = queue_of(previous).depth;
  std::uint32_t next_depth = queue_of(next).depth;
  // Set from the leaf up, as the kernel does; the order among levels has no effect.
  while (previous_depth > 0 || next_depth > 0) {
    if (previous_depth == next_depth && entities_[previous].queue == entities_[next].queue) {
      if (previous != next) {
        put_previous(previous);
        set_next(next);
      }
      return;
    }
    const bool put = previous_depth >= next_depth;
    const bool set = next_depth >= previous_depth;
    if (put) {
      const EntityId above = parent_of(previous);
      put_previous(previous);
      previous = above;
      --previous_depth;
    }
    if (set) {
      set_next(next);
      next = parent_of(next);
      --next_depth;
    }
  }
}

// put_prev_entity().
void EevdfTree::put_previous(EntityId entity) {
  Queue& queue = queue_of(entity);
  if (entities_[entity].queued) update(queue);
  check_runtime(queue);
  queue.run.put_current(entities_);
}

// set_next_entity().
void EevdfTree::set_next(EntityId entity) {
  Queue& queue = queue_of(entity);
  queue.run.set_current(entities_, rules_, entity, cores_[queue.core].clock);
}

void EevdfTree::consider(TaskId woken, TaskId running) {
  EntityId challenger = entity_of(woken);
  EntityId current = entity_of(running);
  CoreId core = queue_of(current).core;
  if (cores_[core].wants_switch || challenger == current) return;
  // find_matching_se(): only siblings can be compared.
  std::uint32_t challenger_depth = queue_of(challenger).depth;
  std::uint32_t current_depth = queue_of(current).depth;
  for (; challenger_depth > current_depth; --challenger_depth) challenger = parent_of(challenger);
  for (; current_depth > challenger_depth; --current_depth) current = parent_of(current);
  while (entities_[challenger].queue != entities_[current].queue) {
    challenger = parent_of(challenger);
    current = parent_of(current);
  }
  if (entities_[current].idle != entities_[challenger].idle) {
    if (entities_[current].idle) want_switch(core);
    return;
  }
  // SCHED_BATCH and SCHED_IDLE do not preempt.
  if (tasks_[woken].policy != SchedulingPolicy::normal) return;
  Queue& queue = queue_of(current);
  update(queue);
  if (cfs_) {
    if (queue.run.is_behind(entities_, rules_, challenger)) want_switch(core);
    return;
  }
  // PREEMPT_SHORT: who wants less at a time may interrupt a protected slice.
  const bool shorter = entities_[challenger].slice < entities_[current].slice;
  if (queue.run.pick(entities_, rules_, !shorter) == challenger) {
    if (shorter) queue.run.end_protection(entities_);
    want_switch(core);
    return;
  }
  if (rules_.mechanisms.run_to_parity) queue.run.shorten_protection(entities_, rules_);
}

}  // namespace cotenant
