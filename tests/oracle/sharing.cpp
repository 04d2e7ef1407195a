// SPDX-License-Identifier: Apache-2.0
//
// Ideal processor sharing: plain, by weight, beside a permanent competitor. Every request in the
// system has a worker of its own. One model time unit is one second. A permanent competitor is a
// closed user whose one request computes longer than the run.
#include <string>
#include <vector>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kForever = 390 * 86400.0;  // seconds; the format ends at 400 days
constexpr int kUnitWeight = 1024;           // of a task at nice 0

// The laws that stand for "any".
std::vector<std::string> laws_of(const Row& row) {
  const std::string words = row.has("service") ? row.text("service") : "exp";
  if (words.rfind("any", 0) == 0) return {"exp", "deterministic", "lognormal scv 4"};
  return {words};
}

double mean_service(const Row& row) { return row.has("mu") ? 1 / row.number("mu") : 1; }

Pieces plain(const Row& row, const Json& law) {
  Pieces pieces;
  pieces.requests["job"] = request(poisson(row.number("lambda")), cpu(law), "web");
  pieces.application["web"] = service(kManyWorkers);
  pieces.machine = machine(row.has("cores") ? row.count("cores") : 1, "fluid");
  return pieces;
}

Simulation simulate(const Row& row, const Pieces& pieces) {
  return {scenario(row.model, pieces), steady(row.completions, row.number("lambda")), {}};
}

Estimator of_jobs(const Row& row) {
  if (row.metric == "mean response") return of(Metric::latency_mean);
  if (row.metric == "variance of response") return variance_of_latency(1);
  if (row.metric_starts("response quantile")) return of(quantile_metric(row.metric));
  return {};
}

Parts processor_sharing(const Row& row) {
  const Estimator estimator = of_jobs(row);
  if (!estimator) return {};
  Parts parts;
  for (const std::string& words : laws_of(row)) {
    const Json law = law_of(words, mean_service(row));
    parts.push_back({simulate(row, plain(row, law)), estimator,
                     laws_of(row).size() > 1 ? words.substr(0, 3) : ""});
  }
  return parts;
}

// Requests of demand x among the others: a class with 1 % of the load; the others have the rest.
Parts given_demand(const Row& row) {
  const double x = row.number("x"), load = row.number("lambda");
  Pieces pieces = plain(row, law_of("exp", 1));
  pieces.requests["job"] = request(poisson(0.99 * load), cpu(exponential_law(1)), "web");
  pieces.requests["x"] = request(poisson(0.01 * load / x), cpu(constant_law(x)), "web");
  const Estimator estimator = row.metric_starts("variance") ? variance_of_latency(1, 0, "x")
                                                            : of(Metric::latency_mean, 1, 0, "x");
  return only({simulate(row, pieces), estimator, ""});
}

void add_hog(Pieces& pieces) {
  pieces.requests["hog"] = request(closed(1, constant_law(0)), cpu(constant_law(kForever)), "hog");
  pieces.application["hog"] = service(1);
}

Parts beside_task(const Row& row) {
  Parts parts;
  for (const std::string& words : laws_of(row)) {
    Pieces pieces = plain(row, law_of(words, row.number("mean_service")));
    add_hog(pieces);
    pieces.placements["web"] = {{"task_weight", kUnitWeight}};
    pieces.placements["hog"] = {
        {"task_weight", static_cast<int>(kUnitWeight * row.number("hog_weight"))}};
    parts.push_back({simulate(row, pieces), of(Metric::latency_mean), words.substr(0, 3)});
  }
  return parts;
}

Parts beside_group(const Row& row) {
  const int share = static_cast<int>(100 * row.number("share"));
  Parts parts;
  for (const char* words : {"exp", "deterministic", "lognormal scv 4"}) {
    Pieces pieces = plain(row, law_of(words, row.number("mean_service")));
    add_hog(pieces);
    pieces.groups["ours"] = {{"cpu_weight", share}};
    pieces.groups["theirs"] = {{"cpu_weight", 100 - share}};
    pieces.placements["web"] = {{"group", "ours"}};
    pieces.placements["hog"] = {{"group", "theirs"}};
    parts.push_back(
        {simulate(row, pieces), of(Metric::latency_mean), std::string(words).substr(0, 3)});
  }
  return parts;
}

// The weights are task weights: only their ratio counts.
Parts weighted(const Row& row) {
  Pieces pieces;
  double rate = 0;
  for (const char* k : {"1", "2"}) {
    const double lambda = row.number((std::string("lambda") + k).c_str());
    const double mu = row.number((std::string("mu") + k).c_str());
    const int weight = row.params.at(std::string("weight") + k).get<int>();
    pieces.requests[k] = request(poisson(lambda), cpu(exponential_law(1 / mu)), k);
    pieces.application[k] = service(kManyWorkers);
    pieces.placements[k] = {{"task_weight", weight}};
    rate += lambda;
  }
  pieces.machine = machine(1, "fluid");
  const std::string request_class = row.metric.substr(row.metric.size() - 1);
  return only({{scenario(row.model, pieces), steady(row.completions, rate), {}},
               of(Metric::latency_mean, 1, 0, request_class),
               ""});
}

}  // namespace

Parts sharing(const Row& row) {
  if (row.model == "M/G/1-PS with permanent competitor") return beside_task(row);
  if (row.model == "M/G/1-PS inside group with guaranteed share") return beside_group(row);
  if (row.model == "M/M/1-DPS 2 classes") return weighted(row);
  for (const char* model : {"M/G/1-PS", "M/M/1-PS", "M/G/c-PS", "M/M/c-PS"}) {
    if (row.model == model) return row.has("x") ? given_demand(row) : processor_sharing(row);
  }
  return {};
}

}  // namespace cotenant::oracle
