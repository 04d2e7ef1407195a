// SPDX-License-Identifier: Apache-2.0
//
// Requests per second of the whole way, from the text of a scenario to its report: gunicorn's sync
// workers with measured overhead on the fluid CPU and on Linux's own scheduler, every wait state
// attributed, histograms kept.
// Also what a request asks of the heap, and what a second thread is worth.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

#include "bench/allocations.h"
#include "bench/server_scenario.h"
#include "bench/service_scenario.h"
#include "models/step.h"

namespace cotenant {
namespace {

// A million requests: reading the scenario and writing the report are part of the time, but a small
// one.
constexpr std::uint64_t kSeconds = 4000;
constexpr std::uint64_t kOffered = 250 * kSeconds;

// A simulation that loses requests does not get to say how fast it is.
bool served_all(benchmark::State& state, const Report& report, std::uint64_t offered) {
  const std::uint64_t requests = served(report);
  if (report.setups.front().stability.stable && requests > offered / 100 * 98 &&
      requests < offered / 100 * 102) {
    return true;
  }
  const std::string lost =
      std::to_string(requests) + " of about " + std::to_string(offered) + " requests were served";
  state.SkipWithError(lost.c_str());
  return false;
}

struct Cost {
  std::uint64_t requests = 0;
  std::uint64_t allocations = 0;
};

Cost cost_of_run(ServerCase which, std::uint64_t length) {
  const Blueprint blueprint = blueprint_of(server_scenario(which, length));
  RunOptions options;
  options.recorder.horizon = Instant() + seconds(static_cast<std::int64_t>(length));
  const std::uint64_t before = allocations_so_far();
  const RunRecord record = run(blueprint, options);
  return {served(record), allocations_so_far() - before};
}

// A longer run sets up the same things as a shorter one, so the difference is the steady state.
double allocations_per_request(ServerCase which) {
  const Cost shorter = cost_of_run(which, kSeconds / 4);
  const Cost longer = cost_of_run(which, kSeconds);
  return static_cast<double>(longer.allocations - shorter.allocations) /
         static_cast<double>(longer.requests - shorter.requests);
}

void sync_server(benchmark::State& state, ServerCase which) {
  const std::string text = server_scenario(which, kSeconds);
  std::uint64_t requests = 0;
  std::uint64_t events = 0;
  for (auto _ : state) {
    const Report report = report_of(text);
    requests += served(report);
    events += report.provenance.events;
    if (!served_all(state, report, kOffered)) return;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(requests));
  state.counters["events/request"] = static_cast<double>(events) / static_cast<double>(requests);
  state.counters["allocations/request"] = allocations_per_request(which);
}
// The replications run in threads of their own, whose CPU time counts, too.
void measured(benchmark::internal::Benchmark* benchmark) {
  benchmark->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(sync_server, uncontended, ServerCase::uncontended)->Apply(measured);
BENCHMARK_CAPTURE(sync_server, four_workers, ServerCase::four_workers)->Apply(measured);
BENCHMARK_CAPTURE(sync_server, quota, ServerCase::quota)->Apply(measured);
BENCHMARK_CAPTURE(sync_server, spinning_neighbors, ServerCase::neighbors)->Apply(measured);
BENCHMARK_CAPTURE(sync_server, eevdf_uncontended, ServerCase::eevdf_uncontended)->Apply(measured);
BENCHMARK_CAPTURE(sync_server, eevdf_spinning_neighbors, ServerCase::eevdf_neighbors)
    ->Apply(measured);

void services(benchmark::State& state, const std::string& text, std::uint64_t offered) {
  std::uint64_t requests = 0;
  for (auto _ : state) {
    const Report report = report_of(text);
    requests += served(report);
    if (!served_all(state, report, offered)) return;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(requests));
}
// Items are requests of clients. The first: an event loop, at 60 %, with 10,000 users whose
// connections are all kept.
BENCHMARK_CAPTURE(services, kept_connections, kept_connections_scenario(400), 1'000'000)
    ->Apply(measured);
BENCHMARK_CAPTURE(services, two_tier, two_tier_scenario(25), 500'000)->Apply(measured);
BENCHMARK_CAPTURE(services, twelve, twelve_services_scenario(400), 120'000)->Apply(measured);

struct Spent {
  double wall = 0;
  double cpu = 0;  // of all threads
};

Spent time_of_report(benchmark::State& state, const std::string& text, unsigned jobs) {
  const auto wall = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  const Report report = report_of(text, jobs);
  served_all(state, report, 4 * kOffered);
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count(),
          static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

// Four replications on one and on two threads, by turns, so that whatever else the machine does
// meets both. The time of the benchmark is that of two threads. "speedup" means something on two
// idle cores only; "cpu_ratio", the CPU that two threads spend over that of one, shows on a busy
// machine, too, when they hinder each other.
void four_replications(benchmark::State& state) {
  const std::string text = server_scenario(ServerCase::uncontended, kSeconds, 4);
  Spent one;
  Spent two;
  for (auto _ : state) {
    const Spent alone = time_of_report(state, text, 1);
    const Spent shared = time_of_report(state, text, 2);
    one = {one.wall + alone.wall, one.cpu + alone.cpu};
    two = {two.wall + shared.wall, two.cpu + shared.cpu};
    state.SetIterationTime(shared.wall);
  }
  state.counters["speedup"] = one.wall / two.wall;
  state.counters["cpu_ratio"] = two.cpu / one.cpu;
}
BENCHMARK(four_replications)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cotenant
