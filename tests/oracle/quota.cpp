// SPDX-License-Identifier: Apache-2.0
//
// Requests under cpu.max: one at a time at every phase of the period, and Poisson arrivals. Times
// are those of the rows. The exact law of the lone request is derived in the rows' own formulas;
// the rows with open arrivals are reference simulations.
#include <algorithm>
#include <cmath>
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kMs = 1e-3;
constexpr double kTick = 1e-9;        // seconds of CPU
constexpr double kGolden = 0.381966;  // multiples of it, modulo 1, fill the unit interval evenly
constexpr const char* kFile = "arrivals.csv";

// What one request demands: so much CPU in each of these threads.
struct Job {
  Json law;
  int threads = 1;
};

struct Limit {
  double quota = 0, period = 0, burst = 0;  // seconds
  bool random_phase = false;
};

Limit limit_of(const Row& row) {
  return {row.number("quota_ms") * kMs, row.number("period_ms") * kMs, 0, false};
}

Json group_of(const Limit& limit) {
  Json cpu_max = {{"quota", duration_text(limit.quota)}, {"period", duration_text(limit.period)}};
  if (limit.burst > 0) cpu_max["burst"] = duration_text(limit.burst);
  cpu_max["phase"] = limit.random_phase ? "random" : "0s";
  return {{"cpu_max", cpu_max}};
}

Pieces limited(const Limit& limit, const Json& arrivals, const Json& law, int cores, int workers) {
  Pieces pieces;
  pieces.requests["job"] = request(arrivals, cpu(law), "web");
  pieces.application["web"] = service(workers);
  pieces.machine = machine(cores, "fluid");
  pieces.groups["limited"] = group_of(limit);
  pieces.placements["web"] = {{"group", "limited"}};
  return pieces;
}

constexpr int kLoneWorkers = 4;

// Requests that never meet. Threads of one request are calls side by side, with a core each; the
// caller is not limited and needs no CPU.
Pieces lone(const Limit& limit, const Json& arrivals, const Job& job) {
  if (job.threads == 1) return limited(limit, arrivals, job.law, 1, kLoneWorkers);
  Pieces pieces = limited(limit, arrivals, job.law, job.threads, kLoneWorkers * job.threads);
  pieces.application["web"] = with_operation(pieces.application["web"], cpu(job.law));
  pieces.application["caller"] = free_loop();
  pieces.requests["job"] = request(
      arrivals, {{"call", "web.serve"}, {"times", job.threads}, {"parallel", true}}, "caller");
  return pieces;
}

// Longer than any lone request with this demand: its full periods and one more on each side.
double sure_to_end(const Limit& limit, double demand) {
  return (std::ceil(demand / limit.quota) + 2) * limit.period;
}

// Arrivals at equal distances, phases spread evenly by the golden ratio.
Part at_random_phases(const Row& row, const Job& job, double apart, double timeout,
                      const Estimator& estimator) {
  Limit limit = limit_of(row);
  limit.random_phase = true;
  const double interval = (std::ceil(apart / limit.period) + kGolden) * limit.period;
  Pieces pieces = lone(limit, constant_arrivals(1 / interval), job);
  pieces.timeout = timeout;
  return {{scenario(row.model, pieces), steady(row.replications, 1 / interval), {}}, estimator, ""};
}

// One request at every thousandth of the period, nothing random.
Part at_every_phase(const Row& row, const Job& job, double demand, Metric which) {
  constexpr int kPhases = 1000;
  const Limit limit = limit_of(row);
  const auto interval = std::llround(sure_to_end(limit, demand) * 1e9);
  const auto step = std::llround(limit.period * 1e9) / kPhases;
  Pieces pieces = lone(limit, replay(kFile, false), job);
  Length length;
  length.duration = kPhases * static_cast<double>(interval + step) * 1e-9;
  length.replications = 1;
  const auto text = [=](int) {
    std::string rows = "at\n";
    for (int k = 0; k < kPhases; ++k) rows += std::to_string(k * (interval + step)) + "\n";
    return rows;
  };
  return {{scenario(row.model, pieces), length, {{kFile, text}}}, of(which, kMs), ""};
}

// Requests at time 0, when a period begins and the quota is full.
Part at_the_start(const Limit& limit, const Pieces& pieces, double demand, int requests,
                  const Estimator& estimator) {
  Length length;
  length.duration = requests * sure_to_end(limit, demand);
  length.replications = 1;
  const auto text = [=](int) {
    std::string rows = "at\n";
    for (int k = 0; k < requests; ++k) rows += "0\n";
    return rows;
  };
  return {{scenario("at the start of a period", pieces), length, {{kFile, text}}}, estimator, ""};
}

// One of them. The job's threads demand so much in all.
Part one_at_the_start(const Limit& limit, const Job& job, double demand,
                      const Estimator& estimator) {
  return at_the_start(limit, lone(limit, replay(kFile, false), job), demand, 1, estimator);
}

// Periods count only while the group has something to run: those of the one request.
Part throttled_periods(const Row& row) {
  const Limit limit = limit_of(row);
  const Estimator estimator = each([=](const Report& report) {
    const double periods = std::ceil(metric(report, Metric::latency_max).value / limit.period);
    return Estimate{metric(report, Metric::throttled_ratio).value * periods, 0};
  });
  const double demand = row.number("cpu_ms") * kMs;
  return one_at_the_start(limit, {constant_law(demand)}, demand, estimator);
}

// The share of requests that are within a microsecond of the longest time.
Part share_of_longest(const Row& row) {
  const Limit limit = limit_of(row);
  const double demand = row.number("cpu_ms") * kMs;
  const double longest =
      demand + (std::ceil(demand / limit.quota) - 1) * (limit.period - limit.quota);
  return at_random_phases(row, {constant_law(demand)}, sure_to_end(limit, demand), longest - 1e-6,
                          of(Metric::error_ratio));
}

Parts lone_job(const Row& row) {
  const bool parallel = row.has("total_cpu_ms");
  const double demand = row.number(parallel ? "total_cpu_ms" : "cpu_ms") * kMs;
  const int threads = parallel ? row.count("threads") : 1;
  const Job job{constant_law(demand / threads), threads};
  const auto random = [&](const Estimator& estimator) -> Parts {
    return only(at_random_phases(row, job, sure_to_end(limit_of(row), demand), 0, estimator));
  };
  const auto extreme = [&](Metric which) -> Parts {
    return only(at_every_phase(row, job, demand, which));
  };
  if (row.metric_starts("mean response")) return random(of(Metric::latency_mean, kMs));
  if (row.metric_starts("response quantile")) return random(of(quantile_metric(row.metric), kMs));
  if (row.metric_starts("maximum response")) return extreme(Metric::latency_max);
  if (row.metric_starts("minimum response")) return extreme(Metric::latency_min);
  if (row.metric_starts("number of throttled periods")) return only(throttled_periods(row));
  if (row.metric_starts("P(T = maximum)")) return only(share_of_longest(row));
  if (row.metric == "response (ms)" || row.metric == "response at phase 0 (ms)") {
    return only(one_at_the_start(limit_of(row), job, demand, of(Metric::latency_max, kMs)));
  }
  return {};
}

// Forty times the mean: at most one request in 10^17 is longer.
Parts exponential_job(const Row& row) {
  const double mean = row.number("mean_cpu_ms") * kMs;
  return only(at_random_phases(row, {exponential_law(mean)}, sure_to_end(limit_of(row), 40 * mean),
                               0, of(Metric::latency_mean, kMs)));
}

// Whole periods are observed, so that the counts are exact.
Parts saturated(const Row& row) {
  const Limit limit = limit_of(row);
  const Pieces pieces = limited(limit, closed(8, constant_law(0)),
                                constant_law(row.number("cpu_per_job_ms") * kMs), 1, 8);
  Length length;
  length.warmup = 10.5 * limit.period;
  length.duration = 1010.5 * limit.period;
  const Simulation simulation{scenario(row.model, pieces), length, {}};
  return only({simulation, of(Metric::throughput), ""});
}

// "quota 20, period 100, burst 30, ..., lone job of 50 ms at phase 0" and the like.
Parts in_prose(const Row& row) {
  const Limit limit{
      number_after(row.model, "quota") * kMs, number_after(row.model, "period") * kMs,
      row.model.find("burst") == std::string::npos ? 0 : number_after(row.model, "burst") * kMs,
      false};
  if (row.has("cpu_ms")) {
    const double demand = row.number("cpu_ms") * kMs;
    return only(
        one_at_the_start(limit, {constant_law(demand)}, demand, of(Metric::latency_max, kMs)));
  }
  const int cores = row.model.find("2 cores") == std::string::npos ? 1 : 2;
  constexpr double kDemand = 15 * kMs;
  const Pieces two = limited(limit, replay(kFile, false), constant_law(kDemand), cores, 2);
  Parts parts = only(at_the_start(limit, two, kDemand, 2, of(Metric::latency_min, kMs)));
  parts.push_back(at_the_start(limit, two, kDemand, 2, of(Metric::latency_max, kMs)));
  return parts;
}

// Constant demands of which several use up a quota to the last bit: whether the last one ends in
// this period or 80 ms later is then a matter of rounding, in the reference (floating point) as
// well.
bool fills_quota_exactly(const Row& row) {
  const double per_quota = row.number("quota_ms") / row.number("mean_cpu_ms");
  return row.text("service") == "det" && per_quota == std::floor(per_quota);
}

// With a tick of one nanosecond in every period, all periods count.
Parts with_arrivals(const Row& row) {
  Limit limit = limit_of(row);
  limit.random_phase = true;
  const double rate = row.number("lambda_per_ms") / kMs;
  const std::string words = row.text("service");
  const double mean = row.number("mean_cpu_ms") * kMs;
  const bool fifo = row.text("discipline").rfind("FIFO", 0) == 0;
  Pieces pieces = limited(limit, poisson(rate), law_of(words, mean), row.count("cores"),
                          fifo ? 1 : kManyWorkers);
  pieces.requests["tick"] =
      request(constant_arrivals(1 / limit.period), cpu(constant_law(kTick)), "tick");
  pieces.application["tick"] = service(4);
  pieces.placements["tick"] = {{"group", "limited"}};
  const Simulation simulation{scenario(row.model, pieces), steady(row.completions, rate), {}};
  if (row.metric_starts("mean response")) {
    return only({simulation, of(Metric::latency_mean, kMs, 0, "job"), ""});
  }
  if (row.metric_starts("response quantile")) {
    return only({simulation, of(quantile_metric(row.metric), kMs, 0, "job"), ""});
  }
  return only({simulation, of(Metric::throttled_ratio), ""});
}

}  // namespace

Parts lone_quota(const Row& row) {
  if (row.group != "cpu-quota") return {};
  if (row.model == "CPU quota, saturated") return saturated(row);
  if (row.model_starts("CPU quota, lone job with exponential")) return exponential_job(row);
  if (row.model_starts("CPU quota, lone job") || row.model_starts("CPU quota, one job of n")) {
    return lone_job(row);
  }
  if (row.model_starts("quota 20, period 100")) return in_prose(row);
  return {};
}

Parts open_quota(const Row& row) {
  if (row.group != "cpu-quota-open" || fills_quota_exactly(row)) return {};
  return with_arrivals(row);
}

}  // namespace cotenant::oracle
