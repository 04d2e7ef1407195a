// SPDX-License-Identifier: Apache-2.0
//
// Rows about the process itself rather than its steady state: expected numbers at an instant,
// variance constants of time averages, dispersion of counts, run lengths. They come from many
// replications or studies: the number in system averaged over a short window at the end, or the
// variance between replications. One model time unit is one second.
#include <cmath>
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

// The spread over this many studies is the error.
constexpr int kStudies = 40;

// Workers, where 10 are busy on average: a start of the world costs time for each.
constexpr int kEnough = 100;

Simulation mm1(const std::string& name, double lambda, double mu) {
  Pieces pieces;
  pieces.requests["job"] = request(poisson(lambda), cpu(exponential_law(1 / mu)));
  pieces.application["queue"] = service(1);
  pieces.machine = machine(1, "fifo");
  return {scenario(name, pieces), {}, {}};
}

Simulation infinite_servers(const Row& row, const std::string& words) {
  Pieces pieces;
  pieces.requests["job"] =
      request(poisson(row.number("lambda")), wait(law_of(words, row.number("mean_service"))));
  pieces.application["servers"] = service(kEnough);
  pieces.machine = machine(1, "fluid");
  return {scenario(row.model, pieces), {}, {}};
}

// A window of a thousandth of `t` with `t` in its middle: the change of E[N] across it is linear.
// Reports average the number in system over thousandths of the duration.
Length snapshots_at(double t, double replications) {
  const double window = std::round(t / 999.5 * 1e9) / 1e9;
  Length length;
  length.duration = 1000 * window;
  length.warmup = 999 * window;
  length.studies = kStudies;
  length.replications = static_cast<int>(replications) / kStudies;
  return length;
}

Parts at_an_instant(const Row& row) {
  Simulation simulation = row.model_starts("M/M/1")
                              ? mm1(row.model, row.number("lambda"), row.number("mu"))
                              : infinite_servers(row, "exp");
  simulation.length = snapshots_at(row.number("t"), row.replications);
  return only({simulation, of(Metric::concurrency), ""});
}

// Ten mean services after the start nothing of the empty start is left, if the law has no long
// tail; and the window, a hundredth of a mean service, takes only 0.3 % off the variance.
Parts variance_at_an_instant(const Row& row) {
  constexpr double kSnapshots = 20000;
  Parts parts;
  for (const char* words : {"exp", "deterministic", "uniform(0,2)"}) {
    Simulation simulation = infinite_servers(row, words);
    simulation.length = snapshots_at(10 * row.number("mean_service"), kSnapshots);
    parts.push_back({simulation, variance_between_replications(Metric::concurrency, 1),
                     std::string(words).substr(0, 3)});
  }
  return parts;
}

// Replications of this many mean services: some 200 times the time over which an M/M/1 queue
// remembers (half its variance constant over its variance), so that the constant is approached
// within 1 %.
double long_enough(double rho) { return 400 / ((1 - rho) * (1 - rho)); }

constexpr int kReplicationsForVariance = 3000;

Length for_variance(double observed, int studies) {
  Length length;
  length.warmup = observed / 10;
  length.duration = observed + length.warmup;
  length.studies = studies;
  length.replications = kReplicationsForVariance / studies;
  return length;
}

Parts variance_constant_of_number(const Row& row) {
  const double lambda = row.number("lambda"), mu = row.number("mu");
  Simulation simulation = mm1(row.model, lambda, mu);
  const double observed = long_enough(lambda / mu) / lambda;
  simulation.length = for_variance(observed, kStudies);
  return only({simulation, variance_between_replications(Metric::concurrency, observed), ""});
}

// One replication per study: a report gives no interval for the wait alone.
Simulation waits(double lambda, double mu) {
  Simulation simulation = mm1("M/M/1", lambda, mu);
  const double observed = long_enough(lambda / mu) / lambda;
  simulation.length = for_variance(observed, kReplicationsForVariance);
  return simulation;
}

Parts variance_constant_of_waits(const Row& row) {
  const double lambda = row.number("lambda"), mu = row.number("mu");
  return {
      {waits(lambda, mu), variance_between_studies(mean_wait_of, long_enough(lambda / mu)), ""}};
}

// The number of waits after which the half-width is 5 % of their mean: (1.96 / 0.05)^2 times their
// variance constant over the square of their mean.
Parts run_length(const Row& row) {
  const double rho = row.number("rho");
  const double mean = rho / (1 - rho);
  const double factor = std::pow(1.959963984540054 / (0.05 * mean), 2);
  return only(
      {waits(rho, 1), variance_between_studies(mean_wait_of, factor * long_enough(rho)), ""});
}

// Var N(t) / E N(t) over many changes of state.
Parts dispersion(const Row& row) {
  const double rate = row.number("mean_rate");
  const double forget = 1 / (row.number("r12") + row.number("r21"));
  const double observed = 400 * forget;
  const auto state = [&](const char* lambda, const char* leaving) -> Json {
    return {{"rate", rate_text(row.number(lambda))},
            {"mean_stay", duration_text(1 / row.number(leaving))}};
  };
  Pieces pieces;
  const Json arrivals = {{"kind", "mmpp"},
                         {"states", {state("lambda1", "r12"), state("lambda2", "r21")}}};
  pieces.requests["job"] = request(arrivals, wait(constant_law(1e-3)));
  pieces.application["servers"] = service(kManyWorkers);
  pieces.machine = machine(1, "fluid");
  const Simulation simulation{scenario(row.model, pieces), for_variance(observed, kStudies), {}};
  return only(
      {simulation, variance_between_replications(Metric::offered_rate, observed / rate), ""});
}

}  // namespace

Parts ensembles(const Row& row) {
  if (row.metric_starts("E[N(t)]")) return at_an_instant(row);
  if (row.metric == "variance of number in system") return variance_at_an_instant(row);
  if (row.metric_starts("time-average variance constant")) return variance_constant_of_number(row);
  if (row.metric_starts("variance constant of FCFS")) return variance_constant_of_waits(row);
  if (row.model_starts("M/M/1 run length")) return run_length(row);
  if (row.model == "MMPP2 arrivals") return dispersion(row);
  return {};
}

}  // namespace cotenant::oracle
