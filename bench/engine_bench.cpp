// SPDX-License-Identifier: Apache-2.0
//
// M/M/1 through the public engine: event set, keyed random streams, a dispatch of two cases. What
// an event costs when the model does next to nothing, random numbers included. Refuses to report a
// speed when the answer is wrong.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "bench/mm1.h"

namespace cotenant {
namespace {

// The mean over this many customers has a standard error of sqrt(35,900 / 4e6) s, 1 % of the exact
// value (variance constant: Whitt, "Planning queueing simulations", Management Science 1989), so an
// error of 5 % is never chance.
constexpr std::uint64_t kCustomers = 4'000'000;

void mm1_engine(benchmark::State& state) {
  std::uint64_t events = 0;
  std::uint64_t replication = 0;
  Mm1Result result;
  for (auto _ : state) {
    result = run_mm1(Mm1Customers(replication++), kCustomers);
    events += result.events;
    if (std::abs(result.mean_seconds / kMm1ExactSeconds - 1) > 0.05) {
      const std::string wrong = "the mean time in system is " +
                                std::to_string(result.mean_seconds) + " s instead of 10 s";
      state.SkipWithError(wrong.c_str());
      break;
    }
  }
  state.counters["mean_s"] = result.mean_seconds;
  state.counters["exact_s"] = kMm1ExactSeconds;
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(mm1_engine)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cotenant
