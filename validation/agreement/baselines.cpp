// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/baselines.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "sim/random/math.h"
#include "sim/random/sampler.h"
#include "validation/recording/recorded_server.h"
#include "validation/recording/request_path.h"

namespace cotenant {
namespace {

// What a request was made to do. Seconds.
struct Demand {
  double cpu = 0, wait = 0;
};

Demand demand_of(const MeasuredRequest& request) {
  Demand demand;
  for_each_parameter(request.path, [&](std::string_view name, std::string_view text) {
    double milliseconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    if (name == "cpu" || name == "ncpu" || name == "cpu2") demand.cpu += milliseconds / 1000;
    if (name == "sleep" || name == "bsleep") demand.wait += milliseconds / 1000;
  });
  return demand;
}

// The part of the core that the service has while others want it, too: by weights, and at most its
// quota.
double share_of_core(const Bundle& bundle) {
  double weights = static_cast<double>(bundle.service_group.shares);
  const double own = weights;
  for (const RecordedNeighbor& neighbor : bundle.neighbors) {
    weights += static_cast<double>(neighbor.group.shares);
  }
  double share = own / weights;
  if (const auto& quota = bundle.service_group.quota) {
    share = std::min(share, in_seconds(*quota) / in_seconds(bundle.service_group.period));
  }
  return share;
}

struct Means {
  double rate = 0, cpu = 0, wait = 0;  // per second, seconds
  double overhead = 0;                 // of cpu, what was not demanded
};

std::vector<const MeasuredRequest*> measured(const Bundle& bundle) {
  std::vector<const MeasuredRequest*> requests;
  for (const MeasuredRequest& request : bundle.requests) {
    if (request.scheduled >= bundle.load.warmup) requests.push_back(&request);
  }
  return requests;
}

Means means_of(const Bundle& bundle) {
  Means means;
  const auto requests = measured(bundle);
  const auto count = static_cast<double>(std::max<std::size_t>(requests.size(), 1));
  double demanded = 0;
  for (const MeasuredRequest* request : requests) {
    const Demand demand = demand_of(*request);
    demanded += demand.cpu / count;
    means.wait += demand.wait / count;
  }
  means.cpu = in_seconds(bundle.cpu_per_request);
  means.overhead = std::max(means.cpu - demanded, 0.0);
  means.rate = count / in_seconds(bundle.load.duration - bundle.load.warmup);
  return means;
}

Statistics scaled_trace(const Bundle& bundle, const Means& means) {
  const double share = share_of_core(bundle);
  std::vector<Duration> latencies;
  for (const MeasuredRequest* request : measured(bundle)) {
    const Demand demand = demand_of(*request);
    const double seconds = (demand.cpu + means.overhead) / share + demand.wait;
    latencies.push_back(duration_from_nanoseconds(seconds * 1e9));
  }
  return latency_statistics(std::move(latencies));
}

std::optional<Statistics> mmc(const Bundle& bundle, const Means& means) {
  const double cpu = means.cpu / share_of_core(bundle);
  const std::int64_t slots = slots_of(bundle.server);
  const double cpu_load = means.rate * cpu;
  const double slot_load = means.rate * (cpu + means.wait) / static_cast<double>(slots);
  if (std::max(cpu_load, slot_load) >= 1) return std::nullopt;
  // The narrower of the two is the queue; what is spent elsewhere is added as it is.
  const bool by_cpu = cpu_load >= slot_load;
  const double mu = 1 / (by_cpu ? cpu : cpu + means.wait);
  const std::int64_t c = by_cpu ? 1 : slots;
  const double elsewhere = by_cpu ? means.wait : 0;
  Statistics statistics{};
  const auto set = [&](Compared metric, double value) {
    statistics[static_cast<std::size_t>(metric)] = value + elsewhere;
  };
  set(Compared::latency_mean,
      1 / mu + erlang_c(means.rate, mu, c) / (static_cast<double>(c) * mu - means.rate));
  set(Compared::latency_p50, mmc_quantile(means.rate, mu, c, 0.5));
  set(Compared::latency_p90, mmc_quantile(means.rate, mu, c, 0.9));
  set(Compared::latency_p95, mmc_quantile(means.rate, mu, c, 0.95));
  set(Compared::latency_p99, mmc_quantile(means.rate, mu, c, 0.99));
  return statistics;
}

}  // namespace

double erlang_c(double lambda, double mu, std::int64_t c) {
  const double offered = lambda / mu;
  double blocked = 1;  // Erlang B, by its recursion over the number of servers
  for (std::int64_t k = 1; k <= c; ++k) {
    blocked = offered * blocked / (static_cast<double>(k) + offered * blocked);
  }
  const double load = offered / static_cast<double>(c);
  return blocked / (1 - load * (1 - blocked));
}

double mmc_quantile(double lambda, double mu, std::int64_t c, double p) {
  const double waits = erlang_c(lambda, mu, c);
  const double drain = static_cast<double>(c) * mu - lambda;
  // P(latency > t): service alone, or an exponential wait and service. Where both have the same
  // rate, the second is the limit of the same expression.
  const auto beyond = [&](double t) {
    const double service = math::exp(-mu * t);
    const double both = std::fabs(drain - mu) < 1e-9 * mu
                            ? service * (1 + mu * t)
                            : (drain * service - mu * math::exp(-drain * t)) / (drain - mu);
    return (1 - waits) * service + waits * both;
  };
  double low = 0, high = 1 / mu;
  while (beyond(high) > 1 - p) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (beyond(middle) > 1 - p ? low : high) = middle;
  }
  return high;
}

std::optional<Statistics> predict(Baseline baseline, const Bundle& bundle) {
  const Means means = means_of(bundle);
  if (baseline == Baseline::scaled_trace) return scaled_trace(bundle, means);
  if (bundle.load.closed) return std::nullopt;
  return mmc(bundle, means);
}

}  // namespace cotenant
