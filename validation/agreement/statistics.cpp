// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "validation/recording/recorded_machine.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

double& at(Statistics& statistics, Compared metric) {
  return statistics[static_cast<std::size_t>(metric)];
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

void set_latencies(Statistics& statistics, std::vector<Duration> latencies) {
  const Statistics of_latencies = latency_statistics(std::move(latencies));
  for (std::size_t i = 0; i < kCompared; ++i) {
    if (is_latency(static_cast<Compared>(i))) statistics[i] = of_latencies[i];
  }
}

// Differences of the kernel's counters over the interval.
struct Counters {
  double service_cpu, neighbor_cpu;  // s
  double nr_periods, nr_throttled;
  double throttled;  // s
};

void set_counters(Statistics& statistics, const Counters& counters, double seconds) {
  at(statistics, Compared::service_cpu_utilization) = counters.service_cpu / seconds;
  at(statistics, Compared::neighbor_cpu_utilization) = counters.neighbor_cpu / seconds;
  // The recordings are of one core.
  at(statistics, Compared::cpu_utilization) =
      (counters.service_cpu + counters.neighbor_cpu) / seconds;
  at(statistics, Compared::nr_periods) = counters.nr_periods;
  at(statistics, Compared::nr_throttled) = counters.nr_throttled;
  at(statistics, Compared::throttled_ratio) = ratio(counters.nr_throttled, counters.nr_periods);
  at(statistics, Compared::throttled_time_ratio) = counters.throttled / seconds;
}

// A counter at an instant between two samples, which are 100 ms apart, by a straight line.
template <class Counter>
double counter_at(const std::vector<Sample>& samples, Duration instant, Counter counter) {
  const auto after = std::find_if(samples.begin(), samples.end(),
                                  [&](const Sample& sample) { return sample.at >= instant; });
  if (after == samples.end()) return counter(samples.back());
  if (after == samples.begin()) return counter(samples.front());
  const Sample& before = *(after - 1);
  const double share = in_seconds(instant - before.at) / in_seconds(after->at - before.at);
  return counter(before) + share * (counter(*after) - counter(before));
}

Counters counters_of(const Bundle& bundle) {
  const auto difference = [&](auto counter) {
    return counter_at(bundle.samples, bundle.load.duration, counter) -
           counter_at(bundle.samples, bundle.load.warmup, counter);
  };
  return {difference([](const Sample& sample) { return in_seconds(sample.service_cpu); }),
          difference([](const Sample& sample) { return in_seconds(sample.neighbor_cpu); }),
          difference([](const Sample& sample) { return static_cast<double>(sample.nr_periods); }),
          difference([](const Sample& sample) { return static_cast<double>(sample.nr_throttled); }),
          difference([](const Sample& sample) { return in_seconds(sample.throttled); })};
}

Counters counters_of(const Blueprint& blueprint, const RunRecord& interval) {
  const GroupUsage& service = usage_of_service(blueprint, interval);
  const double all = in_seconds(interval.machines[kHardware].cpu_used());
  const double own = in_seconds(service.usage);
  return {own, all - own, static_cast<double>(service.nr_periods),
          static_cast<double>(service.nr_throttled), in_seconds(service.throttled_time)};
}

double observed_seconds(const Bundle& bundle) {
  return in_seconds(bundle.load.duration - bundle.load.warmup);
}

// To the client one whose process was killed is reset.
constexpr std::array<std::pair<Outcome, Compared>, 4> kFailures = {
    {{Outcome::timed_out, Compared::timed_out},
     {Outcome::refused, Compared::refused},
     {Outcome::reset, Compared::reset},
     {Outcome::error_500, Compared::error_500}}};

bool is_failure(Compared metric) {
  return metric >= Compared::timed_out && metric <= Compared::error_500;
}

bool is_of_memory(Compared metric) {
  return metric == Compared::oom_kills || metric == Compared::first_oom_kill;
}

// Of those whose connections were closed.
void note_kill(Statistics& statistics, Outcome outcome, double seconds) {
  if (as_seen(outcome) != Outcome::reset) return;
  double& first = at(statistics, Compared::first_oom_kill);
  if (first == 0 || seconds < first) first = seconds;
}

bool any_failed(const Bundle& bundle) {
  return std::any_of(
      bundle.requests.begin(), bundle.requests.end(),
      [](const MeasuredRequest& request) { return request.outcome != Outcome::completed; });
}

void count_failure(Statistics& statistics, Outcome outcome) {
  for (const auto& [kind, metric] : kFailures) {
    if (kind == as_seen(outcome)) at(statistics, metric) += 1;
  }
}

}  // namespace

double order_statistic(const std::vector<Duration>& sorted, double p) {
  if (sorted.empty()) return 0;
  const double position = std::floor(p * static_cast<double>(sorted.size()));
  const auto index = std::min(static_cast<std::size_t>(position), sorted.size() - 1);
  return in_seconds(sorted[index]);
}

Statistics latency_statistics(std::vector<Duration> latencies) {
  Statistics statistics{};
  std::sort(latencies.begin(), latencies.end());
  double sum = 0;
  for (const Duration latency : latencies) sum += in_seconds(latency);
  at(statistics, Compared::latency_mean) = ratio(sum, static_cast<double>(latencies.size()));
  at(statistics, Compared::latency_p50) = order_statistic(latencies, 0.5);
  at(statistics, Compared::latency_p90) = order_statistic(latencies, 0.9);
  at(statistics, Compared::latency_p95) = order_statistic(latencies, 0.95);
  at(statistics, Compared::latency_p99) = order_statistic(latencies, 0.99);
  return statistics;
}

std::vector<Compared> compared_in(const Bundle& bundle) {
  std::vector<Compared> metrics;
  for (std::size_t i = 0; i < kCompared; ++i) {
    const auto metric = static_cast<Compared>(i);
    if (metric == Compared::neighbor_cpu_utilization && bundle.neighbors.empty()) continue;
    if (is_failure(metric) && !any_failed(bundle)) continue;
    if (metric == Compared::worker_restarts && bundle.worker_restarts == 0) continue;
    if (is_of_memory(metric) && bundle.oom_kills == 0) continue;
    if (metric >= Compared::nr_periods && !bundle.service_group.quota) continue;
    metrics.push_back(metric);
  }
  return metrics;
}

Statistics statistics_of_recording(const Bundle& bundle) {
  Statistics statistics{};
  std::vector<Duration> latencies;
  double completions = 0;
  for (const MeasuredRequest& request : bundle.requests) {
    const bool counts = request.scheduled >= bundle.load.warmup;
    if (counts) count_failure(statistics, request.outcome);
    note_kill(statistics, request.outcome, in_seconds(request.done));
    if (request.outcome != Outcome::completed) continue;
    if (counts) latencies.push_back(request.latency);
    if (request.done >= bundle.load.warmup && request.done <= bundle.load.duration) ++completions;
  }
  set_latencies(statistics, std::move(latencies));
  at(statistics, Compared::throughput) = completions / observed_seconds(bundle);
  at(statistics, Compared::worker_restarts) = static_cast<double>(bundle.worker_restarts);
  at(statistics, Compared::oom_kills) = static_cast<double>(bundle.oom_kills);
  set_counters(statistics, counters_of(bundle), observed_seconds(bundle));
  return statistics;
}

Statistics statistics_of_simulation(const Bundle& bundle, const Blueprint& blueprint,
                                    const SimulatedPhase& phase) {
  Statistics statistics{};
  const Duration start = start_of_replay(bundle);
  const Instant warmup = Instant() + bundle.load.warmup - start;
  const Instant end = Instant() + bundle.load.duration - start;
  const Duration of_the_client = client_share(phase.overhead_factor);
  std::vector<Duration> latencies;
  double completions = 0;
  for (const LoggedRequest& request : phase.whole.requests) {
    // Closed users go on in the simulation; in the recording they stopped with the load.
    const bool was_sent = !bundle.load.closed || request.arrival < end;
    const bool counts = request.arrival >= warmup && was_sent;
    if (counts) count_failure(statistics, request.outcome);
    note_kill(statistics, request.outcome, in_seconds(request.end - Instant() + start));
    if (request.outcome != Outcome::completed) continue;
    if (counts) latencies.push_back(request.end - request.arrival + of_the_client);
    if (request.end >= warmup && request.end <= end) ++completions;
  }
  set_latencies(statistics, std::move(latencies));
  at(statistics, Compared::throughput) = completions / observed_seconds(bundle);
  for (const ServiceRecord& service : phase.whole.services) {
    at(statistics, Compared::worker_restarts) += static_cast<double>(service.restarts);
    at(statistics, Compared::oom_kills) += static_cast<double>(service.oom_kills);
  }
  set_counters(statistics, counters_of(blueprint, phase.interval), observed_seconds(bundle));
  return statistics;
}

std::uint64_t served(const RunRecord& whole) {
  const auto last = static_cast<std::uint32_t>(whole.services.size() - 1);
  return whole.services[ServiceId(last)].served;  // the server stands behind its proxy
}

const GroupUsage& usage_of_service(const Blueprint& blueprint, const RunRecord& record) {
  const IdVector<GroupId, std::string>& names = blueprint.machines[kHardware].group_names;
  const IdVector<GroupId, GroupUsage>& groups = record.machines[kHardware].groups;
  for (std::uint32_t g = 0; g < names.size(); ++g) {
    if (names[GroupId(g)] == kServiceGroup) return groups[GroupId(g)];
  }
  COTENANT_ASSERT(false && "a replay has a group for its service");
  return groups[kRootGroup];
}

}  // namespace cotenant
