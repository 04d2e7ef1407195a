// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic of one EEVDF run queue. Sums of weight times virtual time are exact in 128 bits; V is
// rounded down, as the kernel does.
#include "models/cpu/eevdf_queue.h"

#include <algorithm>

#include "models/cpu/eevdf_timeline.h"
#include "sim/base/assert.h"

namespace cotenant {
namespace {

// The base follows V before differences to it could wrap around: 2^40 ns are 18 minutes.
constexpr std::int64_t kBaseReach = std::int64_t{1} << 40;

bool fits_64(Int128 value) { return value == static_cast<std::int64_t>(value); }

std::int64_t floor_quotient(Int128 value, Weight divisor) {
  if (fits_64(value)) {  // the hardware divides 64 bits several times faster than 128
    const auto small = static_cast<std::int64_t>(value);
    const auto by = static_cast<std::int64_t>(divisor);
    const std::int64_t quotient = small / by;
    return small % by < 0 ? quotient - 1 : quotient;
  }
  const auto by = static_cast<Int128>(divisor);
  const Int128 quotient = value / by;
  return static_cast<std::int64_t>(value % by < 0 ? quotient - 1 : quotient);
}

void renew_deadline(Entity& entity) {
  entity.deadline = entity.vruntime + virtual_of(entity.slice, entity.weight);
}

std::int64_t rescaled(std::int64_t virtual_time, Weight from, Weight to) {
  return scaled(virtual_time, static_cast<std::int64_t>(from), static_cast<std::int64_t>(to));
}

}  // namespace

RunQueue::Sum RunQueue::sum(const Entities& entities) const {
  Sum sum = waiting_;
  if (current_.is_none()) return sum;
  const Entity& current = entities[current_];
  if (!current.queued) return sum;
  sum.key_weight +=
      static_cast<Int128>(current.vruntime - base_) * static_cast<Int128>(current.weight);
  sum.weight += current.weight;
  return sum;
}

VirtualTime RunQueue::average(const Entities& entities) const {
  if (root_.is_none()) {  // nobody waits: no division needed
    return !current_.is_none() && entities[current_].queued ? entities[current_].vruntime : base_;
  }
  const Sum total = sum(entities);
  return base_ + floor_quotient(total.key_weight, total.weight);
}

bool RunQueue::ahead_of(const Sum& sum, VirtualTime vruntime) const {
  return sum.key_weight < static_cast<Int128>(vruntime - base_) * static_cast<Int128>(sum.weight);
}

bool RunQueue::eligible(const Entities& entities, EntityId entity) const {
  if (count_ == 1 || cfs_) return true;
  return !ahead_of(sum(entities), entities[entity].vruntime);
}

EntityId RunQueue::pick(const Entities& entities, const QueueRules& rules, bool honored) const {
  const bool has_current = !current_.is_none() && entities[current_].queued;
  if (count_ == 1) return has_current ? current_ : root_;
  if (cfs_) return pick_least(entities);
  const Sum total = sum(entities);
  const bool can_go_on = has_current && !ahead_of(total, entities[current_].vruntime);
  if (can_go_on && honored && rules.mechanisms.run_to_parity && is_protected(entities)) {
    return current_;
  }
  const EntityId best = timeline::first_eligible(
      entities, root_, [&](VirtualTime vruntime) { return !ahead_of(total, vruntime); });
  if (best.is_none()) return can_go_on ? current_ : root_;
  if (can_go_on && entities[current_].deadline - entities[best].deadline < 0) return current_;
  return best;
}

RunQueue::Charge RunQueue::charge(Entities& entities, const QueueRules& rules, std::int64_t clock) {
  if (current_.is_none()) return {};
  Entity& current = entities[current_];
  const std::int64_t time = clock - current.charged;
  if (time <= 0) return {};
  current.charged = clock;
  current.vruntime = current.vruntime + virtual_of(time, current.weight);
  if (cfs_) {
    follow_least(entities);
    return {time, false};
  }
  const bool used_up = current.vruntime - current.deadline >= 0;
  if (used_up) {
    if (!current.own_slice && current.members.is_none()) current.slice = rules.base_slice;
    renew_deadline(current);
  }
  if (current.vruntime - base_ > kBaseReach) move_base(average(entities));
  return {time, count_ != 1 && (used_up || !is_protected(entities))};
}

void RunQueue::place(Entities& entities, const QueueRules& rules, EntityId placed) const {
  if (cfs_) return place_with_credit(entities, rules, placed);
  Entity& entity = entities[placed];
  std::int64_t lag = 0;
  if (rules.mechanisms.lag && count_ > 0 && entity.lag != 0) {
    // Joining moves V towards the newcomer; the lag is inflated by what that would take of it.
    const Weight load = sum(entities).weight;
    COTENANT_ASSERT(load > 0);
    lag = scaled(entity.lag, static_cast<std::int64_t>(load + entity.weight),
                 static_cast<std::int64_t>(load));
  }
  entity.vruntime = average(entities) + -lag;
  if (entity.has_relative_deadline) {
    entity.deadline = entity.vruntime + entity.relative_deadline;
    entity.has_relative_deadline = false;
    return;
  }
  renew_deadline(entity);
}

void RunQueue::add(Entities& entities, EntityId added) {
  Entity& entity = entities[added];
  ++count_;
  load_ += entity.weight;
  entity.queued = true;
  if (added != current_) put(entities, added);
}

void RunQueue::remove(Entities& entities, EntityId removed) {
  Entity& entity = entities[removed];
  if (removed != current_) take(entities, removed);
  entity.queued = false;
  load_ -= entity.weight;
  if (--count_ == 0 && !cfs_) base_ = entity.vruntime;
}

void RunQueue::reweight(Entities& entities, const QueueRules& rules, EntityId changed,
                        Weight weight) {
  Entity& entity = entities[changed];
  if (cfs_) {
    const bool queued = entity.queued;
    if (queued) remove(entities, changed);
    entity.weight = weight;
    if (queued) add(entities, changed);
    return;
  }
  if (entity.queued) {
    remember_lag(entities, rules, changed);
    entity.relative_deadline = entity.deadline - entity.vruntime;
    entity.has_relative_deadline = true;
    remove(entities, changed);
    entity.lag = rescaled(entity.lag, entity.weight, weight);
    entity.relative_deadline = rescaled(entity.relative_deadline, entity.weight, weight);
    entity.weight = weight;
    place(entities, rules, changed);
    add(entities, changed);
    return;
  }
  entity.lag = rescaled(entity.lag, entity.weight, weight);
  if (entity.has_relative_deadline) {
    entity.relative_deadline = rescaled(entity.relative_deadline, entity.weight, weight);
  }
  entity.weight = weight;
}

void RunQueue::revive(Entities& entities, const QueueRules& rules, EntityId sleeper) {
  Entity& entity = entities[sleeper];
  COTENANT_ASSERT(entity.queued && entity.delayed);
  // requeue_delayed_entity() charges nobody first: V is as of the last charge. A sleeper that had
  // not worked off its lag by then keeps what it has gained since.
  remember_lag(entities, rules, sleeper);
  if (entity.lag > 0) {  // DELAY_ZERO: nothing is gained by sleeping with a debt
    remove(entities, sleeper);
    entity.lag = 0;
    place(entities, rules, sleeper);
    add(entities, sleeper);
  }
  entity.delayed = false;
}

void RunQueue::remember_lag(Entities& entities, const QueueRules& rules, EntityId leaving) const {
  Entity& entity = entities[leaving];
  if (count_ == 1 || cfs_) {  // V is where it is itself
    entity.lag = 0;
    return;
  }
  const std::int64_t limit = virtual_of(std::max(2 * entity.slice, rules.tick), entity.weight);
  entity.lag = std::clamp(average(entities) - entity.vruntime, -limit, limit);
}

void RunQueue::set_current(Entities& entities, const QueueRules& rules, EntityId next,
                           std::int64_t clock) {
  Entity& entity = entities[next];
  if (entity.queued) {
    const std::int64_t slice = std::min(least_slice(entities, rules), entity.slice);
    take(entities, next);
    entity.protected_until = entity.deadline;
    if (slice != entity.slice) {
      const VirtualTime until = entity.vruntime + virtual_of(slice, entity.weight);
      if (until - entity.deadline < 0) entity.protected_until = until;
    }
  }
  current_ = next;
  entity.charged = clock;
  since_ = clock;
}

void RunQueue::put_current(Entities& entities) {
  const EntityId was = current_;
  current_ = EntityId::none();
  if (entities[was].queued) put(entities, was);
}

bool RunQueue::is_protected(const Entities& entities) const {
  const Entity& current = entities[current_];
  return current.protected_until - current.vruntime > 0;
}

void RunQueue::shorten_protection(Entities& entities, const QueueRules& rules) const {
  Entity& current = entities[current_];
  const VirtualTime until =
      current.vruntime + virtual_of(least_slice(entities, rules), current.weight);
  if (until - current.protected_until < 0) current.protected_until = until;
}

void RunQueue::end_protection(Entities& entities) const {
  if (is_protected(entities)) entities[current_].protected_until = entities[current_].vruntime;
}

std::int64_t RunQueue::time_to_yield(const Entities& entities) const {
  if (count_ <= 1 || cfs_) return INT64_MAX;
  const Entity& current = entities[current_];
  const std::int64_t left =
      std::min(current.protected_until - current.vruntime, current.deadline - current.vruntime);
  return left <= 0 ? 0 : real_of(left, current.weight);
}

std::int64_t RunQueue::least_slice(const Entities& entities, const QueueRules& rules) const {
  if (!rules.own_slices) return rules.base_slice;
  std::int64_t least = INT64_MAX;
  if (!current_.is_none() && entities[current_].queued) least = entities[current_].slice;
  return timeline::least_slice(entities, root_, least);
}

void RunQueue::hash_into(Hasher& hasher) const {
  hasher.add(current_.index());
  hasher.add(count_);
  hasher.add(load_);
  hasher.add(base_.bits());
}

void RunQueue::put(Entities& entities, EntityId waiting) {
  Entity& entity = entities[waiting];
  entity.order = insertions_++;
  if (cfs_) entity.deadline = entity.vruntime;  // the timeline is ordered by it
  root_ = root_.is_none() ? timeline::plant(entities, waiting)
                          : timeline::insert(entities, root_, waiting);
  waiting_.key_weight +=
      static_cast<Int128>(entity.vruntime - base_) * static_cast<Int128>(entity.weight);
  waiting_.weight += entity.weight;
}

void RunQueue::take(Entities& entities, EntityId waiting) {
  const Entity& entity = entities[waiting];
  if (waiting_.weight == entity.weight && root_ == waiting) {  // the only one: nothing to search
    root_ = EntityId::none();
    waiting_ = Sum();
    return;
  }
  root_ = timeline::erase(entities, root_, waiting);
  waiting_.key_weight -=
      static_cast<Int128>(entity.vruntime - base_) * static_cast<Int128>(entity.weight);
  waiting_.weight -= entity.weight;
}

void RunQueue::move_base(VirtualTime to) {
  waiting_.key_weight -= static_cast<Int128>(to - base_) * static_cast<Int128>(waiting_.weight);
  base_ = to;
}

}  // namespace cotenant
