// SPDX-License-Identifier: Apache-2.0
//
// What is compared, computed in the same way from a recording and from a simulation of it: over the
// same requests (those that arrive after the warm-up) and the same interval (from the warm-up to
// the end of the load). Percentiles are order statistics, v[floor(p n)] of the n sorted values
// counted from 0, on both sides.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/blueprint.h"
#include "models/run_record.h"
#include "validation/recording/bundle.h"

namespace cotenant {

enum class Compared : std::uint8_t {
  throughput,  // completions per second within the interval
  latency_mean,
  latency_p50,
  latency_p90,
  latency_p95,
  latency_p99,
  cpu_utilization,           // service and neighbors, per core
  service_cpu_utilization,   // CPU seconds per second
  neighbor_cpu_utilization,  // the same; with neighbors only
  timed_out,  // requests that arrive within the interval, by outcome; where some failed
  refused,
  reset,
  error_500,
  worker_restarts,  // where there were some
  oom_kills,        // the same
  first_oom_kill,   // seconds from the start of the load until its client knew
  nr_periods,       // counts of cpu.stat within the interval; with a quota only, as all below
  nr_throttled,
  throttled_ratio,
  throttled_time_ratio,
};
inline constexpr std::size_t kCompared = 20;

// Those that reports have, too, bear the names they have there.
inline constexpr std::array<std::string_view, kCompared> kComparedNames = {
    "throughput",
    "latency_mean",
    "latency_p50",
    "latency_p90",
    "latency_p95",
    "latency_p99",
    "cpu_utilization",
    "service_cpu_utilization",
    "neighbor_cpu_utilization",
    "timed_out",
    "refused",
    "reset",
    "error_500",
    "worker_restarts",
    "oom_kills",
    "first_oom_kill",
    "nr_periods",
    "nr_throttled",
    "throttled_ratio",
    "throttled_time_ratio"};

constexpr std::string_view to_string(Compared metric) {
  return kComparedNames[static_cast<std::size_t>(metric)];
}

constexpr bool is_latency(Compared metric) {
  return metric >= Compared::latency_mean && metric <= Compared::latency_p99;
}

// Seconds, per second, ratios and counts; NaN-free: what does not apply is 0.
using Statistics = std::array<double, kCompared>;

// The element at floor(p n) of n; 0 of none. Seconds.
double order_statistic(const std::vector<Duration>& sorted, double p);

// Of the latencies alone; all else is 0.
Statistics latency_statistics(std::vector<Duration> latencies);

// What can be said about a run at all.
std::vector<Compared> compared_in(const Bundle& bundle);

Statistics statistics_of_recording(const Bundle& bundle);

// One phase, simulated twice alike: `whole` until all requests have ended, with a log of them, and
// `interval` from the warm-up to the end of the load, for the counters.
struct SimulatedPhase {
  RunRecord whole, interval;
  double overhead_factor = 1;
};
Statistics statistics_of_simulation(const Bundle& bundle, const Blueprint& blueprint,
                                    const SimulatedPhase& phase);

// Requests that the server has served to the end, also for clients that had given up.
std::uint64_t served(const RunRecord& whole);

// CPU that the service used; the group of that name must be in the blueprint.
const GroupUsage& usage_of_service(const Blueprint& blueprint, const RunRecord& record);

}  // namespace cotenant
