// SPDX-License-Identifier: Apache-2.0
//
// The scheduler of Linux alone: a task wakes, runs 0.3 ms and sleeps 0.7 ms, by itself, in a group,
// under a quota that it does not use up, and beside four tasks of another group that never sleep.
// One item is one call of demand() or advance(): a wake, a block, or a tick between them.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "models/cpu/eevdf.h"

namespace cotenant {
namespace {

constexpr Duration kSleep = microseconds(700);
constexpr CpuTime kWork{300'000};

struct Host {
  CpuTopology topology;
  TaskId sleeper;
  std::vector<TaskId> spinners;
};

Host alone() {
  Host host;
  host.topology.groups.push_back({});
  host.sleeper = host.topology.tasks.push_back({kRootGroup});
  return host;
}

Host in_a_group(std::optional<Bandwidth> bandwidth, int spinners) {
  Host host;
  host.topology.groups.push_back({});
  const GroupId own = host.topology.groups.push_back({kRootGroup, 1024, bandwidth});
  host.sleeper = host.topology.tasks.push_back({own});
  const GroupId others = host.topology.groups.push_back({kRootGroup, 1024, {}});
  for (int i = 0; i < spinners; ++i) {
    host.spinners.push_back(host.topology.tasks.push_back({others}));
  }
  return host;
}

void wake_and_block(benchmark::State& state, const Host& host) {
  const std::vector<Duration> phases(host.topology.groups.size());
  EevdfScheduler scheduler(host.topology, phases);
  for (const TaskId spinner : host.spinners) scheduler.demand(spinner, kEndless, Instant());
  std::vector<Completion> completed;
  Instant wakes = Instant() + kSleep;
  std::int64_t calls = 0;
  for (auto _ : state) {
    while (scheduler.next_instant() < wakes) {
      scheduler.advance(scheduler.next_instant(), completed);
      ++calls;
    }
    scheduler.demand(host.sleeper, kWork, wakes);
    ++calls;
    Instant now = wakes;
    while (completed.empty()) {
      now = scheduler.next_instant();
      scheduler.advance(now, completed);
      ++calls;
    }
    completed.clear();
    wakes = now + kSleep;
  }
  state.SetItemsProcessed(calls);
}
BENCHMARK_CAPTURE(wake_and_block, alone, alone());
BENCHMARK_CAPTURE(wake_and_block, group, in_a_group(std::nullopt, 0));
BENCHMARK_CAPTURE(wake_and_block, quota,
                  in_a_group(Bandwidth{CpuTime(50'000'000), milliseconds(100), CpuTime(0)}, 0));
BENCHMARK_CAPTURE(wake_and_block, beside_four_spinners, in_a_group(std::nullopt, 4));

}  // namespace
}  // namespace cotenant
