// SPDX-License-Identifier: Apache-2.0
//
// Building the tree, and moving entities into and out of its queues, level by level.
#include "models/cpu/eevdf_tree.h"

#include <algorithm>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

// SCHED_IDLE tasks and cpu.idle groups have this weight (WEIGHT_IDLEPRIO, kernel/sched/sched.h).
constexpr std::int64_t kIdleWeight = 3;

// MIN_SHARES, in the finer unit: no group vanishes on a CPU.
constexpr Weight kLeastWeight = 2;

}  // namespace

EevdfTree::EevdfTree(const CpuTopology& topology, std::span<const Duration> quota_phases)
    : cfs_(topology.kernel.fair_class == FairClass::cfs),
      throttle_level_(topology.kernel.throttle_level),
      entities_(topology.tasks.size() + (topology.groups.size() - 1) * topology.cores),
      queues_(topology.groups.size() * topology.cores),
      groups_(topology.groups.size()),
      held_(topology.tasks.size()),
      tasks_(topology.tasks),
      cores_(topology.cores),
      bandwidth_slice_(topology.kernel.bandwidth_slice.count()),
      clock_reading_(topology.kernel.clock_reading.count()) {
  const KernelParameters& kernel = topology.kernel;
  rules_.base_slice = kernel.base_slice.value_or(default_base_slice(topology.cores)).count();
  rules_.tick = kernel.tick.count();
  rules_.mechanisms = kernel.mechanisms;
  const std::int64_t scaling = tunable_scaling(topology.cores);
  rules_.cfs.latency = kernel.cfs.latency * scaling;
  rules_.cfs.min_granularity = kernel.cfs.min_granularity * scaling;
  rules_.cfs.wakeup_granularity = kernel.cfs.wakeup_granularity * scaling;
  COTENANT_ASSERT(rules_.base_slice > 0 && rules_.tick > 0);
  make_groups(topology, quota_phases);
  make_queues(topology);
  make_tasks(topology);
}

void EevdfTree::make_groups(const CpuTopology& topology, std::span<const Duration> quota_phases) {
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const GroupId id(g);
    const CpuGroup& given = topology.groups[id];
    Group& group = groups_[id];
    group.parent = given.parent;
    COTENANT_ASSERT((g == 0) == given.parent.is_none() && (g == 0 || given.weight > 0));
    group.weight = scaled_weight(given.idle ? kIdleWeight : given.weight);
    if (given.bandwidth) {
      group.pool = static_cast<std::uint32_t>(pools_.size());
      pools_.push_back({BandwidthPool(*given.bandwidth, quota_phases[g], topology.kernel), id, {}});
      pools_.back().throttled.reserve(2 * std::size_t{topology.cores});
    }
    if (g > 0) ++groups_[group.parent].child_count;
  }
  std::uint32_t first = 0;
  for (Group& group : groups_) {
    group.first_child = first;
    first += group.child_count;
    group.child_count = 0;
  }
  children_.resize(first);
  for (std::uint32_t g = 1; g < groups_.size(); ++g) {
    Group& above = groups_[groups_[GroupId(g)].parent];
    children_[above.first_child + above.child_count++] = GroupId(g);
  }
}

void EevdfTree::make_queues(const CpuTopology& topology) {
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const GroupId group(g);
    for (std::uint32_t c = 0; c < topology.cores; ++c) {
      const CoreId core(c);
      Queue& queue = queues_[queue_id(group, core)];
      queue.group = group;
      queue.core = core;
      queue.limited = groups_[group].pool != kNoPool;
      if (cfs_) queue.run.use_cfs();
      if (g == 0) continue;
      queue.depth = queues_[queue_id(groups_[group].parent, core)].depth + 1;
      queue.owner = EntityId(topology.tasks.size() + (g - 1) * topology.cores + c);
      Entity& entity = entities_[queue.owner];
      entity.queue = queue_id(groups_[group].parent, core);
      entity.members = queue_id(group, core);
      entity.weight = groups_[group].weight;
      entity.slice = rules_.base_slice;
      entity.idle = topology.groups[group].idle;
    }
  }
}

void EevdfTree::make_tasks(const CpuTopology& topology) {
  for (std::uint32_t t = 0; t < topology.tasks.size(); ++t) {
    const CpuTask& task = topology.tasks[TaskId(t)];
    Entity& entity = entities_[EntityId(t)];
    entity.queue = queue_id(task.group, CoreId(0));
    entity.idle = task.policy == SchedulingPolicy::idle;
    entity.weight = scaled_weight(entity.idle ? kIdleWeight : task.weight);
    entity.own_slice = !task.slice.is_zero();
    entity.slice = entity.own_slice ? task.slice.count() : rules_.base_slice;
    entity.noticed_at_ticks_only = rules_.mechanisms.tick_grain && !task.charges_continuously;
    rules_.own_slices = rules_.own_slices || entity.own_slice;
    COTENANT_ASSERT(entity.weight > 0 && entity.slice > 0);
  }
}

void EevdfTree::enqueue(TaskId task, CoreId core) {
  const EntityId id = entity_of(task);
  Entity& entity = entities_[id];
  const QueueId queue = queue_id(tasks_[task].group, core);
  if (entity.queued) {
    COTENANT_ASSERT(entity.delayed && entity.queue == queue);
    queues_[queue].run.revive(entities_, rules_, id);
    return;
  }
  if (cfs_ && entity.queue != queue) {  // migrate_task_rq_fair(): as far ahead there as it was here
    entity.vruntime = entity.vruntime + (queues_[queue].run.least() - queue_of(id).run.least());
  }
  entity.queue = queue;
  enqueue_upward(id);
}

void EevdfTree::block(TaskId task) { dequeue_upward(entity_of(task), Leave::sleeping); }

void EevdfTree::take_out(TaskId task) {
  if (held_[task].is_held) {
    forget_held(task);
    return;
  }
  dequeue_upward(entity_of(task), Leave::moving);
}

void EevdfTree::tick(TaskId running) {
  for (EntityId at = entity_of(running); !at.is_none(); at = parent_of(at)) {
    update(queue_of(at));
    update_weight(at);
    if (cfs_ && turn_is_over(at)) want_switch(queue_of(at).core);
  }
}

// sched_slice(): the part of a period that is the entity's, through all levels above it.
bool EevdfTree::turn_is_over(EntityId current) const {
  const Queue& queue = queue_of(current);
  const auto count = static_cast<std::int64_t>(queue.run.count());
  // sched_nr_latency is latency / min_granularity.
  Duration period = rules_.cfs.latency;
  if (rules_.cfs.min_granularity * count > period) period = rules_.cfs.min_granularity * count;
  auto slice = static_cast<Uint128>(static_cast<std::uint64_t>(period.count()));
  for (EntityId at = current; !at.is_none(); at = parent_of(at)) {
    slice = slice * entities_[at].weight / queue_of(at).run.load();
  }
  return queue.run.turn_is_over(entities_, rules_, cores_[queue.core].clock,
                                static_cast<std::int64_t>(slice));
}

void EevdfTree::charge_noticed(TaskId running) {
  for (EntityId at = entity_of(running); !at.is_none(); at = parent_of(at)) {
    update(queue_of(at));
    if (rules_.mechanisms.tick_grain) break;
  }
}

std::int64_t EevdfTree::least_time_to_notice(TaskId running) const {
  std::int64_t least = INT64_MAX;
  for (EntityId at = entity_of(running); !at.is_none(); at = parent_of(at)) {
    const Queue& queue = queue_of(at);
    const std::int64_t uncharged = cores_[queue.core].clock - entities_[at].charged;
    const std::int64_t to_yield = queue.run.time_to_yield(entities_);
    // Over, and it was chosen again nevertheless: it goes on until others are eligible.
    if (to_yield == 0) least = std::min(least, clock_reading_);
    if (to_yield > 0 && to_yield != INT64_MAX) least = std::min(least, to_yield - uncharged);
    if (queue.limited) least = std::min(least, queue.remaining - uncharged);
    if (rules_.mechanisms.tick_grain) break;
  }
  return std::max<std::int64_t>(least, 0);
}

CoreId EevdfTree::lingers_on(TaskId task) const {
  const Entity& entity = entities_[entity_of(task)];
  return entity.queued && entity.delayed ? queues_[entity.queue].core : CoreId::none();
}

Weight EevdfTree::load_of(TaskId task) const {
  EntityId at = entity_of(task);
  Uint128 load = entities_[at].weight;
  for (EntityId above = parent_of(at); !above.is_none(); at = above, above = parent_of(at)) {
    const Weight all = queue_of(at).run.load();
    if (all > 0) load = load * entities_[above].weight / all;
  }
  return static_cast<Weight>(load);
}

void EevdfTree::charge(Queue& queue, EntityId current) {
  const RunQueue::Charge charge = queue.run.charge(entities_, rules_, cores_[queue.core].clock);
  if (entities_[current].members.is_none()) queue.usage += charge.time;
  if (queue.limited) account(queue, charge.time);
  if (charge.yield) want_switch(queue.core);
}

void EevdfTree::enqueue_entity(EntityId id) {
  Queue& queue = queue_of(id);
  // Who is placed first matters only for an entity that is current although it had left.
  const bool is_current = queue.run.current() == id;
  if (is_current) queue.run.place(entities_, rules_, id);
  update(queue);
  update_weight(id);
  if (!is_current) queue.run.place(entities_, rules_, id);
  queue.run.add(entities_, id);
  count_load(queue, entities_[id].weight, true);
  if (queue.run.count() > 1 || !queue.limited) return;
  // check_enqueue_throttle(): a CPU that wakes up with nothing left asks the pool at once.
  if (!queue.run.current().is_none() || queue.throttled) return;
  account(queue, 0);
  if (queue.remaining <= 0) throttle(queue);
}

// False: it stays in the queue, asleep, until it has worked off its negative lag.
bool EevdfTree::dequeue_entity(EntityId id, Leave leave) {
  Queue& queue = queue_of(id);
  Entity& entity = entities_[id];
  update(queue);
  if (leave == Leave::sleeping && rules_.mechanisms.delayed_dequeue && !cfs_ &&
      !queue.run.eligible(entities_, id)) {
    entity.delayed = true;
    return false;
  }
  queue.run.remember_lag(entities_, rules_, id);
  if (leave == Leave::moving) {
    entity.relative_deadline = entity.deadline - entity.vruntime;
    entity.has_relative_deadline = true;
  }
  queue.run.remove(entities_, id);
  count_load(queue, entity.weight, false);
  if (queue.run.count() == 0 && queue.limited && queue.remaining > 0) {
    Pool& pool = touch_pool_of(queue);
    queue.remaining = pool.pool.give_back(queue.remaining, !pool.throttled.empty(), now_);
  }
  if (leave == Leave::lingering) {
    entity.delayed = false;
    if (entity.lag > 0) entity.lag = 0;
  }
  update_weight(id);
  return true;
}

void EevdfTree::enqueue_upward(EntityId entity) {
  while (!entity.is_none()) {
    Queue& queue = queue_of(entity);
    if (entities_[entity].queued) {
      if (entities_[entity].delayed) queue.run.revive(entities_, rules_, entity);
      break;
    }
    enqueue_entity(entity);
    // A queue that is stopped as a whole is not in its parent's.
    if (throttle_level_ == ThrottleLevel::queue && queue.throttled) return;
    entity = queue.owner;
  }
  update_above(entity);
}

void EevdfTree::dequeue_upward(EntityId entity, Leave leave) {
  while (!entity.is_none()) {
    Queue& queue = queue_of(entity);
    if (!dequeue_entity(entity, leave)) break;
    if (throttle_level_ == ThrottleLevel::queue && queue.throttled) return;
    entity = queue.owner;
    if (queue.run.count() > 0) break;
    // The group has nothing to run here any more: to its parent it is a sleeper.
    if (leave != Leave::throttled) leave = Leave::sleeping;
  }
  update_above(entity);
}

void EevdfTree::count_load(const Queue& queue, Weight weight, bool added) {
  Weight& load = groups_[queue.group].load;
  load = added ? load + weight : load - weight;
}

// calc_group_shares(), with the load of the moment instead of its decaying average.
Weight EevdfTree::group_weight(const Queue& members) const {
  const Group& group = groups_[members.group];
  const Weight here = members.run.load();
  if (group.load == here) return group.weight;
  const Uint128 share = static_cast<Uint128>(group.weight) * here / group.load;
  return std::clamp(static_cast<Weight>(share), kLeastWeight, group.weight);
}

// update_cfs_group().
void EevdfTree::update_group_weight(EntityId id) {
  Entity& entity = entities_[id];
  const Queue& members = queues_[entity.members];
  if (members.run.load() == 0) return;
  const Weight weight = group_weight(members);
  if (weight == entity.weight) return;
  Queue& queue = queue_of(id);
  if (!entity.queued) {
    queue.run.reweight(entities_, rules_, id, weight);
    return;
  }
  update(queue);
  count_load(queue, entity.weight, false);
  queue.run.reweight(entities_, rules_, id, weight);
  count_load(queue, entity.weight, true);
}

// What is above a change that ended there: weights, and the slices of groups.
void EevdfTree::update_all_above(EntityId entity) {
  for (; !entity.is_none(); entity = parent_of(entity)) {
    update_weight(entity);
    const QueueId members = entities_[entity].members;
    if (!rules_.own_slices || members.is_none()) continue;
    const RunQueue& run = queues_[members].run;
    if (run.count() > 0) entities_[entity].slice = run.least_slice(entities_, rules_);
  }
}

}  // namespace cotenant
