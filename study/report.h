// SPDX-License-Identifier: Apache-2.0
//
// What the faces show: plain values, no text layout. A Report cannot exist without its warm-up,
// horizon and censored count; every number either has an interval, or a reason why it has none, or
// is absent. Durations are in seconds. docs/report-format.md describes the JSON form (version
// kReportFormat).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/request/outcome.h"
#include "models/request/wait_state.h"
#include "scenarios/metric.h"
#include "study/timeline.h"

namespace cotenant {

inline constexpr int kReportFormat = 1;

// What makes an interval wide, as parts of its variance; they sum to 1.
struct UncertaintyParts {
  double parameters = 0;   // what is not known about fitted ones
  double simulation = 0;   // the luck of the runs
  double discrepancy = 0;  // what no parameter explains
};

// A metric: its value and, where replications allow one, its confidence interval. Without a value
// (unstable system, too few samples, nothing completed) `why` says so in a sentence.
struct MetricValue {
  std::optional<double> value;
  std::optional<double> low, high;
  std::string why;
  std::optional<UncertaintyParts> parts{};  // of the interval; only with fitted parameters
};

using Metrics = std::array<MetricValue, kMetrics>;

inline const MetricValue& at(const Metrics& metrics, Metric metric) {
  return metrics[static_cast<std::size_t>(metric)];
}
inline MetricValue& at(Metrics& metrics, Metric metric) {
  return metrics[static_cast<std::size_t>(metric)];
}

// Where the time of some requests went: mean seconds in each state; they sum to `latency`.
struct WaitBreakdown {
  double latency = 0;
  std::uint64_t requests = 0;  // how many were averaged
  std::array<double, kWaitStates> states{};
};

struct WaitBreakdowns {
  std::optional<WaitBreakdown> mean;  // all completed requests
  std::optional<WaitBreakdown> p50;   // completed requests around the median
  std::optional<WaitBreakdown> p99;   // completed requests around the 99th percentile
};

using OutcomeCounts = std::array<std::uint64_t, kOutcomes>;

struct ClassReport {
  std::string name;
  Metrics metrics;
  OutcomeCounts outcomes{};
  OutcomeCounts attempts{};  // at these requests, by how each ended
};

enum class Verdict : std::uint8_t { met, missed, cannot_tell, cannot_run };

struct ObjectiveReport {
  std::string text;  // "latency_p95 below 0.4 s"
  Metric metric;
  std::string request_class;  // empty: all
  std::optional<double> below, above;
  Verdict verdict = Verdict::cannot_tell;
  std::string reason;  // one sentence with the numbers
  // How many replications meet it by themselves, of those that have the number. Where each is
  // another box that one may be given: how many boxes do.
  std::uint64_t met_in = 0, judged_in = 0;
};

// The p95 of each replication by itself: how much it depends on luck, and, with neighbors, on the
// box that one is given. Seconds.
struct Spread {
  double best = 0;
  double median = 0;
  double bad = 0;  // nine in ten are no worse
  double worst = 0;
  std::uint64_t replications = 0;
};

// The p95 of each hour of the run by itself, of all replications together. Seconds. An hour in
// which more than one request in twenty fails is worse than all others, whatever the rest of them
// take.
struct HourlySpread {
  double best = 0;
  double median = 0;
  double worst = 0;
  std::uint64_t worst_hour = 0;  // it begins so many hours after the start
  double worst_failed = 0;       // the part of its requests that fails
  std::uint64_t hours = 0;
};

// Against the baseline, replication by replication, each of which has the same requests in all
// setups: so the interval is about the difference and not about the luck that both share.
struct Difference {
  Metric metric;
  MetricValue value;  // of this setup minus that of the baseline, in the unit of the metric
};

// Failed requests by what held them up.
struct FailureCount {
  Outcome outcome;
  std::optional<WaitState> held_by;  // where they had spent most of their time; none: no time
  std::uint64_t requests = 0;
};

struct StabilityReport {
  bool stable = true;
  double growth_per_second = 0;  // of the backlog, when not stable
  std::optional<double>
      seconds_to_overflow;  // from an empty start until connections are turned away
};

struct Price {
  std::string currency;
  std::int64_t cents_per_month = 0;              // with the surplus
  std::optional<double> per_million_requests{};  // in units of the currency, good requests only
  // CPU beyond the baseline of an unlimited burstable plan, if this load went on for the month.
  std::int64_t surplus_cents = 0;
  bool surplus_unknown = false;  // there is some, and nobody says what it costs
};

// Of its memory. Bytes.
struct GroupMemory {
  std::optional<std::uint64_t> limit;  // memory.max, or what the machine has
  double mean = 0;                     // of memory.current
  std::uint64_t peak = 0;              // as memory.peak, warm-up included, of any replication
  std::uint64_t oom_kills = 0;         // because of its limit
  double cache_mean = 0;               // of the mean, pages of files
  double swap_mean = 0;                // of memory.swap.current
  double pressure_some = 0;            // memory.pressure: seconds in which some task waited for it
  double pressure_full = 0;            // of these, in which no other task could run
  double above_limit = 0;              // seconds above the limit, with nobody left to kill
};

// Of a group that saves CPU time. Seconds of CPU.
struct GroupCredits {
  double most = 0;   // that it can save
  double least = 0;  // that it has had in any replication, warm-up included
  double end = 0;    // of a replication, on average
};

// What the kernel's counters would show of a cgroup at the ends of all replications together, each
// from its warm-up on: cpu.stat, cpu.pressure and the run delay of its tasks. Times in seconds.
// Schedulers other than eevdf and cfs leave the last four at zero.
struct GroupCounters {
  std::string name;  // empty: the root
  double usage = 0;
  std::uint64_t nr_periods = 0;
  std::uint64_t nr_throttled = 0;
  double throttled_time = 0;
  std::uint64_t nr_bursts = 0;
  double burst_time = 0;
  double run_queue_wait = 0;
  double pressure_some = 0;
  std::optional<GroupCredits> credits{};  // absent where it has none
  std::optional<GroupMemory> memory{};    // absent where no memory counts
};

// The first process that the kernel killed in any replication, by the earliest time.
struct FirstOomKill {
  double at = 0;                   // seconds from the start of its replication, warm-up included
  std::string machine, group;      // whose limit it was; empty: the hardware, its root
  std::string service;             // whose process it was
  std::uint64_t replications = 0;  // in which any was killed
};

// What the kernel's counters would show of a disk, as above: /proc/diskstats, and of its limits
// what tools that look into cgroups show. Times in seconds.
struct DiskCounters {
  double busy = 0;  // it had an IO
  std::uint64_t reads = 0, writes = 0;
  std::uint64_t read_bytes = 0, written_bytes = 0;
  double throttled = 0, queued = 0, served = 0;  // of all these IOs together
};

// What the log daemon of a machine has been given, and what it had no room for.
struct LogCounters {
  std::uint64_t lines = 0, lost = 0;
};

struct MachineCounters {
  std::string name;  // of a guest; empty: the hardware
  std::uint32_t cores = 1;
  double steal = 0;  // seconds, summed over its virtual CPUs
  std::vector<GroupCounters> groups;
  std::optional<DiskCounters> disk{};  // none: it has none
  std::optional<LogCounters> log{};
};

// What the log of the server would show, as above.
struct ServiceCounters {
  std::string name;
  std::uint64_t worker_restarts = 0;    // after they had ended, for whatever reason
  std::uint64_t worker_timeouts = 0;    // of these, killed because they hung
  std::uint64_t workers_lost = 0;       // ended, and nobody replaces them
  std::uint64_t tasks_redelivered = 0;  // because they had not been acknowledged in time
  std::uint64_t oom_kills = 0;          // workers that the kernel killed for lack of memory
  std::uint64_t outages = 0;            // its main process has ended
  double down = 0;                      // seconds until it was started again
  std::uint64_t cold_starts = 0;        // by its platform, which had stopped it
};

// What services asked of one operation. Latency is from the first attempt of a call to its reply.
struct OperationReport {
  std::string name;  // "database.list"
  Metrics metrics;
  std::optional<double> calls_per_request;   // at the application, of any class
  std::optional<WaitBreakdown> wait_states;  // of completed calls, on average
  OutcomeCounts outcomes{};
  OutcomeCounts attempts{};
};

// Of all replications, from the warm-up on. Those that are missing were going on at the end.
struct SessionCounts {
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  std::uint64_t lost = 0;        // ended by a request that failed
  std::uint64_t reconnects = 0;  // after a WebSocket was lost, in whatever session
};

// Of what a setup buys: what the simulation does not show.
struct PlanReport {
  std::string name, provider;
  std::string as_of;                      // of the price; empty: the user said the price
  std::vector<std::string> not_included;  // in it
  std::string isolation, effort, scaling;
};

// What Kubernetes makes of the requests and limits of a service.
struct ContainerReport {
  std::string service;
  std::string qos_class;                      // Guaranteed, Burstable or BestEffort
  std::int64_t weight = 0;                    // cpu.weight
  std::optional<double> cores;                // that it may use at most
  std::optional<std::int64_t> memory;         // bytes, likewise
  std::optional<std::int64_t> oom_score_adj;  // absent: the scenario says nothing of its memory
};

struct SetupReport {
  std::string name;
  std::string description;
  std::optional<Price> price;
  std::optional<PlanReport> plan;
  bool boxes_differ = false;   // each replication is another box, because it has neighbors
  std::uint64_t replicas = 1;  // of its computer or plan; the price is that of all of them
  std::vector<std::pair<std::string, PlanReport>> node_plans;  // of nodes that are plans, by name
  std::vector<ContainerReport> containers;
  std::vector<std::string> cannot_run;  // why, in clauses; then there are no numbers
  Metrics metrics;
  WaitBreakdowns wait_states;
  OutcomeCounts outcomes{};
  OutcomeCounts attempts{};
  std::optional<SessionCounts> sessions;    // absent when no arrivals are sessions
  std::vector<ClassReport> classes;         // empty when there is only one class
  std::vector<OperationReport> operations;  // empty when no service calls another one
  std::vector<ObjectiveReport> objectives;
  std::vector<Difference> differences;            // empty: it is the baseline, or has no numbers
  std::optional<Spread> latency_p95_spread;       // absent where some replication has no p95
  std::optional<HourlySpread> latency_p95_hours;  // absent in runs of less than two whole hours
  std::vector<FailureCount> failures;             // the most frequent first
  // The part of them of which the tenant can see the cause; docs/models/comparison.md.
  std::optional<double> failures_visible;  // absent: none failed
  StabilityReport stability;
  double observed = 0;  // seconds in which the counters counted, of all replications
  std::vector<MachineCounters> machines;
  std::vector<ServiceCounters> services;
  std::optional<FirstOomKill> first_oom_kill;
  std::vector<std::string> notes;  // what to doubt, in sentences
  // (probability, latency in seconds): the latency distribution for charts, at most 200 points.
  std::vector<std::pair<double, double>> latency_cdf;
  std::optional<Timeline> timeline;  // only if asked for, and if there are numbers
};

struct Provenance {
  std::uint64_t scenario_hash = 0;
  std::uint64_t seed = 0;
  std::uint64_t replications = 0;
  double warmup = 0;  // seconds removed from the start of each replication
  bool warmup_reliable = true;
  double horizon = 0;  // seconds simulated in each replication, warm-up included
  double confidence = 0.95;
  std::uint64_t events = 0;       // processed in all replications of all setups
  std::uint64_t censored = 0;     // requests still in the system at the ends of all replications
  std::uint64_t fingerprint = 0;  // of all runs
  std::optional<std::uint64_t>
      parameters_hash{};  // of the file of fitted ones; none: there is none
  bool complete = true;
  std::string incomplete_because;
  std::string build;  // version, compiler; left out of hashes and comparisons
};

struct Report {
  std::string name;
  std::string description;
  std::vector<SetupReport> setups;
  std::string baseline;  // of the differences; empty: there is nothing to compare
  std::vector<std::string> notes;
  Provenance provenance;
};

}  // namespace cotenant
