// SPDX-License-Identifier: Apache-2.0
//
// The group tree as Linux schedules it: on each CPU every group has a run queue, and stands as one
// entity in its parent's. This class puts tasks into that tree and out of it, picks who runs,
// charges what was run at every level, and stops and starts queues whose group is out of quota. It
// does not know how long tasks want to run, which CPU they go to, or when anything happens: that is
// EevdfScheduler, which sets the clocks before each call.
//
// kernel/sched/fair.c of Linux 6.18, whose functions are named at those here.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/cpu/bandwidth.h"
#include "models/cpu/eevdf_entity.h"
#include "models/cpu/eevdf_queue.h"
#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"

namespace cotenant {

class EevdfTree {
 public:
  EevdfTree(const CpuTopology& topology, std::span<const Duration> quota_phases);

  // Time: `now` for quota timers, a clock per core that counts what the core was supplied.
  void set_now(Instant now) { now_ = now; }
  void run_clock(CoreId core, std::int64_t time) { cores_[core].clock += time; }
  std::int64_t clock(CoreId core) const { return cores_[core].clock; }

  // Whether the core has to choose again: resched_curr().
  bool wants_switch(CoreId core) const { return cores_[core].wants_switch; }
  void want_switch(CoreId core) { cores_[core].wants_switch = true; }

  // A blocked task wakes on a core, or moves to it. enqueue_task_fair().
  void enqueue(TaskId task, CoreId core);
  // The running task blocks; it may stay queued for a while. dequeue_task_fair().
  void block(TaskId task);
  // A task that does not run leaves for good or for another core; lag and deadline are kept.
  void take_out(TaskId task);

  // The task that woke asks for the core on which `running` runs. check_preempt_wakeup_fair().
  void consider(TaskId woken, TaskId running);
  // The tick of a core. task_tick_fair().
  void tick(TaskId running);
  // Charges the running task on its own queue, if it reads its CPU clock all the time; on all
  // queues, if what is over need not wait for a tick.
  void notice(TaskId running) {
    if (!notices_at_ticks_only(running)) charge_noticed(running);
  }
  // Chooses who runs after `previous` (none: the core was idle) and makes it current; none: nobody.
  // pick_next_task_fair().
  TaskId switch_from(TaskId previous, CoreId core);

  // How much longer the clock can run until something is over that is noticed without a tick.
  std::int64_t time_to_notice(TaskId running) const {
    return notices_at_ticks_only(running) ? INT64_MAX : least_time_to_notice(running);
  }

  // Where a task sleeping with negative lag is still queued; none: nowhere.
  CoreId lingers_on(TaskId task) const;
  bool is_empty(CoreId core) const { return root(core).run.count() == 0; }
  // The one that runs has nobody beside it on any level, and no quota: ticks change nothing but
  // what is charged.
  bool runs_alone(TaskId running) const {
    for (EntityId at = entity_of(running); !at.is_none(); at = parent_of(at)) {
      const Queue& queue = queue_of(at);
      if (queue.run.count() != 1 || queue.limited) return false;
    }
    return true;
  }
  Weight load(CoreId core) const { return root(core).run.load(); }
  // What the task contributes to load(). task_h_load().
  Weight load_of(TaskId task) const;
  // A group above the task is out of quota, on the core where the task is.
  bool is_throttled(TaskId task) const { return queue_of(entity_of(task)).throttles > 0; }

  // The time for which the task's queue, or one above it, was out of quota on its core.
  Duration throttled_clock(TaskId task) const {
    const Queue& queue = queue_of(entity_of(task));
    if (queue.throttles == 0) return queue.throttles_time;
    return queue.throttles_time + (now_ - queue.throttles_since);
  }

  std::uint32_t pool_count() const { return static_cast<std::uint32_t>(pools_.size()); }
  Instant pool_due(std::uint32_t pool) const { return pools_[pool].pool.next_instant(); }
  void pool_timer(std::uint32_t pool);
  // Whether pool_due() of any pool may have changed since the last time this was asked.
  bool take_pools_touched() { return pools_touched_ && std::exchange(pools_touched_, false); }

  // What operators see. Usage is in two parts: charged, and by each running task not yet charged.
  void count_into(GroupUsage& usage, GroupId group, Instant now) const;
  // What throttled_time grows by until `now`, which is not before the clock's.
  Duration throttled_since_last(GroupId group, Instant now) const;
  CpuTime charged_usage(GroupId group) const;
  std::int64_t uncharged(TaskId running, std::int64_t clock) const;
  bool is_below(GroupId group, GroupId ancestor) const;
  GroupId parent(GroupId group) const { return groups_[group].parent; }
  GroupId group_of(TaskId task) const { return queue_of(entity_of(task)).group; }

  void hash_into(Hasher& hasher) const;

 private:
  static constexpr std::uint32_t kNoPool = 0xffffffff;

  struct alignas(256) Queue {  // finding one by its number is a shift
    RunQueue run;
    EntityId owner;  // what stands for it in the parent's queue; none at the root
    GroupId group;
    CoreId core;
    std::uint32_t depth = 1;  // number of levels from its entities to the root
    bool limited = false;     // its own group has a pool
    std::int64_t usage = 0;   // of its own tasks
    // Bandwidth control of its own group, if that has a pool.
    std::int64_t remaining = 0;  // runtime_remaining
    bool throttled = false;
    Instant throttled_since = Instant::never();  // never: it has held back nobody yet
    // Of its own or of groups above.
    std::uint32_t throttles = 0;  // throttle_count
    Instant throttles_since;
    Duration throttles_time;
    TaskId held;  // first of the tasks that were stopped here: throttled_limbo_list
  };
  struct Group {
    GroupId parent;
    Weight weight = 0;
    std::uint32_t pool = kNoPool;
    std::uint32_t first_child = 0;
    std::uint32_t child_count = 0;
    Weight load = 0;  // of its queues on all cores
    Duration throttled_time;
  };
  struct Pool {
    BandwidthPool pool;
    GroupId group;
    std::vector<QueueId> throttled;  // in the order in which they ran out
  };
  struct Core {
    std::int64_t clock = 0;
    bool wants_switch = false;
  };
  struct Held {  // links of Queue::held
    TaskId previous;
    TaskId next;
    bool is_held = false;
    bool on_core = false;  // the entity's queue is valid
  };
  enum class Leave : std::uint8_t {
    sleeping,   // it may stay queued until its lag is gone: delayed dequeue
    lingering,  // it stayed queued, and now really goes
    moving,     // it comes back at once, with the deadline that it has
    throttled,  // out of quota
  };

  void make_groups(const CpuTopology& topology, std::span<const Duration> quota_phases);
  void make_queues(const CpuTopology& topology);
  void make_tasks(const CpuTopology& topology);

  EntityId entity_of(TaskId task) const { return EntityId(task.index()); }
  TaskId task_of(EntityId entity) const { return TaskId(entity.index()); }
  QueueId queue_id(GroupId group, CoreId core) const {
    return QueueId(group.index() * cores_.size() + core.index());
  }
  Queue& root(CoreId core) { return queues_[queue_id(kRootGroup, core)]; }
  const Queue& root(CoreId core) const { return queues_[queue_id(kRootGroup, core)]; }
  Queue& queue_of(EntityId entity) { return queues_[entities_[entity].queue]; }
  const Queue& queue_of(EntityId entity) const { return queues_[entities_[entity].queue]; }
  Pool& touch_pool_of(const Queue& queue) {
    pools_touched_ = true;
    return pools_[groups_[queue.group].pool];
  }
  EntityId parent_of(EntityId entity) const { return queue_of(entity).owner; }

  bool notices_at_ticks_only(TaskId running) const {
    return entities_[entity_of(running)].noticed_at_ticks_only;
  }
  void charge_noticed(TaskId running);
  std::int64_t least_time_to_notice(TaskId running) const;

  // One level; eevdf_tree.cpp.
  // Charges the current entity of the queue up to now. update_curr().
  void update(Queue& queue) {
    const EntityId current = queue.run.current();
    if (current.is_none() || entities_[current].charged >= cores_[queue.core].clock) return;
    charge(queue, current);
  }
  void charge(Queue& queue, EntityId current);
  void enqueue_entity(EntityId entity);
  bool dequeue_entity(EntityId entity, Leave leave);
  void enqueue_upward(EntityId entity);
  void dequeue_upward(EntityId entity, Leave leave);
  void count_load(const Queue& queue, Weight weight, bool added);
  void update_weight(EntityId entity) {
    if (cores_.size() > 1 && !entities_[entity].members.is_none()) update_group_weight(entity);
  }
  void update_group_weight(EntityId entity);
  void update_above(EntityId entity) {
    if (cores_.size() > 1 || rules_.own_slices) update_all_above(entity);
  }
  void update_all_above(EntityId entity);
  bool turn_is_over(EntityId current) const;
  Weight group_weight(const Queue& members) const;

  // Who runs; eevdf_pick.cpp.
  EntityId pick(CoreId core);
  void switch_entities(EntityId previous, EntityId next);
  void put_previous(EntityId entity);
  void set_next(EntityId entity);

  // Quota; eevdf_throttle.cpp.
  void account(Queue& queue, std::int64_t time);
  // check_cfs_rq_runtime(): true if the queue is stopped.
  bool check_runtime(Queue& queue) {
    if (!queue.limited || queue.remaining > 0) return false;
    return queue.throttled || throttle(queue);
  }
  bool throttle(Queue& queue);
  void unthrottle(Queue& queue);
  void count_throttle(Queue& queue, bool begins);
  void hold(TaskId task);
  void release_held(Queue& queue);
  void forget_held(TaskId task);
  void start_throttled_clock(Queue& queue);

  QueueRules rules_;
  bool cfs_;
  ThrottleLevel throttle_level_;
  Entities entities_;  // tasks, then groups by core
  IdVector<QueueId, Queue> queues_;
  IdVector<GroupId, Group> groups_;
  std::vector<GroupId> children_;  // of each group in turn
  std::vector<Pool> pools_;
  bool pools_touched_ = true;
  IdVector<TaskId, Held> held_;
  IdVector<TaskId, CpuTask> tasks_;
  IdVector<CoreId, Core> cores_;
  std::int64_t bandwidth_slice_;
  std::int64_t clock_reading_;
  Instant now_;
};

}  // namespace cotenant
