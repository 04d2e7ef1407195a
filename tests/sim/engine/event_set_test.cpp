// SPDX-License-Identifier: Apache-2.0
//
// What the event set promises, one promise a test. The long random comparison with a reference is
// in event_set_differential_test.cpp.
#include "sim/engine/event_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace cotenant {
namespace {

struct Note {
  std::uint64_t number = 0;
  void hash_into(Hasher& hasher) const { hasher.add(number); }
};
using Notes = EventSet<Note>;

std::uint64_t hash_of(const Notes& set) {
  Hasher hasher;
  set.hash_into(hasher);
  return hasher.value();
}

std::vector<std::uint64_t> drain(Notes& set) {
  std::vector<std::uint64_t> numbers;
  while (!set.empty()) numbers.push_back(set.pop().number);
  return numbers;
}

TEST(EventKey, GivesBackWhatWentIn) {
  const Uint128 key = event_key(Instant(123'456'789), 13, kMaxSequence, kMaxSlots - 1);
  EXPECT_EQ(instant_of(key), Instant(123'456'789));
  EXPECT_EQ(phase_of(key), 13);
  EXPECT_EQ(slot_of(key), kMaxSlots - 1);
  EXPECT_EQ(instant_of(~Uint128{0}), Instant::never());
}

TEST(EventKey, ScramblingNeverMakesTwoSequencesEqual) {
  // A bijection on 40 bits cannot be tried out in full. Neighbors at both ends of the range and
  // numbers that differ in one bit only are where a lossy step would show first.
  for (const std::uint64_t salt : {1u, 2u, 77u}) {
    std::vector<std::uint64_t> sequences;
    for (std::uint64_t i = 0; i < 300'000; ++i) sequences.push_back(i);
    for (std::uint64_t i = 0; i < 300'000; ++i) sequences.push_back(kMaxSequence - i);
    for (unsigned bit = 19; bit < kSequenceBits; ++bit) {
      for (std::uint64_t i = 0; i < 1'000; ++i) sequences.push_back((std::uint64_t{1} << bit) + i);
    }
    std::sort(sequences.begin(), sequences.end());
    sequences.erase(std::unique(sequences.begin(), sequences.end()), sequences.end());
    std::vector<std::uint64_t> scrambled;
    for (const std::uint64_t each : sequences) scrambled.push_back(scrambled_sequence(each, salt));
    std::sort(scrambled.begin(), scrambled.end());
    EXPECT_EQ(std::adjacent_find(scrambled.begin(), scrambled.end()), scrambled.end());
    EXPECT_LE(scrambled.back(), kMaxSequence);
  }
}

TEST(EventSet, StartsEmptyAtInstantZero) {
  const Notes set(3);
  EXPECT_TRUE(set.empty());
  EXPECT_EQ(set.now(), Instant(0));
  EXPECT_EQ(set.next_instant(), Instant::never());
  EXPECT_EQ(set.scheduled_at(Slot(1)), Instant::never());
}

TEST(EventSet, OrdersByInstantThenPhaseThenScheduling) {
  Notes set(3);
  set.schedule(Slot(0), Instant(5), 2, {4});
  set.start_timer(Instant(5), 1, {2});
  set.schedule(Slot(1), Instant(5), 1, {3});
  set.start_timer(Instant(5), 2, {5});
  set.schedule(Slot(2), Instant(4), 15, {1});
  set.start_timer(Instant(6), 0, {6});
  EXPECT_EQ(drain(set), (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(set.now(), Instant(6));
  EXPECT_EQ(set.scheduled_count(), 6u);
  EXPECT_EQ(set.popped_count(), 6u);
}

TEST(EventSet, AnEarlierPhaseOfTheSameInstantStillComesNext) {
  // The event of phase 3 is out when its handler schedules phases 1 and 2 of the same instant: less
  // than the last key, which is no error.
  Notes set(1);
  set.start_timer(Instant(9), 3, {1});
  set.start_timer(Instant(9), 3, {4});
  EXPECT_EQ(set.pop().number, 1u);
  set.start_timer(Instant(9), 2, {3});
  set.schedule(Slot(0), Instant(9), 1, {2});
  EXPECT_EQ(drain(set), (std::vector<std::uint64_t>{2, 3, 4}));
}

TEST(EventSet, SchedulingReplacesWhatWasPendingInTheSlot) {
  Notes set(2);
  set.schedule(Slot(0), Instant(10), 0, {1});
  set.schedule(Slot(1), Instant(20), 0, {2});
  set.schedule(Slot(0), Instant(30), 0, {3});
  EXPECT_EQ(set.scheduled_at(Slot(0)), Instant(30));
  EXPECT_EQ(set.next_instant(), Instant(20));
  EXPECT_EQ(drain(set), (std::vector<std::uint64_t>{2, 3}));
}

TEST(EventSet, ATakenEventIsNoLongerPending) {
  // The key of the slot that fired stays in the tree until something else happens; nobody may see
  // it.
  Notes set(2);
  set.schedule(Slot(0), Instant(10), 0, {1});
  set.schedule(Slot(1), Instant(20), 0, {2});
  set.pop();
  EXPECT_EQ(set.scheduled_at(Slot(0)), Instant::never());
  EXPECT_EQ(set.next_instant(), Instant(20));
  set.schedule(Slot(1), Instant(40), 0, {3});
  EXPECT_EQ(set.next_instant(), Instant(40));
  set.cancel(Slot(1));
  EXPECT_TRUE(set.empty());
  EXPECT_EQ(set.next_instant(), Instant::never());
  set.cancel(Slot(0));
  EXPECT_TRUE(set.empty());
  EXPECT_THROW(set.pop(), Bug);
}

TEST(EventSet, KnowsWhetherSomethingIsDue) {
  Notes set(1);
  EXPECT_FALSE(set.is_due_before(Instant::never()));
  set.schedule(Slot(0), Instant(10), 0, {1});
  set.start_timer(Instant(20), 0, {2});
  EXPECT_FALSE(set.is_due_before(Instant(10)));
  EXPECT_TRUE(set.is_due_before(Instant(11)));
  set.pop();
  EXPECT_FALSE(set.is_due_before(Instant(20)));
  EXPECT_TRUE(set.is_due_before(Instant(21)));
  set.pop();
  EXPECT_FALSE(set.is_due_before(Instant::never()));
}

TEST(EventSet, CancellingRemovesAndIsHarmlessForAnEmptySlot) {
  Notes set(2);
  set.cancel(Slot(0));
  set.schedule(Slot(0), Instant(10), 0, {1});
  const Timer timer = set.start_timer(Instant(5), 0, {2});
  set.schedule(Slot(1), Instant(20), 0, {3});
  set.cancel(timer);
  set.cancel(Slot(0));
  EXPECT_EQ(drain(set), (std::vector<std::uint64_t>{3}));
}

TEST(EventSet, ADeadTimerCannotBeCancelled) {
  Notes set;
  const Timer fired = set.start_timer(Instant(1), 0, {1});
  set.pop();
  EXPECT_THROW(set.cancel(fired), Bug);
  EXPECT_THROW(set.cancel(Timer::none()), Bug);
}

TEST(EventSet, ThePastCannotBeScheduled) {
  Notes set(1);
  set.schedule(Slot(0), Instant(10), 0, {1});
  set.pop();
  set.schedule(Slot(0), Instant(10), 0, {2});  // now is allowed
  EXPECT_THROW(set.schedule(Slot(0), Instant(9), 0, {3}), Bug);
  EXPECT_THROW(set.start_timer(Instant(9), 0, {3}), Bug);
  EXPECT_THROW(set.schedule(Slot(0), Instant::never(), 0, {3}), Bug);
  EXPECT_THROW(set.schedule(Slot(0), Instant(11), 16, {3}), Bug);
  EXPECT_THROW(set.schedule(Slot(1), Instant(11), 0, {3}), Bug);
  EXPECT_THROW(Notes().start_timer(Instant(-1), 0, {3}), Bug);
}

TEST(EventSet, AdvancesToTheEndOfARunButNotPastAnEvent) {
  Notes set(1);
  set.schedule(Slot(0), Instant(10), 0, {1});
  set.advance_to(Instant(7));
  EXPECT_EQ(set.now(), Instant(7));
  EXPECT_THROW(set.advance_to(Instant(6)), Bug);
  EXPECT_THROW(set.advance_to(Instant(11)), Bug);
  set.advance_to(Instant(10));  // what happens at 10 has not happened yet
  EXPECT_EQ(set.pop().number, 1u);
  set.advance_to(Instant(1'000));
  EXPECT_EQ(set.now(), Instant(1'000));
}

TEST(EventSet, AddsSlotsUpToTheWidthOfTheKey) {
  Notes set;
  EXPECT_EQ(set.add_slot(), Slot(0));
  set.schedule(Slot(0), Instant(3), 0, {1});
  for (std::uint32_t i = 1; i < 10; ++i) EXPECT_EQ(set.add_slot(), Slot(i));
  set.schedule(Slot(9), Instant(2), 0, {2});
  EXPECT_EQ(drain(set), (std::vector<std::uint64_t>{2, 1}));

  Notes full(kMaxSlots);
  full.schedule(Slot(kMaxSlots - 1), Instant(1), 0, {7});
  EXPECT_EQ(full.pop().number, 7u);
  EXPECT_THROW(full.add_slot(), Bug);
}

// Slots, timers, ties, cancellations, and a slot whose event has just been taken.
Notes busy_set(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Notes set(50);
  std::vector<Timer> timers;
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    const Instant at = set.now() + Duration(static_cast<std::int64_t>(random() % 64));
    const auto phase = static_cast<std::uint8_t>(random() % 4);
    set.schedule(Slot(static_cast<std::uint32_t>(random() % 50)), at, phase, {i});
    timers.push_back(set.start_timer(at + seconds(1), phase, {1'000'000 + i}));
    if (random() % 3 == 0) {
      std::swap(timers[random() % timers.size()], timers.back());
      set.cancel(timers.back());
      timers.pop_back();
    }
    if (random() % 2 == 0) set.pop();
  }
  set.pop();
  return set;
}

TEST(EventSet, ACopyBehavesAsTheOriginalAndThenGoesItsOwnWay) {
  Notes original = busy_set(1);
  Notes copy = original;
  EXPECT_EQ(hash_of(copy), hash_of(original));
  // The same operations give the same results, timer handles included.
  for (std::uint64_t i = 0; i < 500; ++i) {
    const Instant at = original.now() + Duration(static_cast<std::int64_t>(i % 7));
    ASSERT_EQ(copy.start_timer(at, 0, {i}), original.start_timer(at, 0, {i}));
    ASSERT_EQ(copy.pop().number, original.pop().number);
    ASSERT_EQ(copy.now(), original.now());
    ASSERT_EQ(hash_of(copy), hash_of(original));
  }
  const std::uint64_t before = hash_of(original);
  copy.schedule(Slot(0), copy.now(), 0, {42});
  EXPECT_NE(hash_of(copy), before);
  drain(copy);
  EXPECT_EQ(hash_of(original), before);
  EXPECT_FALSE(original.empty());
}

TEST(EventSet, TheHashSeesWhatIsPendingOnly) {
  // The same four events; the long way round cancels, replaces, takes and reuses handles on the
  // way.
  Notes direct(2);
  direct.schedule(Slot(0), Instant(100), 1, {1});
  direct.start_timer(Instant(90), 0, {2});
  direct.start_timer(Instant(100), 1, {3});
  direct.schedule(Slot(1), Instant(80), 0, {4});

  Notes detour(2);
  std::vector<Timer> timers;
  for (std::uint64_t i = 0; i < 1'000; ++i)
    timers.push_back(detour.start_timer(Instant(200), 0, {i}));
  for (const Timer timer : timers) detour.cancel(timer);
  detour.schedule(Slot(1), Instant(70), 0, {9});
  detour.pop();
  detour.schedule(Slot(0), Instant(75), 0, {8});
  detour.schedule(Slot(1), Instant(80), 0, {4});
  detour.schedule(Slot(0), Instant(100), 1, {1});
  detour.start_timer(Instant(100), 1, {3});
  detour.start_timer(Instant(90), 0, {2});
  EXPECT_EQ(hash_of(detour), hash_of(direct));
  EXPECT_EQ(drain(detour), drain(direct));
}

TEST(EventSet, TheHashSeesEveryPartOfAPendingEvent) {
  const auto with = [](std::uint32_t slot, std::int64_t at, std::uint8_t phase,
                       std::uint64_t number) {
    Notes set(2);
    set.schedule(Slot(slot), Instant(at), phase, {number});
    return hash_of(set);
  };
  Notes timer(2);
  timer.start_timer(Instant(1), 0, {5});
  Notes taken(2);
  taken.schedule(Slot(0), Instant(1), 0, {5});
  taken.pop();
  const std::set<std::uint64_t> hashes = {with(0, 1, 0, 5), with(1, 1, 0, 5), with(0, 2, 0, 5),
                                          with(0, 1, 1, 5), with(0, 1, 0, 6), hash_of(timer),
                                          hash_of(taken)};
  EXPECT_EQ(hashes.size(), 7u);
  EXPECT_EQ(hash_of(taken), hash_of(Notes(2)));
}

// Ten events of the same instant and phase in each of two phases, half in slots and half timers.
std::vector<std::uint64_t> order_with_salt(std::uint64_t salt) {
  Notes set(10);
  set.set_tie_salt(salt);
  for (std::uint32_t i = 0; i < 10; ++i) {
    const std::uint8_t phase = i < 5 ? 0 : 1;
    set.schedule(Slot(i), Instant(1), phase, {2 * i});
    set.start_timer(Instant(1), phase, {2 * i + 1});
  }
  return drain(set);
}

TEST(EventSet, TheTieSaltPermutesEqualInstantsAndPhasesOnly) {
  std::vector<std::uint64_t> in_order(20);
  std::iota(in_order.begin(), in_order.end(), 0u);
  EXPECT_EQ(order_with_salt(0), in_order);
  for (const std::uint64_t salt : {1u, 2u, 3u}) {
    std::vector<std::uint64_t> salted = order_with_salt(salt);
    EXPECT_EQ(salted, order_with_salt(salt));
    EXPECT_NE(salted, in_order);
    EXPECT_NE(salted, order_with_salt(salt + 1));
    // The first ten are of phase 0 and the last ten of phase 1, none is lost.
    std::sort(salted.begin(), salted.begin() + 10);
    std::sort(salted.begin() + 10, salted.end());
    EXPECT_EQ(salted, in_order);
  }
  Notes started(1);
  started.schedule(Slot(0), Instant(1), 0, {1});
  EXPECT_THROW(started.set_tie_salt(1), Bug);
}

}  // namespace
}  // namespace cotenant
