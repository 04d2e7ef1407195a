// SPDX-License-Identifier: Apache-2.0
//
// The event set against std::map in runs of random operations. The reference knows the order only
// as the tuple (instant, phase, sequence), so it shares no packing, no tree and no trick with what
// it checks.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <tuple>
#include <vector>

#include "sim/engine/event_set.h"

namespace cotenant {
namespace {

struct Note {
  std::uint64_t number = 0;
  void hash_into(Hasher& hasher) const { hasher.add(number); }
};

struct Load {
  std::uint64_t seed;
  std::uint32_t slots;
  std::size_t most_timers;
  unsigned delay_bits;  // delays are below 2^delay_bits, of all magnitudes
  std::uint64_t tie_salt;
};

class Comparison {
 public:
  explicit Comparison(const Load& load)
      : load_(load), random_(load.seed), set_(load.slots), slots_(load.slots) {
    set_.set_tie_salt(load.tie_salt);
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      check();
      if (testing::Test::HasFatalFailure()) return;
    }
    while (!set_.empty() && !testing::Test::HasFailure()) pop();
    EXPECT_TRUE(order_.empty());
    EXPECT_EQ(set_.scheduled_count(), sequence_);
  }

 private:
  using Key = std::tuple<std::int64_t, std::uint8_t, std::uint64_t>;
  struct Pending {
    std::uint64_t number;
    std::optional<std::uint32_t> slot;  // none: a timer
  };

  void step() {
    const std::uint64_t choice = random_() % 16;
    if (choice < 4) {
      schedule(random_slot());
    } else if (choice < 5) {
      cancel_slot(random_slot());
    } else if (choice < 9) {
      if (timers_.size() < load_.most_timers) start_timer();
    } else if (choice < 11) {
      cancel_timer();
    } else if (choice < 15) {
      pop();
      // As in a model, what fired often schedules itself again at once.
      if (last_slot_ && random_() % 2 == 0) schedule(*last_slot_);
    } else {
      advance();
    }
  }

  std::uint32_t random_slot() { return static_cast<std::uint32_t>(random_() % load_.slots); }

  // The key and event for something new, entered in the reference.
  Key next_key(std::optional<std::uint32_t> slot) {
    const std::uint64_t magnitude = random_() % load_.delay_bits;
    const auto delay = static_cast<std::int64_t>(random_() >> (63 - magnitude));
    const auto phase = static_cast<std::uint8_t>(random_() % 4);
    const std::uint64_t number = sequence_++;
    const std::uint64_t sequence =
        load_.tie_salt == 0 ? number : scrambled_sequence(number, load_.tie_salt);
    const Key key{set_.now().ns() + delay, phase, sequence};
    order_[key] = {number, slot};
    return key;
  }

  void schedule(std::uint32_t slot) {
    if (slots_[slot]) order_.erase(*slots_[slot]);
    const Key key = next_key(slot);
    slots_[slot] = key;
    set_.schedule(Slot(slot), Instant(std::get<0>(key)), std::get<1>(key), {sequence_ - 1});
  }

  void cancel_slot(std::uint32_t slot) {
    if (slots_[slot]) order_.erase(*slots_[slot]);
    slots_[slot].reset();
    set_.cancel(Slot(slot));
  }

  void start_timer() {
    const Key key = next_key({});
    const Timer timer =
        set_.start_timer(Instant(std::get<0>(key)), std::get<1>(key), {sequence_ - 1});
    timers_[sequence_ - 1] = {timer, key};
  }

  void cancel_timer() {
    if (timers_.empty()) return;
    // Either the earliest started of all, or one of the younger ones.
    auto found = timers_.begin();
    if (random_() % 2 == 0) {
      found = timers_.lower_bound(random_() % sequence_);
      if (found == timers_.end()) return;
    }
    order_.erase(found->second.second);
    set_.cancel(found->second.first);
    timers_.erase(found);
  }

  void pop() {
    last_slot_.reset();
    if (order_.empty()) return;
    const auto [key, pending] = *order_.begin();
    order_.erase(order_.begin());
    if (pending.number % 2 == 0) {
      const Instant at(std::get<0>(key));
      ASSERT_FALSE(set_.is_due_before(at));
      ASSERT_TRUE(set_.is_due_before(at + Duration(1)));
    }
    ASSERT_EQ(set_.pop().number, pending.number);
    ASSERT_EQ(set_.now(), Instant(std::get<0>(key)));
    last_slot_ = pending.slot;
    if (pending.slot) {
      slots_[*pending.slot].reset();
    } else {
      timers_.erase(pending.number);
    }
  }

  // Half way to the next event.
  void advance() {
    if (order_.empty()) return;
    const std::int64_t next = std::get<0>(order_.begin()->first);
    set_.advance_to(Instant(set_.now().ns() + (next - set_.now().ns()) / 2));
  }

  void check() {
    ASSERT_EQ(set_.empty(), order_.empty());
    const Instant next =
        order_.empty() ? Instant::never() : Instant(std::get<0>(order_.begin()->first));
    ASSERT_EQ(set_.next_instant(), next);
    const std::uint32_t slot = random_slot();
    ASSERT_EQ(set_.scheduled_at(Slot(slot)),
              slots_[slot] ? Instant(std::get<0>(*slots_[slot])) : Instant::never());
  }

  Load load_;
  std::mt19937_64 random_;
  EventSet<Note> set_;
  std::map<Key, Pending> order_;
  std::vector<std::optional<Key>> slots_;
  std::map<std::uint64_t, std::pair<Timer, Key>> timers_;  // by number, so the oldest is first
  std::optional<std::uint32_t> last_slot_;
  std::uint64_t sequence_ = 0;
};

TEST(EventSetDifferential, ManyTies) { Comparison({1, 40, 500, 2, 0}).run(800'000); }
TEST(EventSetDifferential, ManyTiesSalted) { Comparison({2, 40, 500, 2, 99}).run(800'000); }
TEST(EventSetDifferential, AllMagnitudesOfDelay) { Comparison({3, 40, 5'000, 40, 0}).run(800'000); }
TEST(EventSetDifferential, MostlyTimers) { Comparison({4, 1, 20'000, 33, 0}).run(800'000); }
TEST(EventSetDifferential, MostlySlots) { Comparison({5, 700, 2, 20, 0}).run(800'000); }

}  // namespace
}  // namespace cotenant
