// SPDX-License-Identifier: Apache-2.0
//
// Quota in the tree: charging queues, stopping those that are out of it with everything below, and
// starting them when the pool has paid their debt. Counters of what operators see.
#include <algorithm>

#include "models/cpu/eevdf_tree.h"
#include "sim/base/assert.h"

namespace cotenant {

// __account_cfs_rq_runtime().
void EevdfTree::account(Queue& queue, std::int64_t time) {
  queue.remaining -= time;
  if (queue.remaining > 0 || queue.throttled) return;
  queue.remaining = touch_pool_of(queue).pool.fetch(queue.remaining, bandwidth_slice_, now_);
  if (queue.remaining <= 0 && !queue.run.current().is_none()) want_switch(queue.core);
}

// throttle_cfs_rq(). False if the pool still had a nanosecond.
bool EevdfTree::throttle(Queue& queue) {
  Pool& pool = touch_pool_of(queue);
  queue.remaining = pool.pool.fetch(queue.remaining, 1, now_);
  if (queue.remaining > 0) return false;
  if (!rules_.mechanisms.debt) queue.remaining = 0;
  queue.throttled = true;
  queue.throttled_since = Instant::never();
  pool.throttled.push_back(queue_id(queue.group, queue.core));
  count_throttle(queue, true);
  if (throttle_level_ == ThrottleLevel::task) return true;
  if (queue.run.count() > 0) start_throttled_clock(queue);
  if (!queue.owner.is_none() && entities_[queue.owner].queued) {
    dequeue_upward(queue.owner, Leave::throttled);
    entities_[queue.owner].delayed = false;
  }
  return true;
}

// unthrottle_cfs_rq(). Nobody is preempted; only an idle core is told.
void EevdfTree::unthrottle(Queue& queue) {
  queue.throttled = false;
  if (queue.throttled_since != Instant::never()) {
    groups_[queue.group].throttled_time += now_ - queue.throttled_since;
  }
  count_throttle(queue, false);
  if (throttle_level_ == ThrottleLevel::queue && queue.run.load() > 0 && !queue.owner.is_none()) {
    enqueue_upward(queue.owner);
  }
  if (root(queue.core).run.current().is_none()) want_switch(queue.core);
}

// tg_throttle_down(), tg_unthrottle_up(): a queue may be stopped by several groups above it.
void EevdfTree::count_throttle(Queue& queue, bool begins) {
  if (begins) {
    if (queue.throttles++ == 0) queue.throttles_since = now_;
  } else if (--queue.throttles == 0) {
    queue.throttles_time += now_ - queue.throttles_since;
    release_held(queue);
  }
  const Group& group = groups_[queue.group];
  for (std::uint32_t i = 0; i < group.child_count; ++i) {
    const GroupId child = children_[group.first_child + i];
    count_throttle(queues_[queue_id(child, queue.core)], begins);
  }
}

void EevdfTree::hold(TaskId task) {
  const EntityId id = entity_of(task);
  Queue& queue = queue_of(id);
  dequeue_upward(id, Leave::throttled);
  for (EntityId at = id; !at.is_none(); at = parent_of(at)) {
    if (queue_of(at).throttled) start_throttled_clock(queue_of(at));
  }
  held_[task] = {TaskId::none(), queue.held, true, true};
  if (!queue.held.is_none()) held_[queue.held].previous = task;
  queue.held = task;
}

void EevdfTree::release_held(Queue& queue) {
  TaskId task = queue.held;
  queue.held = TaskId::none();
  while (!task.is_none()) {
    const TaskId next = held_[task].next;
    held_[task] = {};
    enqueue_upward(entity_of(task));
    task = next;
  }
}

void EevdfTree::forget_held(TaskId task) {
  const Held links = held_[task];
  if (links.previous.is_none()) {
    queue_of(entity_of(task)).held = links.next;
  } else {
    held_[links.previous].next = links.next;
  }
  if (!links.next.is_none()) held_[links.next].previous = links.previous;
  held_[task] = {};
}

// Throttled time counts from when somebody is really stopped.
void EevdfTree::start_throttled_clock(Queue& queue) {
  if (queue.throttled_since == Instant::never()) queue.throttled_since = now_;
}

void EevdfTree::pool_timer(std::uint32_t index) {
  Pool& pool = pools_[index];
  if (!pool.pool.timer_due(now_, !pool.throttled.empty())) return;
  // distribute_cfs_runtime(): in the order in which they ran out. Waking tasks may throttle queues
  // again and append them; they wait for the next refill like everybody else.
  std::size_t kept = 0;
  const std::size_t count = pool.throttled.size();
  for (std::size_t i = 0; i < count; ++i) {
    const QueueId id = pool.throttled[i];
    Queue& queue = queues_[id];
    if (!pool.pool.empty()) queue.remaining = pool.pool.pay_debt(queue.remaining);
    if (queue.remaining > 0) {
      unthrottle(queue);
    } else {
      pool.throttled[kept++] = id;
    }
  }
  pool.throttled.erase(pool.throttled.begin() + static_cast<std::ptrdiff_t>(kept),
                       pool.throttled.begin() + static_cast<std::ptrdiff_t>(count));
}

void EevdfTree::count_into(GroupUsage& usage, GroupId id, Instant now) const {
  const Group& group = groups_[id];
  if (group.pool == kNoPool) return;
  pools_[group.pool].pool.count_into(usage, now);
  usage.throttled_time = group.throttled_time;
  for (const QueueId throttled : pools_[group.pool].throttled) {
    const Queue& queue = queues_[throttled];
    if (queue.throttled_since != Instant::never()) {
      usage.throttled_time += now_ - queue.throttled_since;
    }
  }
}

Duration EevdfTree::throttled_since_last(GroupId id, Instant now) const {
  const Group& group = groups_[id];
  Duration time;
  if (group.pool == kNoPool) return time;
  for (const QueueId throttled : pools_[group.pool].throttled) {
    if (queues_[throttled].throttled_since != Instant::never()) time += now - now_;
  }
  return time;
}

CpuTime EevdfTree::charged_usage(GroupId group) const {
  CpuTime usage;
  for (const Queue& queue : queues_) {
    if (is_below(queue.group, group)) usage += CpuTime(queue.usage);
  }
  return usage;
}

std::int64_t EevdfTree::uncharged(TaskId running, std::int64_t clock) const {
  return clock - entities_[entity_of(running)].charged;
}

bool EevdfTree::is_below(GroupId group, GroupId ancestor) const {
  while (!group.is_none() && group != ancestor) group = groups_[group].parent;
  return group == ancestor;
}

void EevdfTree::hash_into(Hasher& hasher) const {
  for (const Queue& queue : queues_) {
    queue.run.hash_into(hasher);
    hasher.add_signed(queue.usage);
    hasher.add_signed(queue.remaining);
    hasher.add(static_cast<std::uint64_t>(queue.throttles) << 1 | (queue.throttled ? 1 : 0));
    hasher.add_signed(queue.throttles_time.count());
  }
  for (const Entity& entity : entities_) {
    hasher.add(static_cast<std::uint64_t>(entity.queued) << 1 | (entity.delayed ? 1 : 0));
    hasher.add(entity.vruntime.bits());
    hasher.add(entity.deadline.bits());
    hasher.add(entity.protected_until.bits());
    hasher.add_signed(entity.lag);
    hasher.add_signed(entity.charged);
  }
  for (const Pool& pool : pools_) pool.pool.hash_into(hasher);
  for (const Core& core : cores_) hasher.add_signed(core.clock);
}

}  // namespace cotenant
