// SPDX-License-Identifier: Apache-2.0
#include "study/summarize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "sim/stats/interval.h"
#include "study/quotients.h"

namespace cotenant {
namespace {

constexpr double kSecond = 1e9;  // ns

MetricValue absent(std::string why) { return {{}, {}, {}, std::move(why)}; }

MetricValue exactly(double value) { return {value, {}, {}, {}}; }

MetricValue with_interval(const Estimate& estimate, double scale = 1) {
  MetricValue metric = exactly(estimate.value * scale);
  if (estimate.interval) {
    metric.low = estimate.interval->low * scale;
    metric.high = estimate.interval->high * scale;
  }
  return metric;
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// --- Rates and ratios ---

constexpr const char* kNoTime = "the run ended within the warm-up";

MetricValue ratio(const Quotients& quotients, double confidence, const char* why_none) {
  if (!quotients.any()) return absent(why_none);
  MetricValue value = with_interval(
      ratio_interval(quotients.numerators, quotients.denominators, confidence), quotients.scale);
  if (value.low && *value.low < 0) value.low = 0;  // none of these can be negative
  return value;
}

// Puts quotients of some requests into their metrics.
struct Ratios {
  Metrics& metrics;
  const RequestTally& requests;
  const SetupTally& setup;
  double confidence;

  void add(Metric metric, const char* why_none) const {
    MetricValue value = ratio(quotients_of(metric, requests, setup), confidence, why_none);
    if (info(metric).unit == MetricUnit::ratio && value.high)
      value.high = std::min(*value.high, 1.0);
    at(metrics, metric) = value;
  }
  // Only where it applies.
  void add_if(bool applies, Metric metric, const char* why_not, const char* why_none) const {
    if (applies) {
      add(metric, why_none);
    } else {
      at(metrics, metric) = absent(why_not);
    }
  }
};

void summarize_flow(const Ratios& ratios) {
  ratios.add(Metric::throughput, kNoTime);
  ratios.add(Metric::offered_rate, kNoTime);
  ratios.add(Metric::error_ratio, "no request ended");
  ratios.add_if(ratios.setup.has_retries, Metric::attempts_per_request, "clients do not try again",
                "no request arrived");
}

void summarize_sessions(const Ratios& ratios) {
  const char* why_none =
      ratios.setup.has_sessions ? "no session ended" : "no arrivals are sessions";
  ratios.add(Metric::session_loss, why_none);
  ratios.add(Metric::session_duration, why_none);
}

void summarize_machine(const Ratios& ratios) {
  const SetupTally& tally = ratios.setup;
  ratios.add(Metric::cpu_utilization, kNoTime);
  ratios.add(Metric::concurrency, kNoTime);
  constexpr const char* kNoLimit = "no group has a cpu.max";
  ratios.add(Metric::throttled_ratio, kNoLimit);
  ratios.add_if(sum_of(tally.periods) > 0, Metric::throttled_time_ratio, kNoLimit, kNoTime);
  ratios.add_if(tally.knows_pressure, Metric::cpu_pressure,
                "only the schedulers eevdf and cfs count what waits", kNoTime);
  ratios.add_if(tally.virtual_cores > 0, Metric::steal_ratio,
                "the application runs in no virtual machine", kNoTime);
}

void summarize_memory(const Ratios& ratios) {
  constexpr const char* kNoMemory = "no service says how much memory its processes occupy";
  ratios.add(Metric::oom_kills, kNoMemory);
  ratios.add_if(!ratios.setup.memory_max.empty(), Metric::memory_mean, kNoMemory, kNoTime);
  // Of any replication: no mean, and no interval.
  const std::vector<double>& most = ratios.setup.memory_max;
  at(ratios.metrics, Metric::memory_max) =
      most.empty() ? absent(kNoMemory) : exactly(*std::max_element(most.begin(), most.end()));
}

// --- Latency ---

constexpr std::array kPercentiles = {Metric::latency_p50, Metric::latency_p90, Metric::latency_p95,
                                     Metric::latency_p99, Metric::latency_p999};

constexpr std::array<Metric, 4> kMoments = {Metric::latency_mean, Metric::latency_stddev,
                                            Metric::latency_min, Metric::latency_max};

void withhold_latency(Metrics& metrics, const std::string& why) {
  for (const Metric metric : kMoments) at(metrics, metric) = absent(why);
  for (const Metric metric : kPercentiles) at(metrics, metric) = absent(why);
}

MetricValue latency_deviation(const RequestTally& tally, double confidence) {
  if (tally.latency.count() < 2) return absent("one request has no spread");
  std::vector<double> sections;
  for (const Histogram& latency : tally.latencies) {
    if (latency.count() >= 2) sections.push_back(std::sqrt(latency.variance_ns2()));
  }
  const double pooled = std::sqrt(tally.latency.variance_ns2());
  return with_interval(sectioned(pooled, sections, confidence), 1 / kSecond);
}

MetricValue percentile(const RequestTally& tally, double p, double confidence) {
  const std::uint64_t count = tally.latency.count();
  if (!enough_samples(p, count)) {
    return absent("too few requests: " + std::to_string(count) + " completed");
  }
  return with_interval(sectioned_quantile(tally.latency, tally.latencies, p, confidence),
                       1 / kSecond);
}

void summarize_latency(Metrics& metrics, const RequestTally& tally, const SetupTally& setup,
                       double confidence) {
  if (tally.latency.empty()) return withhold_latency(metrics, "no request completed");
  at(metrics, Metric::latency_mean) =
      ratio(quotients_of(Metric::latency_mean, tally, setup), confidence, "no request completed");
  at(metrics, Metric::latency_stddev) = latency_deviation(tally, confidence);
  at(metrics, Metric::latency_min) = exactly(in_seconds(tally.latency.min()));
  at(metrics, Metric::latency_max) = exactly(in_seconds(tally.latency.max()));
  for (const Metric metric : kPercentiles) {
    at(metrics, metric) = percentile(tally, *percentile_of(metric), confidence);
  }
}

Metrics class_metrics(const RequestTally& tally, const SetupTally& setup, double confidence) {
  Metrics metrics;
  for (MetricValue& metric : metrics) metric = absent("known for the whole setup only");
  summarize_latency(metrics, tally, setup, confidence);
  summarize_flow({metrics, tally, setup, confidence});
  return metrics;
}

// --- Where the time went ---

std::optional<WaitBreakdown> breakdown(const Attribution::Band& band) {
  if (band.requests == 0) return std::nullopt;
  WaitBreakdown result;
  result.requests = band.requests;
  const double divisor = static_cast<double>(band.requests) * kSecond;
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    result.states[state] = static_cast<double>(band.times[state].count()) / divisor;
    result.latency += result.states[state];
  }
  return result;
}

WaitBreakdowns summarize_wait_states(const SetupTally& tally) {
  WaitBreakdowns result;
  result.mean = breakdown(tally.attribution.total());
  const auto around = [&](double p) -> std::optional<WaitBreakdown> {
    if (!enough_samples(p, tally.all.latency.count())) return std::nullopt;
    return breakdown(tally.attribution.band(tally.all.latency.quantile(p)));
  };
  result.p50 = around(0.5);
  result.p99 = around(0.99);
  return result;
}

// Whole percents up to 99, then tenths and hundredths: as fine as the tail is interesting.
std::vector<double> cdf_probabilities() {
  std::vector<double> probabilities;
  for (int i = 1; i <= 99; ++i) probabilities.push_back(i / 100.0);
  for (int i = 991; i <= 999; ++i) probabilities.push_back(i / 1000.0);
  for (int i = 9991; i <= 9999; ++i) probabilities.push_back(i / 10000.0);
  return probabilities;
}

std::vector<std::pair<double, double>> latency_cdf(const Histogram& latency) {
  std::vector<std::pair<double, double>> points;
  for (const double p : cdf_probabilities()) {
    if (!enough_samples(p, latency.count())) continue;
    points.emplace_back(p, in_seconds(latency.quantile(p)));
  }
  return points;
}

// --- Counters ---

GroupCounters counters_of(const std::string& name, const GroupUsage& usage) {
  return {.name = name,
          .usage = in_seconds(usage.usage),
          .nr_periods = usage.nr_periods,
          .nr_throttled = usage.nr_throttled,
          .throttled_time = in_seconds(usage.throttled_time),
          .nr_bursts = usage.nr_bursts,
          .burst_time = in_seconds(usage.burst_time),
          .run_queue_wait = in_seconds(usage.run_queue_wait),
          .pressure_some = in_seconds(usage.pressure_some)};
}

std::optional<GroupCredits> credits_of(const CpuGroup& group, const GroupUsage& usage,
                                       std::size_t replications) {
  if (!usage.has_credits()) return std::nullopt;
  return GroupCredits{in_seconds(group.bandwidth->quota + group.bandwidth->burst),
                      in_seconds(usage.least_credits),
                      in_seconds(usage.credits) / static_cast<double>(replications)};
}

DiskCounters counters_of(const DiskUsage& usage) {
  return {.busy = in_seconds(usage.busy),
          .reads = usage.ios.read,
          .writes = usage.ios.write,
          .read_bytes = static_cast<std::uint64_t>(usage.bytes.read),
          .written_bytes = static_cast<std::uint64_t>(usage.bytes.write),
          .throttled = in_seconds(usage.times.throttled),
          .queued = in_seconds(usage.times.queued),
          .served = in_seconds(usage.times.served)};
}

std::optional<GroupMemory> memory_of(const Blueprint& blueprint, const SetupTally& tally,
                                     MachineId machine, GroupId group) {
  if (!blueprint.memory.in_use()) return std::nullopt;
  const MemoryRecord& counted = tally.counters[machine].memory[group];
  const Bytes limit = blueprint.memory.groups[machine][group].max;
  const double observed = sum_of(tally.seconds) * kSecond;
  GroupMemory memory;
  if (limit != kNoLimit) memory.limit = static_cast<std::uint64_t>(limit.count());
  if (observed > 0) {
    memory.mean = static_cast<double>(counted.sum) / observed;
    memory.cache_mean = static_cast<double>(counted.cache_sum) / observed;
    memory.swap_mean = static_cast<double>(counted.swap_sum) / observed;
  }
  memory.pressure_some = in_seconds(counted.pressure_some);
  memory.pressure_full = in_seconds(counted.pressure_full);
  memory.above_limit = in_seconds(counted.above_limit);
  memory.peak = static_cast<std::uint64_t>(counted.peak.count());
  memory.oom_kills = counted.oom_kills;
  return memory;
}

std::optional<FirstOomKill> summarize_first_kill(const Blueprint& blueprint,
                                                 const SetupTally& tally) {
  if (!tally.first_oom_kill) return std::nullopt;
  const OomKill& kill = *tally.first_oom_kill;
  const MachineSpec& machine = blueprint.machines[kill.machine];
  return FirstOomKill{in_seconds(kill.at - Instant()), machine.name,
                      machine.group_names[kill.limit], blueprint.services[kill.victim].name,
                      tally.with_oom_kills};
}

std::vector<MachineCounters> summarize_counters(const Blueprint& blueprint,
                                                const SetupTally& tally) {
  std::vector<MachineCounters> machines;
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    const MachineSpec& spec = blueprint.machines[MachineId(m)];
    if (spec.is_provided) continue;
    const MachineRecord& counted = tally.counters[MachineId(m)];
    MachineCounters& machine = machines.emplace_back();
    machine.name = spec.name;
    machine.cores = spec.cpu.cores;
    machine.steal = in_seconds(counted.steal);
    if (spec.disk) machine.disk = counters_of(counted.disk);
    if (spec.log_daemon) machine.log = {counted.log.lines, counted.log.lost};
    for (std::uint32_t g = 0; g < spec.cpu.groups.size(); ++g) {
      const GroupUsage& usage = counted.groups[GroupId(g)];
      GroupCounters& group =
          machine.groups.emplace_back(counters_of(spec.group_names[GroupId(g)], usage));
      group.credits = credits_of(spec.cpu.groups[GroupId(g)], usage, tally.replications());
      group.memory = memory_of(blueprint, tally, MachineId(m), GroupId(g));
    }
  }
  return machines;
}

std::vector<ServiceCounters> summarize_services(const Blueprint& blueprint,
                                                const SetupTally& tally) {
  std::vector<ServiceCounters> services;
  for (std::uint32_t s = 0; s < blueprint.services.size(); ++s) {
    const ServiceRecord& counted = tally.services[ServiceId(s)];
    services.push_back({blueprint.services[ServiceId(s)].name, counted.restarts, counted.timeouts,
                        counted.lost, counted.redelivered, counted.oom_kills, counted.outages,
                        in_seconds(counted.down), counted.cold_starts});
  }
  return services;
}

// --- Operations ---

std::vector<OperationReport> summarize_operations(const Blueprint& blueprint,
                                                  const SetupTally& tally, double confidence) {
  std::vector<OperationReport> operations;
  const double requests = sum_of(tally.all.arrivals);
  for (std::uint32_t i = 0; i < tally.operations.size(); ++i) {
    const auto& [calls, times] = tally.operations[i];
    OperationReport& operation = operations.emplace_back();
    operation.name = blueprint.classes[ClassId(tally.classes.size() + i)].name;
    operation.metrics = class_metrics(calls, tally, confidence);
    if (requests > 0) operation.calls_per_request = sum_of(calls.arrivals) / requests;
    operation.wait_states = breakdown({calls.latency.count(), times});
    operation.outcomes = calls.outcomes;
    operation.attempts = calls.attempts;
  }
  return operations;
}

// --- Stability ---

// From an empty start until the accept queues are full and further connections are turned away.
// Never where a server accepts whatever comes.
std::optional<double> seconds_to_overflow(const Blueprint& blueprint, double growth) {
  double room = 0;
  for (const ServiceSpec& service : blueprint.services) {
    const std::optional<std::uint64_t> places = service.places();
    if (!places) return std::nullopt;
    room += static_cast<double>(service.accept_queue_capacity + *places);
  }
  return growth > 0 ? std::optional(room / growth) : std::nullopt;
}

StabilityReport summarize_stability(const Blueprint& blueprint, const SetupTally& tally,
                                    const SummaryOptions& options) {
  StabilityReport report;
  // Runs that were cut short end at different times: their backlogs cannot be laid over each other.
  if (!options.stationary || tally.cut_short) return report;
  const Stability stability = assess_stability(tally.backlogs, tally.slice);
  if (!stability.unstable) return report;
  report.stable = false;
  report.growth_per_second = stability.growth_per_second.value;
  report.seconds_to_overflow = seconds_to_overflow(blueprint, report.growth_per_second);
  return report;
}

}  // namespace

SetupReport summarize(const Blueprint& blueprint, const SetupTally& tally,
                      const SummaryOptions& options) {
  SetupReport setup;
  setup.name = blueprint.setup;
  setup.outcomes = tally.all.outcomes;
  setup.attempts = tally.all.attempts;
  summarize_latency(setup.metrics, tally.all, tally, options.confidence);
  const Ratios ratios{setup.metrics, tally.all, tally, options.confidence};
  summarize_flow(ratios);
  summarize_sessions(ratios);
  summarize_machine(ratios);
  summarize_memory(ratios);
  if (tally.has_sessions) {
    const SessionTally& sessions = tally.sessions;
    setup.sessions =
        SessionCounts{sessions.started, sessions.completed, sessions.lost, sessions.reconnects};
  }
  setup.observed = sum_of(tally.seconds);
  setup.machines = summarize_counters(blueprint, tally);
  setup.services = summarize_services(blueprint, tally);
  setup.first_oom_kill = summarize_first_kill(blueprint, tally);
  if (tally.classes.size() > 1) {
    for (std::uint32_t c = 0; c < tally.classes.size(); ++c) {
      const RequestTally& of_class = tally.classes[ClassId(c)];
      setup.classes.push_back({blueprint.classes[ClassId(c)].name,
                               class_metrics(of_class, tally, options.confidence),
                               of_class.outcomes, of_class.attempts});
    }
  }
  setup.operations = summarize_operations(blueprint, tally, options.confidence);
  setup.stability = summarize_stability(blueprint, tally, options);
  if (!setup.stability.stable) {
    const std::string why = "the queue grows: there is no steady state";
    withhold_latency(setup.metrics, why);
    at(setup.metrics, Metric::concurrency) = absent(why);
    if (tally.has_sessions) at(setup.metrics, Metric::session_duration) = absent(why);
    for (ClassReport& of_class : setup.classes) withhold_latency(of_class.metrics, why);
    for (OperationReport& operation : setup.operations) {
      withhold_latency(operation.metrics, why);
      operation.wait_states.reset();
    }
    return setup;
  }
  setup.wait_states = summarize_wait_states(tally);
  setup.latency_cdf = latency_cdf(tally.all.latency);
  return setup;
}

}  // namespace cotenant
