// SPDX-License-Identifier: Apache-2.0
//
// The same work in SimGrid, as its users would write it: an M/M/1 queue of two actors and a
// semaphore, and processor sharing of N executions on one host. The M/M/1 customers are those that
// our engine serves, one by one, so the two mean times in system must agree; if they do not, one of
// the two is wrong and there is nothing to compare.
#include <benchmark/benchmark.h>

#include <cmath>
#include <ctime>
#include <deque>
#include <optional>
#include <simgrid/s4u.hpp>
#include <string>

#include "bench/mm1.h"
#include "bench/simgrid_process.h"
#include "sim/base/hash.h"

namespace cotenant {
namespace {

namespace s4u = simgrid::s4u;
// CPU time, as our own rows report it: others may use the machine, too.
double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// One core that executes 1e9 operations per second: one operation is one nanosecond of CPU.
s4u::Host* one_host() {
  s4u::NetZone* zone = s4u::create_full_zone("zone");
  s4u::Host* host = zone->create_host("host", 1e9);
  zone->seal();
  return host;
}

// Stacks of 64 KiB: the default of 8 MiB would measure the kernel's page tables.
void configure() { s4u::Engine::set_config("contexts/stack-size:64"); }

// Two actors: an actor per customer would be the more natural model and takes at least four times
// as long.
void mm1_in_child(PeerReport report, std::uint64_t customers) {
  s4u::Engine engine("mm1");
  configure();
  s4u::Host* host = one_host();
  const s4u::SemaphorePtr waiting = s4u::Semaphore::create(0);
  const Mm1Customers source(0);
  std::deque<double> arrivals;
  double total = 0;
  s4u::Actor::create("source", host, [&] {
    for (std::uint64_t k = 0; k < customers; ++k) {
      s4u::this_actor::sleep_for(in_seconds(source.gap(k)));
      arrivals.push_back(s4u::Engine::get_clock());
      waiting->release();
    }
  });
  s4u::Actor::create("server", host, [&] {
    for (std::uint64_t k = 0; k < customers; ++k) {
      waiting->acquire();
      s4u::this_actor::sleep_for(in_seconds(source.service(k)));
      total += s4u::Engine::get_clock() - arrivals.front();
      arrivals.pop_front();
    }
  });
  const std::clock_t start = std::clock();
  engine.run();
  report.send({seconds_since(start), 2 * customers, total / static_cast<double>(customers)});
}

// N actors that execute one job after the other, with the demands of fluid_bench.cpp. The clock
// starts when each has completed one job on average.
void sharing_in_child(PeerReport report, std::uint64_t jobs, std::uint64_t completions) {
  s4u::Engine engine("sharing");
  configure();
  s4u::Host* host = one_host();
  std::uint64_t drawn = 0;
  std::uint64_t completed = 0;
  std::clock_t start = 0;
  const auto work = [&] {
    for (;;) {
      s4u::this_actor::execute(1e6 + static_cast<double>(mix64(drawn++) % 1'000'000));
      ++completed;
      if (completed == jobs) start = std::clock();
      if (completed == jobs + completions) report.send({seconds_since(start), completions, 0});
    }
  };
  for (std::uint64_t i = 0; i < jobs; ++i) s4u::Actor::create("job", host, work);
  engine.run();
}

// Adds the time of one child; false when it failed, which it then has reported.
bool add_run(benchmark::State& state, const std::optional<PeerResult>& result) {
  if (!result) {
    state.SkipWithError("the SimGrid process failed");
    return false;
  }
  state.SetIterationTime(result->cpu_seconds);
  return true;
}

benchmark::Counter per_step(std::uint64_t steps) {
  return {static_cast<double>(steps), benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

void mm1_simgrid(benchmark::State& state) {
  constexpr std::uint64_t kCustomers = 200'000;
  // SimGrid lets end together what ends within its precision of 10 us, so the means differ a
  // little.
  constexpr double kTolerance = 1e-3;
  const double ours = run_mm1(Mm1Customers(0), kCustomers).mean_seconds;
  std::uint64_t events = 0;
  for (auto _ : state) {
    const auto result = run_peer([](PeerReport report) { mm1_in_child(report, kCustomers); });
    if (!add_run(state, result)) break;
    events += result->steps;
    if (std::abs(result->mean_seconds / ours - 1) > kTolerance) {
      const std::string differ = "SimGrid's mean time in system is " +
                                 std::to_string(result->mean_seconds) + " s, ours " +
                                 std::to_string(ours) + " s";
      state.SkipWithError(differ.c_str());
      break;
    }
  }
  state.counters["mean_s"] = ours;
  state.counters["per_event"] = per_step(events);
}
BENCHMARK(mm1_simgrid)->UseManualTime()->Unit(benchmark::kMillisecond);

void sharing_simgrid(benchmark::State& state) {
  const auto jobs = static_cast<std::uint64_t>(state.range(0));
  const auto completions = static_cast<std::uint64_t>(state.range(1));
  std::uint64_t total = 0;
  for (auto _ : state) {
    const auto result =
        run_peer([&](PeerReport report) { sharing_in_child(report, jobs, completions); });
    if (!add_run(state, result)) break;
    total += result->steps;
  }
  state.counters["per_completion"] = per_step(total);
}
// At 10,000 jobs one completion takes about a millisecond.
BENCHMARK(sharing_simgrid)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Args({10, 20'000})
    ->Args({1'000, 5'000});
BENCHMARK(sharing_simgrid)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->Args({10'000, 1'000});

}  // namespace
}  // namespace cotenant
