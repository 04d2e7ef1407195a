// SPDX-License-Identifier: Apache-2.0
//
// What is going to happen, in the total order (instant, phase, sequence of scheduling). What can
// have one pending event only (a CPU, a worker, a source of arrivals) owns a slot; what comes in
// any number (timeouts, think times) is a timer. It orders events and keeps them; it does not know
// what they mean, and it forgets an event when it hands it out. Nothing is allocated once the
// numbers of slots and of simultaneously pending timers have been seen.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"
#include "sim/engine/event_key.h"
#include "sim/engine/sparse_winner_tree.h"
#include "sim/engine/timer_heap.h"

namespace cotenant {

using Slot = Id<struct SlotTag>;
using Timer = Id<struct TimerTag>;  // given out again after it fired or was cancelled

// Event is a small plain struct with hash_into(Hasher&) const. A copy of the set behaves as the
// original.
template <class Event>
class EventSet {
  static_assert(std::is_trivially_copyable_v<Event> && sizeof(Event) <= 16,
                "events are copied at every step: keep them to two words");

 public:
  explicit EventSet(std::uint32_t slots = 0) { resize(slots); }

  // At set-up only.
  Slot add_slot() {
    resize(slots_.size() + 1);
    return Slot(slots_.size() - 1);
  }

  // The instant of the last event that was taken; zero at first.
  Instant now() const { return now_; }

  // Replaces what was pending in the slot.
  void schedule(Slot slot, Instant at, std::uint8_t phase, Event event) {
    slots_.set(slot.index(), next_key(at, phase, slot.index()));
    slot_events_[slot.index()] = event;
    if (slot == vacated_) vacated_ = Slot::none();
  }

  // As whoever owns the slot says when something happens next; never: cancels.
  void follow(Slot slot, Instant at, std::uint8_t phase, Event event) {
    if (at == scheduled_at(slot)) return;
    if (at == Instant::never()) return cancel(slot);
    schedule(slot, at, phase, event);
  }

  // Nothing happens when nothing is pending.
  void cancel(Slot slot) {
    if (slots_.key(slot.index()) == kNothing) return;
    slots_.clear(slot.index());
    if (slot == vacated_) vacated_ = Slot::none();
  }

  // Instant::never() when nothing is pending.
  Instant scheduled_at(Slot slot) const {
    return slot == vacated_ ? Instant::never() : instant_of(slots_.key(slot.index()));
  }

  Timer start_timer(Instant at, std::uint8_t phase, Event event) {
    const std::uint32_t handle = timers_.start(next_key(at, phase, 0));
    if (handle >= timer_events_.size()) timer_events_.resize(timers_.handle_bound());
    timer_events_[handle] = event;
    return Timer(handle);
  }

  // Requires that the timer is pending.
  void cancel(Timer timer) { timers_.cancel(timer.index()); }

  bool empty() const { return earliest_slot_key() == kNothing && timers_.empty(); }

  // Instant::never() when empty.
  Instant next_instant() const {
    return std::min(instant_of(earliest_slot_key()), instant_of(timers_.earliest_key()));
  }

  // Whether there is an event earlier than that. Not const, because it does what pop() has to do
  // first.
  bool is_due_before(Instant until) {
    settle();
    return is_before(slots_.winner_key(), until) || is_before(timers_.earliest_key(), until);
  }

  // Removes the first event and moves now() to its instant. Requires that there is one.
  Event pop() {
    settle();
    const Uint128 slot_key = slots_.winner_key();
    const Uint128 timer_key = timers_.earliest_key();
    if (timer_key < slot_key) {
      ++popped_;
      now_ = instant_of(timer_key);
      return timer_events_[timers_.pop()];
    }
    COTENANT_ASSERT(slot_key != kNothing);
    ++popped_;
    now_ = instant_of(slot_key);
    vacated_ = Slot(slot_of(slot_key));
    return slot_events_[vacated_.index()];
  }

  // Moves now() forward without an event, to the end of a run. Nothing earlier may be pending.
  void advance_to(Instant at) {
    COTENANT_ASSERT(at >= now_ && at <= next_instant());
    now_ = at;
  }

  std::uint64_t scheduled_count() const { return scheduled_; }
  std::uint64_t popped_count() const { return popped_; }

  // Memory held, to be compared with a budget.
  Bytes memory() const {
    const std::size_t bytes = slots_.bytes_held() + slot_events_.capacity() * sizeof(Event) +
                              timers_.bytes_held() + timer_events_.capacity() * sizeof(Event);
    return Bytes(static_cast<std::int64_t>(bytes));
  }

  // The pending events in order, whatever was scheduled, cancelled or replaced on the way there.
  // Timers are told apart from slots, but not by their handles, which depend on that way.
  void hash_into(Hasher& hasher) const {
    std::vector<Pending> pending = all_pending();
    std::sort(pending.begin(), pending.end(),
              [](const Pending& a, const Pending& b) { return a.key < b.key; });
    hasher.add(pending.size());
    for (const Pending& each : pending) {
      hasher.add_signed(instant_of(each.key).ns());
      hasher.add(phase_of(each.key));
      hasher.add(each.is_timer ? std::uint64_t{kMaxSlots} : slot_of(each.key));
      each.event.hash_into(hasher);
    }
  }

  // For tests that events of equal instant and phase commute: when not zero, they come in another
  // order, which the salt determines. Before anything is scheduled only, so that sequences stay
  // distinct.
  void set_tie_salt(std::uint64_t salt) {
    COTENANT_ASSERT(scheduled_ == 0);
    tie_salt_ = salt;
  }

 private:
  static constexpr Uint128 kNothing = ~Uint128{0};

  struct Pending {
    Uint128 key;
    Event event;
    bool is_timer;
  };

  void resize(std::uint32_t slots) {
    COTENANT_ASSERT(slots <= kMaxSlots);
    slots_.grow(slots);
    slot_events_.resize(slots);
  }

  Uint128 next_key(Instant at, std::uint8_t phase, std::uint32_t slot) {
    COTENANT_ASSERT(at >= now_ && at != Instant::never());
    COTENANT_ASSERT(phase < 1u << kPhaseBits && scheduled_ <= kMaxSequence);
    std::uint64_t sequence = scheduled_++;
    if (tie_salt_ != 0) sequence = scrambled_sequence(sequence, tie_salt_);
    return event_key(at, phase, sequence, slot);
  }

  // The slot of the last event still has its key in the tree: usually its entity schedules its next
  // event at once, and one walk through the tree serves both. Whoever looks at the tree has to see
  // past it.
  void settle() {
    if (vacated_.is_none()) return;
    slots_.clear(vacated_.index());
    vacated_ = Slot::none();
  }

  Uint128 earliest_slot_key() const {
    return vacated_.is_none() ? slots_.winner_key() : slots_.winner_key_without(vacated_.index());
  }

  std::vector<Pending> all_pending() const {
    std::vector<Pending> pending;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_.key(i) == kNothing || Slot(i) == vacated_) continue;
      pending.push_back({slots_.key(i), slot_events_[i], false});
    }
    for (std::uint32_t i = 0; i < timers_.handle_bound(); ++i) {
      if (timers_.is_pending(i)) pending.push_back({timers_.key(i), timer_events_[i], true});
    }
    return pending;
  }

  SparseWinnerTree<Uint128> slots_;
  std::vector<Event> slot_events_;
  TimerHeap timers_;
  std::vector<Event> timer_events_;  // by handle
  Instant now_;
  Slot vacated_;  // the slot of the last event, while its key is still in the tree
  std::uint64_t scheduled_ = 0;
  std::uint64_t popped_ = 0;
  std::uint64_t tie_salt_ = 0;
};

}  // namespace cotenant
