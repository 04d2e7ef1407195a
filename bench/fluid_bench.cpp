// SPDX-License-Identifier: Apache-2.0
//
// Processor sharing with N jobs always present: time per completion of the fluid scheduler, and of
// the plain way to do it, which walks an array of remaining work at every completion. One
// completion is everything: find it, report it, demand again, ask for the next instant.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/cpu/fifo.h"
#include "models/cpu/fluid.h"

namespace cotenant {
namespace {

// Demands of 1 to 2 ms, uniform; drawn beforehand so that drawing is not measured.
std::vector<CpuTime> demands() {
  constexpr std::uint64_t kCount = 1 << 12;
  std::vector<CpuTime> works;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    works.emplace_back(1'000'000 + static_cast<std::int64_t>(mix64(i) % 1'000'000));
  }
  return works;
}

CpuTopology one_bucket(std::uint32_t jobs) {
  CpuTopology topology;
  topology.groups.push_back({});
  for (std::uint32_t i = 0; i < jobs; ++i) topology.tasks.push_back({kRootGroup, 1024});
  return topology;
}

// As a container host: groups with limits beside each other, the jobs spread over them.
CpuTopology eight_containers(std::uint32_t jobs) {
  CpuTopology topology;
  topology.cores = 4;
  topology.groups.push_back({});
  for (int i = 0; i < 8; ++i) {
    topology.groups.push_back(
        {kRootGroup, 1024, Bandwidth{CpuTime(50'000'000), milliseconds(100), CpuTime(0)}});
  }
  for (std::uint32_t i = 0; i < jobs; ++i) topology.tasks.push_back({GroupId(1 + i % 8), 1024});
  return topology;
}

template <class S>
void keep_busy(benchmark::State& state, S scheduler) {
  const auto jobs = static_cast<std::uint32_t>(state.range(0));
  const std::vector<CpuTime> works = demands();
  std::size_t drawn = 0;
  std::vector<Completion> completed;
  completed.reserve(jobs);
  for (std::uint32_t i = 0; i < jobs; ++i) {
    scheduler.demand(TaskId(i), works[drawn++ % works.size()], Instant(0));
  }
  std::size_t completions = 0;
  for (auto _ : state) {
    const Instant now = scheduler.next_instant();
    completed.clear();
    scheduler.advance(now, completed);
    for (const Completion& done : completed) {
      scheduler.demand(done.task, works[drawn++ % works.size()], now);
    }
    completions += completed.size();
  }
  state.counters["per_completion"] = benchmark::Counter(
      static_cast<double>(completions), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void fluid_one_bucket(benchmark::State& state) {
  const CpuTopology topology = one_bucket(static_cast<std::uint32_t>(state.range(0)));
  const std::vector<Duration> phases(topology.groups.size());
  keep_busy(state, FluidScheduler(topology, phases));
}

void fluid_eight_containers(benchmark::State& state) {
  const CpuTopology topology = eight_containers(static_cast<std::uint32_t>(state.range(0)));
  const std::vector<Duration> phases(topology.groups.size());
  keep_busy(state, FluidScheduler(topology, phases));
}

void fifo_one_core(benchmark::State& state) {
  keep_busy(state, FifoScheduler(one_bucket(static_cast<std::uint32_t>(state.range(0)))));
}

// The plain peer: remaining work in an array, every completion finds the least and lowers the rest.
// It keeps no accounts, which is more than fair to it.
void naive_array(benchmark::State& state) {
  const auto jobs = static_cast<std::size_t>(state.range(0));
  const std::vector<CpuTime> works = demands();
  std::size_t drawn = 0;
  std::vector<double> remaining(jobs);
  const auto draw = [&] { return static_cast<double>(works[drawn++ % works.size()].count()); };
  std::generate(remaining.begin(), remaining.end(), draw);
  double now = 0;
  for (auto _ : state) {
    const auto least = std::min_element(remaining.begin(), remaining.end());
    const double service = *least;
    now += service * static_cast<double>(jobs);
    for (double& work : remaining) work -= service;
    *least = draw();
  }
  benchmark::DoNotOptimize(now);
  state.counters["per_completion"] =
      benchmark::Counter(static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(fluid_one_bucket)->Arg(1)->Arg(10)->Arg(1'000)->Arg(10'000);
BENCHMARK(fluid_eight_containers)->Arg(8)->Arg(80)->Arg(800);
BENCHMARK(fifo_one_core)->Arg(1)->Arg(10)->Arg(10'000);
BENCHMARK(naive_array)->Arg(10)->Arg(1'000)->Arg(10'000);

}  // namespace
}  // namespace cotenant
