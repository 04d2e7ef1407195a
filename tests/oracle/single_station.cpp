// SPDX-License-Identifier: Apache-2.0
//
// Stations with first-come first-served cores: M/G/c, D/M/1, MMPP/M/1, batches, loss and limits.
// One model time unit is one second, and 50 s where a client timeout (1 ms at least) stands for
// "at all". Requests wait in the accept queue for one of as many workers as cores. Probabilities of
// waiting come from probes, Poisson requests of one nanosecond of CPU: they see time averages.
#include <cmath>
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kProbe = 1e-9;     // seconds of CPU
constexpr double kCoarse = 50;      // seconds per model time unit in scenarios with timeouts
constexpr double kShortest = 1e-3;  // the shortest client timeout of the format

struct Station {
  Json arrivals;
  double rate = 0;  // requests per model time unit
  Json service;
  double mean = 1, scv = 1;  // of the service time
  int cores = 1;
  double unit = 1;  // seconds
};

int cores_of(const Row& row) { return row.has("c") ? row.count("c") : 1; }

double mean_service(const Row& row) {
  if (row.has("mu")) return 1 / row.number("mu");
  if (row.has("D")) return row.number("D");
  return row.has("mean_service") ? row.number("mean_service") : 1;
}

std::string service_words(const Row& row) {
  if (row.has("D")) return "deterministic";
  return row.has("service") ? row.text("service") : "exp";
}

// Kuczura's interrupted Poisson process: a rate that is switched on and off by a Markov chain gives
// hyperexponential gaps. The rates of the gaps' two phases are the roots of
// s^2 - (rate + on_off + off_on) s + rate off_on.
Json hyperexponential_gaps(const Row& row) {
  const double p = row.number("p1"), fast = row.number("rate1"), slow = row.number("rate2");
  const double rate = p * fast + (1 - p) * slow;
  const double off_on = fast * slow / rate;
  const double on_off = fast + slow - rate - off_on;
  return {{"kind", "mmpp"},
          {"states",
           {{{"rate", rate_text(rate)}, {"mean_stay", duration_text(1 / on_off)}},
            {{"rate", "0/s"}, {"mean_stay", duration_text(1 / off_on)}}}}};
}

Json two_states(const Row& row) {
  const auto state = [&](const char* rate, const char* leaving) -> Json {
    return {{"rate", rate_text(row.number(rate))},
            {"mean_stay", duration_text(1 / row.number(leaving))}};
  };
  return {{"kind", "mmpp"}, {"states", {state("lambda1", "r12"), state("lambda2", "r21")}}};
}

Json batches(const Row& row) {
  Json arrivals = poisson(row.number("batch_rate"));
  const std::string words = row.text("batch");
  if (words.rfind("fixed", 0) == 0) {
    arrivals["batch"] = {{"size", static_cast<int>(number_after(words, "fixed"))}};
  } else {
    arrivals["batch"] = {{"mean_size", number_after(words, "mean")}};
  }
  return arrivals;
}

double batch_size(const Row& row) {
  const std::string words = row.text("batch");
  return number_after(words, words.rfind("fixed", 0) == 0 ? "fixed" : "mean");
}

bool knows_arrivals(const Row& row, Station& station) {
  if (row.has("batch")) {
    station.arrivals = batches(row);
    station.rate = row.number("batch_rate") * batch_size(row);
  } else if (row.has("mean_rate")) {
    station.arrivals = two_states(row);
    station.rate = row.number("mean_rate");
  } else if (row.has("rate2")) {
    station.arrivals = hyperexponential_gaps(row);
    station.rate = row.number("lambda");
  } else if (row.has("lambda") && row.params.at("lambda").is_number()) {
    station.rate = row.number("lambda");
    const bool equal_gaps = row.has("arrivals") && row.text("arrivals") == "deterministic";
    station.arrivals = equal_gaps ? constant_arrivals(station.rate / station.unit)
                                  : poisson(station.rate / station.unit);
  } else {
    return false;
  }
  return true;
}

Station station_of(const Row& row, const std::string& service, double unit) {
  Station station;
  station.unit = unit;
  station.mean = mean_service(row);
  station.scv = scv_of(service);
  station.service = law_of(service, station.mean * unit);
  station.cores = cores_of(row);
  if (!knows_arrivals(row, station)) station.rate = 0;
  return station;
}

// Workers and, if requests are turned away, the limit; probes have a class of their own.
struct Extras {
  int workers = 0;  // 0: as many as cores
  int limit = 0;
  bool probes = false;
  double timeout = 0;
};

// The error of a mean wait is taken from the mean response, to which the service times add noise;
// with many cores they dominate it.
double completions_for(const Row& row, const Station& station) {
  return row.metric == "mean wait" && station.cores > 1 ? 6 * row.completions : row.completions;
}

Simulation simulate(const Row& row, const Station& station, const Extras& extras) {
  const int workers = extras.workers > 0 ? extras.workers : station.cores;
  Pieces pieces;
  pieces.requests["job"] = request(station.arrivals, cpu(station.service));
  if (extras.probes) {
    pieces.requests["probe"] =
        request(poisson(station.rate / station.unit), cpu(constant_law(kProbe)));
  }
  pieces.application["queue"] =
      extras.limit > 0 ? limited_service(workers, extras.limit) : service(workers);
  pieces.machine = machine(station.cores, "fifo");
  pieces.timeout = extras.timeout;
  return {scenario(row.model, pieces),
          steady(completions_for(row, station), station.rate / station.unit),
          {}};
}

Part seen_by_probes(const Row& row, double waited_longer, bool complement) {
  const Station station = station_of(row, service_words(row), kCoarse);
  Extras extras;
  extras.probes = true;
  extras.timeout = std::max(waited_longer * kCoarse, kShortest);
  const double sign = complement ? -1 : 1;
  return {simulate(row, station, extras), each([=](const Report& report) {
            return scaled(metric(report, Metric::error_ratio, "probe"), sign, complement ? 1 : 0);
          }),
          ""};
}

Part wait_quantile_of_probes(const Row& row) {
  Extras extras;
  extras.probes = true;
  return {simulate(row, station_of(row, service_words(row), 1), extras),
          of(quantile_metric(row.metric), 1, 0, "probe"), ""};
}

Estimator of_jobs(const Row& row, const Station& station) {
  const double variance = station.scv * station.mean * station.mean;
  if (row.metric_starts("mean response")) return of(Metric::latency_mean);
  if (row.metric_starts("variance of response")) return variance_of_latency(1);
  if (row.metric_starts("response quantile")) return of(quantile_metric(row.metric));
  if (row.metric == "mean wait") return mean_wait(1);
  // Wait and service of one request are independent.
  if (row.metric == "variance of wait") return variance_of_latency(1, variance);
  if (row.metric == "mean number in system") return of(Metric::concurrency);
  if (row.metric == "mean queue length (waiting)") {
    return of(Metric::concurrency, 1, station.rate * station.mean);  // less those in service
  }
  return {};
}

// Erlang's loss does not depend on the law of the service time: three are tried.
Parts loss(const Row& row) {
  Parts parts;
  for (const char* law : {"exp", "deterministic", "lognormal scv 4"}) {
    const Station station = station_of(row, law, 1);
    Extras extras;
    extras.limit = station.cores;
    parts.push_back(
        {simulate(row, station, extras), of(Metric::error_ratio), std::string(law).substr(0, 3)});
  }
  return parts;
}

Parts limited(const Row& row) {
  Extras extras;
  extras.limit = row.count("K_total");
  const Simulation simulation = simulate(row, station_of(row, "exp", 1), extras);
  const bool rejected = row.metric == "rejection probability";
  return only({simulation, of(rejected ? Metric::error_ratio : Metric::latency_mean), ""});
}

// The number in system of M/M/1 does not depend on the discipline as long as that ignores demands.
// Under processor sharing a probe of CPU d among n requests takes (n + 1) d, so its timeout counts.
Parts many_in_system(const Row& row) {
  const double d = 1e-4;
  Station station = station_of(row, "exp", 10);
  Pieces pieces;
  pieces.requests["job"] = request(station.arrivals, cpu(station.service));
  pieces.requests["probe"] = request(poisson(station.rate / station.unit), cpu(constant_law(d)));
  pieces.application["queue"] = service(kManyWorkers);
  pieces.machine = machine(1, "fluid");
  pieces.timeout = (number_after(row.metric, "N>=") + 0.5) * d;
  return only(
      {{scenario(row.model, pieces), steady(row.completions, station.rate / station.unit), {}},
       of(Metric::error_ratio, 1, 0, "probe"),
       ""});
}

// A request that returns k times has k + 1 CPU steps; between steps it goes to the end of the
// queue.
Parts feedback(const Row& row) {
  constexpr int kMostReturns = 12;  // at p = 0.3 two requests in a million would return more often
  const double again = row.number("p_return"), rate = row.number("lambda");
  Pieces pieces;
  Json steps = Json::array();
  for (int k = 0; k <= kMostReturns; ++k) {
    steps.push_back(cpu(exponential_law(1 / row.number("mu"))));
    pieces.requests["returns-" + std::to_string(k)] =
        request(poisson(rate * (1 - again) * std::pow(again, k)), steps);
  }
  pieces.application["queue"] = service(kManyWorkers);
  pieces.machine = machine(1, "fifo");
  return only({{scenario(row.model, pieces), steady(row.completions, rate), {}},
               of(Metric::latency_mean),
               ""});
}

bool is_fcfs_queue(const Row& row) {
  for (const char* model : {"M/M/1", "M/D/1", "M/E4/1", "M/U/1", "M/H2/1", "M/LN/1", "M/Weibull/1",
                            "D/M/1", "H2/M/1", "M/M/c", "M/D/c", "M^X/M/1", "MMPP2/M/1"}) {
    if (row.model == model) return true;
  }
  return false;
}

}  // namespace

Parts single_station(const Row& row) {
  if (row.model == "M/G/c/c") return loss(row);
  if (row.model == "M/M/c/K") return limited(row);
  if (row.model == "M/M/1 with Bernoulli feedback") return feedback(row);
  if (!is_fcfs_queue(row)) return {};
  if (row.metric == "P(wait>0)") return only(seen_by_probes(row, 0, false));
  if (row.metric_starts("P(wait<=")) {
    return only(seen_by_probes(row, number_after(row.metric, "<="), true));
  }
  if (row.metric_starts("waiting-time quantile")) return only(wait_quantile_of_probes(row));
  if (row.metric_starts("P(N>=")) return many_in_system(row);
  const Station station = station_of(row, service_words(row), 1);
  const Estimator estimator = of_jobs(row, station);
  if (!estimator) return {};
  return only({simulate(row, station, {}), estimator, ""});
}

}  // namespace cotenant::oracle
