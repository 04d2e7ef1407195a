// SPDX-License-Identifier: Apache-2.0
//
// One EEVDF run queue: the entities of one level of the group tree that compete on one CPU. It
// knows who has a claim (eligible: not ahead of the average V), who is most urgent (earliest
// virtual deadline) and how long the one that runs is left alone. It knows neither groups nor
// quotas.
//
// Stoica, Abdel-Wahab, "Earliest Eligible Virtual Deadline First", Old Dominion University 1995;
// kernel/sched/fair.c of Linux 6.18, whose functions are named at those here.
#pragma once

#include <cstdint>

#include "models/cpu/eevdf_entity.h"
#include "models/cpu/kernel_parameters.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"

namespace cotenant {

// What all run queues of a machine have in common.
struct QueueRules {
  std::int64_t base_slice = 0;
  std::int64_t tick = 0;
  bool own_slices = false;  // some task has a slice of its own
  CfsParameters cfs;        // scaled
  Mechanisms mechanisms;
};

class RunQueue {
 public:
  // The same queue as CFS has it: the least vruntime runs, sleepers get some credit.
  void use_cfs() { cfs_ = true; }

  EntityId current() const { return current_; }
  std::uint32_t count() const { return count_; }  // nr_queued: waiting, delayed and current
  Weight load() const { return load_; }           // sum of their weights

  // V. avg_vruntime().
  VirtualTime average(const Entities& entities) const;
  // entity_eligible(): lag >= 0.
  bool eligible(const Entities& entities, EntityId entity) const;

  // Who should run; the one that runs has precedence while protected, if that is `honored`.
  // pick_eevdf().
  EntityId pick(const Entities& entities, const QueueRules& rules, bool honored) const;

  struct Charge {
    std::int64_t time = 0;  // what was charged
    bool yield = false;     // the slice is over and there are others
  };
  // Charges the current entity up to `clock`. update_curr(), update_deadline().
  Charge charge(Entities& entities, const QueueRules& rules, std::int64_t clock);

  // Gives an entity that is about to be queued its vruntime and deadline. place_entity().
  void place(Entities& entities, const QueueRules& rules, EntityId entity) const;

  // Into and out of the competition. Does not place, nor remember the lag.
  void add(Entities& entities, EntityId entity);
  void remove(Entities& entities, EntityId entity);
  // A queued entity gets another weight, deadline and lag scaled. reweight_entity().
  void reweight(Entities& entities, const QueueRules& rules, EntityId entity, Weight weight);
  // A sleeper that is still queued wakes. requeue_delayed_entity().
  void revive(Entities& entities, const QueueRules& rules, EntityId entity);

  // The lag of an entity, bounded. update_entity_lag().
  void remember_lag(Entities& entities, const QueueRules& rules, EntityId entity) const;

  // The queued entity runs from `clock` on, or does not run any more. set_next_entity(),
  // put_prev_entity().
  void set_current(Entities& entities, const QueueRules& rules, EntityId entity,
                   std::int64_t clock);
  void put_current(Entities& entities);

  // protect_slice(), update_protect_slice(), cancel_protect_slice().
  bool is_protected(const Entities& entities) const;
  void shorten_protection(Entities& entities, const QueueRules& rules) const;
  void end_protection(Entities& entities) const;

  // For how long the current entity can run before charge() says yield, if that were called all the
  // time; zero: it would say so now.
  std::int64_t time_to_yield(const Entities& entities) const;

  // Only with CFS. Whether the current entity has had its turn of `slice` real time, or is that far
  // ahead of somebody. check_preempt_tick().
  bool turn_is_over(const Entities& entities, const QueueRules& rules, std::int64_t clock,
                    std::int64_t slice) const;
  // Whether who wakes is far enough behind the one that runs. wakeup_preempt_entity().
  bool is_behind(const Entities& entities, const QueueRules& rules, EntityId woken) const;
  // Where sleepers are measured from; moves with those that run. min_vruntime.
  VirtualTime least() const { return base_; }

  // cfs_rq_min_slice().
  std::int64_t least_slice(const Entities& entities, const QueueRules& rules) const;

  void hash_into(Hasher& hasher) const;

 private:
  struct Sum {
    Int128 key_weight = 0;
    Weight weight = 0;
  };
  Sum sum(const Entities& entities) const;
  bool ahead_of(const Sum& sum, VirtualTime vruntime) const;
  void put(Entities& entities, EntityId entity);
  void take(Entities& entities, EntityId entity);
  void move_base(VirtualTime to);

  EntityId pick_least(const Entities& entities) const;
  void place_with_credit(Entities& entities, const QueueRules& rules, EntityId entity) const;
  void follow_least(const Entities& entities);

  bool cfs_ = false;
  std::int64_t since_ = 0;  // when the current entity was chosen, clock of the core

  EntityId current_;
  EntityId root_;            // of the timeline: the queued ones except the current
  std::uint32_t count_ = 0;  // queued ones with the current
  Weight load_ = 0;
  // Sums over the timeline of weight * (vruntime - base) and of weight: avg_vruntime, avg_load.
  Sum waiting_;
  VirtualTime base_;  // near V, so that the sums stay small: zero_vruntime
  std::uint64_t insertions_ = 0;
};

}  // namespace cotenant
