// SPDX-License-Identifier: Apache-2.0
//
// The event set against the plain structures one would write first: the hold model (take the
// earliest of N events, schedule it again), the same with a second event moved at each step,
// timeouts that are nearly always cancelled, and an M/M/1 queue. Times are per step. The increments
// are exponential, from a table, so that drawing them (about 1 ns) does not hide what is measured.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include "bench/increments.h"
#include "sim/engine/event_set.h"

namespace cotenant {
namespace {

std::uint32_t size_of(const benchmark::State& state) {
  return static_cast<std::uint32_t>(state.range(0));
}

void hold_slots(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  Increments increments;
  Events events(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    events.schedule(Slot(i), Instant() + increments.next(), 0, {i, 0});
  }
  for (auto _ : state) {
    const BenchEvent event = events.pop();
    events.schedule(Slot(event.entity), events.now() + increments.next(), 0, event);
  }
}
BENCHMARK(hold_slots)->Arg(2)->Arg(100)->Arg(1'000)->Arg(10'000)->Arg(1'000'000);

void hold_timers(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  Increments increments;
  Events events;
  for (std::uint32_t i = 0; i < n; ++i) {
    events.start_timer(Instant() + increments.next(), 0, {i, 0});
  }
  for (auto _ : state) {
    const BenchEvent event = events.pop();
    events.start_timer(events.now() + increments.next(), 0, event);
  }
}
BENCHMARK(hold_timers)->Arg(100)->Arg(1'000)->Arg(10'000)->Arg(1'000'000);

struct PlainEntry {
  std::int64_t at = 0;
  std::uint64_t sequence = 0;
  std::uint32_t entity = 0;
};
struct Later {
  bool operator()(const PlainEntry& a, const PlainEntry& b) const {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }
};
static_assert(sizeof(PlainEntry) == 24);

void hold_priority_queue(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  Increments increments;
  std::uint64_t sequence = 0;
  std::priority_queue<PlainEntry, std::vector<PlainEntry>, Later> queue;
  for (std::uint32_t i = 0; i < n; ++i) queue.push({increments.next().count(), sequence++, i});
  for (auto _ : state) {
    const PlainEntry entry = queue.top();
    queue.pop();
    queue.push({entry.at + increments.next().count(), sequence++, entry.entity});
  }
}
BENCHMARK(hold_priority_queue)->Arg(100)->Arg(10'000)->Arg(1'000'000);

// The usual improvement on the above: four children a node, keys of two words.
class FourAryHeap {
 public:
  bool empty() const { return keys_.empty(); }
  Uint128 top() const { return keys_.front(); }

  void push(Uint128 key) {
    std::size_t at = keys_.size();
    keys_.push_back(key);
    for (; at > 0 && key < keys_[(at - 1) / 4]; at = (at - 1) / 4) keys_[at] = keys_[(at - 1) / 4];
    keys_[at] = key;
  }

  void pop() {
    const Uint128 key = keys_.back();
    keys_.pop_back();
    if (keys_.empty()) return;
    std::size_t at = 0;
    for (;;) {
      const std::size_t first = 4 * at + 1;
      if (first >= keys_.size()) break;
      std::size_t least = first;
      const std::size_t end = std::min(first + 4, keys_.size());
      for (std::size_t child = first + 1; child < end; ++child) {
        if (keys_[child] < keys_[least]) least = child;
      }
      if (key <= keys_[least]) break;
      keys_[at] = keys_[least];
      at = least;
    }
    keys_[at] = key;
  }

 private:
  std::vector<Uint128> keys_;
};

void hold_four_ary_heap(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  Increments increments;
  std::uint64_t sequence = 0;
  FourAryHeap heap;
  for (std::uint32_t i = 0; i < n; ++i) {
    heap.push(event_key(Instant() + increments.next(), 0, sequence++, i));
  }
  for (auto _ : state) {
    const Uint128 key = heap.top();
    heap.pop();
    heap.push(event_key(instant_of(key) + increments.next(), 0, sequence++, slot_of(key)));
  }
}
BENCHMARK(hold_four_ary_heap)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void reschedule_slots(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  Increments increments;
  Events events(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    events.schedule(Slot(i), Instant() + increments.next(), 0, {i, 0});
  }
  for (auto _ : state) {
    const BenchEvent event = events.pop();
    events.schedule(Slot(event.entity), events.now() + increments.next(), 0, event);
    const std::uint32_t other = increments.random().below(n);
    events.schedule(Slot(other), events.now() + increments.next(), 0, {other, 0});
  }
}
BENCHMARK(reschedule_slots)->Arg(10)->Arg(1'000)->Arg(100'000);

// Without handles a heap cannot move an entry: it keeps the dead one until that comes up.
void reschedule_lazy_four_ary_heap(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  Increments increments;
  std::uint64_t sequence = 0;
  FourAryHeap heap;
  std::vector<Uint128> live(n);
  const auto schedule = [&](std::uint32_t i, Instant at) {
    live[i] = event_key(at, 0, sequence++, i);
    heap.push(live[i]);
  };
  for (std::uint32_t i = 0; i < n; ++i) schedule(i, Instant() + increments.next());
  for (auto _ : state) {
    while (heap.top() != live[slot_of(heap.top())]) heap.pop();
    const Uint128 key = heap.top();
    heap.pop();
    schedule(slot_of(key), instant_of(key) + increments.next());
    schedule(increments.random().below(n), instant_of(key) + increments.next());
  }
}
BENCHMARK(reschedule_lazy_four_ary_heap)->Arg(10)->Arg(1'000)->Arg(100'000);

// N requests in flight, each of which takes five seconds and is guarded by a timeout of ten. The
// oldest completes: its timeout, which is the earliest of all timers, is cancelled and another one
// started.
void cancelled_timeouts(benchmark::State& state) {
  const std::uint32_t n = size_of(state);
  const Duration spacing = seconds(5) / n;
  Events events(1);
  std::vector<Timer> in_flight(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    in_flight[i] = events.start_timer(Instant() + spacing * i + seconds(10), 0, {i, 0});
  }
  events.schedule(Slot(0), Instant() + seconds(5), 0, {});
  std::uint32_t oldest = 0;
  for (auto _ : state) {
    const BenchEvent event = events.pop();
    events.schedule(Slot(0), events.now() + spacing, 0, event);
    events.cancel(in_flight[oldest]);
    in_flight[oldest] = events.start_timer(events.now() + seconds(10), 0, event);
    oldest = oldest + 1 == n ? 0 : oldest + 1;
  }
}
BENCHMARK(cancelled_timeouts)->Arg(100)->Arg(10'000)->Arg(1'000'000);

// Arrivals at 0.9 of the service rate; one step is one event, of which a customer has two.
void mm1_slots(benchmark::State& state) {
  constexpr std::uint32_t kArrival = 0;
  constexpr std::uint32_t kDeparture = 1;
  Xorshift random;
  const auto exponential = [&](double mean) {
    return Duration(static_cast<std::int64_t>(-std::log(random.uniform()) * mean));
  };
  Events events(2);
  std::uint64_t in_system = 0;
  events.schedule(Slot(kArrival), Instant(), 0, {kArrival, 0});
  for (auto _ : state) {
    const BenchEvent event = events.pop();
    if (event.entity == kArrival) {
      events.schedule(Slot(kArrival), events.now() + exponential(1e6 / 0.9), 0, event);
      if (in_system++ == 0) {
        events.schedule(Slot(kDeparture), events.now() + exponential(1e6), 0, {kDeparture, 0});
      }
    } else if (--in_system > 0) {
      events.schedule(Slot(kDeparture), events.now() + exponential(1e6), 0, event);
    }
  }
  benchmark::DoNotOptimize(in_system);
}
BENCHMARK(mm1_slots);

}  // namespace
}  // namespace cotenant
