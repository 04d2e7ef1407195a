// SPDX-License-Identifier: Apache-2.0
#include "study/quotients.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "sim/base/assert.h"
#include "sim/stats/interval.h"

namespace cotenant {
namespace {

constexpr double kNanosecond = 1e-9;  // s

std::vector<double> times(const std::vector<double>& values, double factor) {
  std::vector<double> products;
  for (const double value : values) products.push_back(value * factor);
  return products;
}

Quotients mean_latency(const RequestTally& requests) {
  Quotients quotients;
  for (const Histogram& latency : requests.latencies) {
    quotients.numerators.push_back(static_cast<double>(latency.sum_ns()));
    quotients.denominators.push_back(static_cast<double>(latency.count()));
  }
  quotients.scale = kNanosecond;
  return quotients;
}

Quotients each(const std::vector<double>& values) {
  return {values, std::vector<double>(values.size(), 1.0)};
}

bool is_of_latencies(Metric metric) {
  return percentile_of(metric) || metric == Metric::latency_stddev ||
         metric == Metric::latency_min || metric == Metric::latency_max;
}

// In seconds, of one replication.
std::optional<double> statistic(Metric metric, const Histogram& latency) {
  if (latency.empty()) return std::nullopt;
  if (metric == Metric::latency_min) return in_seconds(latency.min());
  if (metric == Metric::latency_max) return in_seconds(latency.max());
  if (metric == Metric::latency_stddev) {
    if (latency.count() < 2) return std::nullopt;
    return std::sqrt(latency.variance_ns2()) * kNanosecond;
  }
  const double p = *percentile_of(metric);
  if (!enough_samples(p, latency.count())) return std::nullopt;
  return in_seconds(latency.quantile(p));
}

}  // namespace

bool Quotients::any() const {
  return std::any_of(denominators.begin(), denominators.end(),
                     [](double value) { return value > 0; });
}

std::optional<double> percentile_of(Metric metric) {
  switch (metric) {
    case Metric::latency_p50:
      return 0.5;
    case Metric::latency_p90:
      return 0.9;
    case Metric::latency_p95:
      return 0.95;
    case Metric::latency_p99:
      return 0.99;
    case Metric::latency_p999:
      return 0.999;
    default:
      return std::nullopt;
  }
}

Quotients quotients_of(Metric metric, const RequestTally& requests, const SetupTally& setup) {
  switch (metric) {
    case Metric::latency_mean:
      return mean_latency(requests);
    case Metric::throughput:
      return {requests.completions, setup.seconds};
    case Metric::offered_rate:
      return {requests.arrivals, setup.seconds};
    case Metric::error_ratio:
      return {requests.errors, requests.endings};
    case Metric::attempts_per_request:
      return {requests.begun, requests.arrivals};
    case Metric::concurrency:
      return each(setup.in_system);
    case Metric::cpu_utilization:
      return {setup.cpu_seconds, times(setup.seconds, setup.cores)};
    case Metric::throttled_ratio:
      return {setup.throttled_periods, setup.periods};
    case Metric::throttled_time_ratio:
      return {setup.throttled_seconds, setup.seconds};
    case Metric::cpu_pressure:
      return {setup.pressure_seconds, setup.seconds};
    case Metric::steal_ratio:
      return {setup.steal_seconds, times(setup.seconds, setup.virtual_cores)};
    case Metric::session_loss:
      return {setup.sessions.losses, setup.sessions.endings};
    case Metric::session_duration:
      return {setup.sessions.durations, setup.sessions.completions, kNanosecond};
    case Metric::oom_kills:
      return each(setup.oom_kills);
    case Metric::memory_mean:
      return {setup.memory_seconds, setup.seconds};
    case Metric::memory_max:
      return each(setup.memory_max);
    default:
      break;
  }
  COTENANT_ASSERT(!is_of_latencies(metric));
  return {};
}

std::vector<std::optional<double>> by_replication(Metric metric, const RequestTally& requests,
                                                  const SetupTally& setup) {
  std::vector<std::optional<double>> values;
  if (is_of_latencies(metric)) {
    for (const Histogram& latency : requests.latencies)
      values.push_back(statistic(metric, latency));
    return values;
  }
  const Quotients quotients = quotients_of(metric, requests, setup);
  for (std::size_t i = 0; i < quotients.numerators.size(); ++i) {
    const double below = quotients.denominators[i];
    values.push_back(below > 0 ? std::optional(quotients.numerators[i] / below * quotients.scale)
                               : std::nullopt);
  }
  return values;
}

}  // namespace cotenant
