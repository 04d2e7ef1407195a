// SPDX-License-Identifier: Apache-2.0
//
// The metrics of a report, in one table: key in JSON and CSV, unit, heading and definition.
// Durations are in seconds, rates per second, ratios between 0 and 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cotenant {

enum class Metric : std::uint8_t {
  latency_mean,
  latency_stddev,
  latency_min,
  latency_p50,
  latency_p90,
  latency_p95,
  latency_p99,
  latency_p999,
  latency_max,
  throughput,
  offered_rate,
  error_ratio,
  concurrency,
  cpu_utilization,
  throttled_ratio,
  throttled_time_ratio,
  cpu_pressure,
  steal_ratio,
  attempts_per_request,
  session_loss,
  session_duration,
  oom_kills,
  memory_mean,
  memory_max,
};
inline constexpr std::size_t kMetrics = 24;

enum class MetricUnit : std::uint8_t { seconds, per_second, ratio, count, bytes };

struct MetricInfo {
  Metric metric;
  std::string_view key;  // "latency_p95"
  MetricUnit unit;
  std::string_view heading;     // "p95"
  std::string_view definition;  // one sentence
};

inline constexpr std::array<MetricInfo, kMetrics> kMetricTable = {{
    {Metric::latency_mean, "latency_mean", MetricUnit::seconds, "mean",
     "Mean time from intended arrival to complete reply, of completed requests."},
    {Metric::latency_stddev, "latency_stddev", MetricUnit::seconds, "stddev",
     "Standard deviation of the latency of completed requests."},
    {Metric::latency_min, "latency_min", MetricUnit::seconds, "min", "Shortest latency seen."},
    {Metric::latency_p50, "latency_p50", MetricUnit::seconds, "p50",
     "Half of the completed requests were at least this fast."},
    {Metric::latency_p90, "latency_p90", MetricUnit::seconds, "p90",
     "90 % of the completed requests were at least this fast."},
    {Metric::latency_p95, "latency_p95", MetricUnit::seconds, "p95",
     "95 % of the completed requests were at least this fast."},
    {Metric::latency_p99, "latency_p99", MetricUnit::seconds, "p99",
     "99 % of the completed requests were at least this fast."},
    {Metric::latency_p999, "latency_p999", MetricUnit::seconds, "p99.9",
     "99.9 % of the completed requests were at least this fast."},
    {Metric::latency_max, "latency_max", MetricUnit::seconds, "max", "Longest latency seen."},
    {Metric::throughput, "throughput", MetricUnit::per_second, "throughput",
     "Completed requests per second after warm-up."},
    {Metric::offered_rate, "offered_rate", MetricUnit::per_second, "offered",
     "Arriving requests per second after warm-up."},
    {Metric::error_ratio, "error_ratio", MetricUnit::ratio, "errors",
     "Share of the requests with an outcome that ended in an error."},
    {Metric::concurrency, "concurrency", MetricUnit::count, "in flight",
     "Time average of the number of requests in the system."},
    {Metric::cpu_utilization, "cpu_utilization", MetricUnit::ratio, "CPU",
     "Share of the core time of the application's machine, its virtual machine if it runs in one, "
     "spent executing; neighbors on it included."},
    {Metric::throttled_ratio, "throttled_ratio", MetricUnit::ratio, "throttled",
     "Throttled periods over periods of all groups with cpu.max around the application: "
     "nr_throttled / nr_periods."},
    {Metric::throttled_time_ratio, "throttled_time_ratio", MetricUnit::ratio, "throttled time",
     "Share of the time during which the most throttled group around the application was held back "
     "by its cpu.max."},
    {Metric::cpu_pressure, "cpu_pressure", MetricUnit::ratio, "CPU pressure",
     "Share of the time during which some task of the application's cgroup was runnable and on no "
     "core: cpu.pressure, some. Of the most pressed one, if there are several."},
    {Metric::steal_ratio, "steal_ratio", MetricUnit::ratio, "steal",
     "Share of the application's virtual CPU time in which they had work and the host did not run "
     "them: st in top."},
    {Metric::attempts_per_request, "attempts_per_request", MetricUnit::count, "attempts",
     "Mean number of attempts at a request: the first and its retries."},
    {Metric::session_loss, "session_loss", MetricUnit::ratio, "lost sessions",
     "Share of the sessions that ended because a request failed and the client left."},
    {Metric::session_duration, "session_duration", MetricUnit::seconds, "session",
     "Mean time from the first request of a session to the outcome of its last one, of sessions "
     "that were not lost."},
    {Metric::oom_kills, "oom_kills", MetricUnit::count, "OOM kills",
     "Processes that the kernel killed for lack of memory, in one replication after its warm-up."},
    {Metric::memory_mean, "memory_mean", MetricUnit::bytes, "memory",
     "Time average of the memory of the application's processes, whose memory counts."},
    {Metric::memory_max, "memory_max", MetricUnit::bytes, "most memory",
     "The most memory that they occupied at once, warm-up included, in any replication."},
}};

constexpr const MetricInfo& info(Metric metric) {
  return kMetricTable[static_cast<std::size_t>(metric)];
}

constexpr std::optional<Metric> metric_named(std::string_view key) {
  for (const MetricInfo& entry : kMetricTable) {
    if (entry.key == key) return entry.metric;
  }
  return std::nullopt;
}

}  // namespace cotenant
