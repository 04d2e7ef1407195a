// SPDX-License-Identifier: Apache-2.0
//
// The timer heap against std::map, and the cases a radix structure gets wrong: insertions before
// what was looked at, many timers of one instant, and memory that only grows.
#include "sim/engine/timer_heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace cotenant {
namespace {

Uint128 key_at(std::uint64_t instant, std::uint64_t order) {
  return static_cast<Uint128>(instant) << 64 | order;
}

// A timer heap and its reference; every operation checks that they agree on the earliest.
class Pair {
 public:
  void start(Uint128 key) {
    const TimerHeap::Handle handle = heap_.start(key);
    ASSERT_TRUE(reference_.emplace(key, handle).second);
    check();
  }
  void cancel_near(Uint128 key) {
    const auto found = near(key);
    heap_.cancel(found->second);
    reference_.erase(found);
    check();
  }
  void reschedule_near(Uint128 key, Uint128 to) {
    const auto found = near(key);
    const TimerHeap::Handle handle = found->second;
    heap_.reschedule(handle, to);
    reference_.erase(found);
    ASSERT_TRUE(reference_.emplace(to, handle).second);
    ASSERT_TRUE(heap_.key(handle) == to);
    check();
  }
  // Returns the key.
  Uint128 pop() {
    const Uint128 key = heap_.earliest_key();
    const auto first = reference_.begin();
    EXPECT_EQ(heap_.pop(), first->second);
    reference_.erase(first);
    check();
    return key;
  }
  std::size_t size() const { return reference_.size(); }
  const TimerHeap& heap() const { return heap_; }

 private:
  std::map<Uint128, TimerHeap::Handle>::iterator near(Uint128 key) {
    const auto found = reference_.lower_bound(key);
    return found == reference_.end() ? reference_.begin() : found;
  }
  void check() {
    ASSERT_EQ(heap_.size(), reference_.size());
    ASSERT_EQ(heap_.empty(), reference_.empty());
    const Uint128 earliest = reference_.empty() ? TimerHeap::kNothing : reference_.begin()->first;
    ASSERT_TRUE(heap_.earliest_key() == earliest);
  }

  TimerHeap heap_;
  std::map<Uint128, TimerHeap::Handle> reference_;
};

// One long random run. Distances to the last popped instant are below 2^bits, so that few bits mean
// many ties and many bits a deep tree; the population swings between nothing and `most`.
void compare_with_map(unsigned bits, std::size_t most, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Pair pair;
  std::uint64_t now = 0;
  std::uint64_t sequence = 0;
  bool growing = true;
  const auto some_key = [&] {
    const std::uint64_t distance = random() >> (64 - 1 - random() % bits);
    const std::uint64_t phase = random() % 3;  // later timers may come before earlier ones
    return key_at(now + distance, phase << 60 | sequence++ << 20);
  };
  for (int step = 0; step < 400'000; ++step) {
    if (pair.size() >= most) growing = false;
    if (pair.size() == 0) growing = true;
    const std::uint64_t choice = random() % 16;
    if (pair.size() == 0 || choice < (growing ? 9u : 5u)) {
      pair.start(some_key());
    } else if (choice < 11) {
      pair.cancel_near(some_key());
    } else if (choice < 13) {
      const Uint128 from = some_key();
      pair.reschedule_near(from, some_key());
    } else {
      now = static_cast<std::uint64_t>(pair.pop() >> 64);
    }
    if (testing::Test::HasFatalFailure()) return;
  }
  while (pair.size() > 0) pair.pop();
}

TEST(TimerHeap, AgreesWithAMapWhenInstantsAreFewAndTiesMany) { compare_with_map(2, 2'000, 1); }
TEST(TimerHeap, AgreesWithAMapAtTheScaleOfRequests) { compare_with_map(24, 2'000, 2); }
TEST(TimerHeap, AgreesWithAMapAtTheScaleOfDays) { compare_with_map(47, 20'000, 3); }
TEST(TimerHeap, AgreesWithAMapWhenNearlyEmpty) { compare_with_map(33, 8, 4); }

TEST(TimerHeap, TakesTimersEarlierThanTheMinimumThatWasLookedAt) {
  // A radix heap that redistributes when its minimum is looked at counts from that minimum
  // afterwards, and misplaces everything earlier. Here every new timer is earlier than the minimum
  // just seen, with distances to it of every power of two, and late ones come in between.
  Pair pair;
  std::uint64_t sequence = 0;
  const std::uint64_t far = std::uint64_t{1} << 50;
  for (; sequence < 100; ++sequence) pair.start(key_at(far + sequence, sequence));
  for (int bit = 0; bit < 50; ++bit) {
    pair.start(key_at(far - (std::uint64_t{1} << bit), sequence++));
    pair.start(key_at(far + (std::uint64_t{1} << bit), sequence++));
  }
  // Taking the earliest and starting one between it and the next, over and over.
  for (int i = 0; i < 150; ++i) {
    const auto taken = static_cast<std::uint64_t>(pair.pop() >> 64);
    const auto next = static_cast<std::uint64_t>(pair.heap().earliest_key() >> 64);
    pair.start(key_at(taken + (next - taken) / 2, sequence++));
    pair.pop();
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_EQ(pair.size(), 200u - 150u);
}

TEST(TimerHeap, OrdersThousandsOfTimersOfOneInstant) {
  std::vector<std::uint64_t> orders;
  for (std::uint64_t i = 0; i < 10'000; ++i) orders.push_back(i % 16 << 60 | (i * i) << 20);
  std::shuffle(orders.begin(), orders.end(), std::mt19937_64(5));
  TimerHeap heap;
  for (const std::uint64_t order : orders) heap.start(key_at(12'345, order));
  std::sort(orders.begin(), orders.end());
  for (const std::uint64_t order : orders) {
    ASSERT_TRUE(heap.earliest_key() == key_at(12'345, order));
    heap.pop();
  }
  EXPECT_TRUE(heap.empty());
}

TEST(TimerHeap, HoldsTheLargestInstants) {
  Pair pair;
  const std::uint64_t last = (std::uint64_t{1} << 63) - 2;  // the last instant before never
  for (std::uint64_t i = 0; i < 100; ++i) pair.start(key_at(last - i % 3, ~std::uint64_t{0} - i));
  for (std::uint64_t i = 0; i < 100; ++i) pair.start(key_at(i % 3, i));
  while (pair.size() > 0) pair.pop();
}

TEST(TimerHeap, ReusesHandlesAndRejectsDeadOnes) {
  TimerHeap heap;
  const TimerHeap::Handle first = heap.start(key_at(1, 1));
  const TimerHeap::Handle second = heap.start(key_at(2, 2));
  EXPECT_NE(first, second);
  heap.cancel(first);
  EXPECT_FALSE(heap.is_pending(first));
  EXPECT_THROW(heap.cancel(first), Bug);
  EXPECT_THROW(heap.reschedule(first, key_at(3, 3)), Bug);
  EXPECT_THROW(static_cast<void>(heap.key(first)), Bug);
  EXPECT_THROW(heap.cancel(99), Bug);
  EXPECT_EQ(heap.start(key_at(4, 4)), first);
  EXPECT_EQ(heap.handle_bound(), 2u);
  heap.pop();
  heap.pop();
  EXPECT_THROW(heap.pop(), Bug);
  EXPECT_THROW(heap.start(TimerHeap::kNothing), Bug);
}

// The memory that `pending` timers may take: 25 bytes an entry and 4 a handle, twice that because
// vectors double; and a partly filled chunk of 392 bytes for each of the 64 bags of the five or six
// nodes on the way to the earliest timer, doubled again.
std::size_t memory_bound(std::size_t pending) { return 2 * (29 * pending + 6 * 64 * 392); }

TEST(TimerHeap, MemoryIsBoundedByTheTimersPendingAtOnce) {
  // Five million timers, never more than a thousand at once. Half of them are cancelled at random,
  // as timeouts are; the others run out.
  std::mt19937_64 random(6);
  TimerHeap heap;
  std::uint64_t now = 0;
  std::uint64_t sequence = 0;
  for (int step = 0; step < 2'500'000; ++step) {
    while (heap.size() < 1'000) {
      heap.start(key_at(now + random() % 10'000'000'000, sequence++ << 20));
    }
    const auto candidate = static_cast<TimerHeap::Handle>(random() % heap.handle_bound());
    if (heap.is_pending(candidate)) heap.cancel(candidate);
    if (heap.empty()) continue;
    now = static_cast<std::uint64_t>(heap.earliest_key() >> 64);
    heap.pop();
  }
  EXPECT_EQ(heap.handle_bound(), 1'000u);
  EXPECT_LT(heap.bytes_held(), memory_bound(1'000));
}

TEST(TimerHeap, MemoryIsBoundedWhenTheEarliestTimerIsAlwaysTheOneCancelled) {
  // Requests complete in order and cancel the oldest timeout: the earliest timer changes each time
  // without one ever firing, while short timers are started before all of them and fire.
  TimerHeap heap;
  std::vector<TimerHeap::Handle> timeouts(10'000);
  std::uint64_t sequence = 0;
  std::uint64_t now = 0;
  const auto timeout = [&] { return key_at(now + 10'000'000'000, sequence++ << 20); };
  for (TimerHeap::Handle& handle : timeouts) {
    now += 1'000;
    handle = heap.start(timeout());
  }
  for (std::size_t step = 0; step < 2'000'000; ++step) {
    now += 1'000;
    TimerHeap::Handle& oldest = timeouts[step % timeouts.size()];
    heap.cancel(oldest);
    oldest = heap.start(timeout());
    const TimerHeap::Handle brief = heap.start(key_at(now + 100, sequence++ << 20));
    ASSERT_EQ(heap.pop(), brief);
  }
  EXPECT_EQ(heap.size(), 10'000u);
  EXPECT_LT(heap.bytes_held(), memory_bound(10'001));
}

TEST(TimerHeap, CopiesAreIndependent) {
  TimerHeap heap;
  for (std::uint64_t i = 0; i < 1'000; ++i) heap.start(key_at(i * 7'919 % 1'000, i));
  TimerHeap copy = heap;
  while (!copy.empty()) copy.pop();
  EXPECT_EQ(heap.size(), 1'000u);
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    ASSERT_EQ(static_cast<std::uint64_t>(heap.earliest_key() >> 64), i);
    heap.pop();
  }
}

}  // namespace
}  // namespace cotenant
