// SPDX-License-Identifier: Apache-2.0
//
// The event set allocates nothing in steady state.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "sim/engine/event_set.h"
#include "tests/support/allocations.h"

namespace cotenant {
namespace {

struct Note {
  std::uint32_t slot = 0;
  bool is_timer = false;
  void hash_into(Hasher& hasher) const { hasher.add(slot); }
};

// Entities that schedule themselves and each other, and requests that start a timeout of about ten
// seconds, most of which are cancelled. The number in flight is at most 1,000 and touches that
// often.
class Traffic {
 public:
  Traffic() : set_(100) {
    timeouts_.reserve(1'000);
    for (std::uint32_t i = 0; i < 100; ++i) set_.schedule(Slot(i), Instant(i), 0, {i, false});
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }
  EventSet<Note>& set() { return set_; }

 private:
  Duration below(std::uint64_t bound) {
    return Duration(static_cast<std::int64_t>(random_() % bound));
  }

  void step() {
    const Note event = set_.pop();
    if (event.is_timer) {
      // A think time: it was not remembered, so there is nothing to forget.
      set_.start_timer(set_.now() + below(1'000'000'000), 1, event);
      return;
    }
    set_.schedule(Slot(event.slot), set_.now() + below(2'000'000), 0, event);
    const auto other = static_cast<std::uint32_t>(random_() % 100);
    set_.schedule(Slot(other), set_.now() + below(2'000'000), 0, {other, false});
    if (thinkers_ < 200) {
      ++thinkers_;
      set_.start_timer(set_.now() + below(1'000'000'000), 1, {0, true});
    }
    if (timeouts_.size() == 1'000) {
      while (timeouts_.size() > 500) cancel_one();
    }
    timeouts_.push_back(
        set_.start_timer(set_.now() + seconds(1'000) + below(10'000'000'000), 2, {}));
    if (random_() % 4 == 0) cancel_one();
  }

  void cancel_one() {
    std::swap(timeouts_[random_() % timeouts_.size()], timeouts_.back());
    set_.cancel(timeouts_.back());
    timeouts_.pop_back();
  }

  std::mt19937_64 random_{1};
  EventSet<Note> set_;
  std::vector<Timer> timeouts_;
  int thinkers_ = 0;
};

TEST(EventSetAllocation, TheCounterCounts) {
  const std::uint64_t before = allocations_so_far();
  const EventSet<Note> set(2);
  EXPECT_GT(allocations_so_far(), before);
}

TEST(EventSetAllocation, NothingIsAllocatedInSteadyState) {
  Traffic traffic;
  traffic.run(200'000);
  const Bytes memory = traffic.set().memory();
  const std::uint64_t before = allocations_so_far();
  traffic.run(2'000'000);
  EXPECT_EQ(allocations_so_far(), before);
  EXPECT_EQ(traffic.set().memory(), memory);
}

}  // namespace
}  // namespace cotenant
