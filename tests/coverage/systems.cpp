// SPDX-License-Identifier: Apache-2.0
//
// See the header. Formulas that no row states: the mean number in an M/M/1 system is rho / (1 -
// rho), the rate and the utilization of an open system are what arrives (Kleinrock, "Queueing
// Systems", volume I, chapter 3); the rate of a closed one is a row.
#include "tests/coverage/systems.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/oracle/row.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::coverage {
namespace {

using oracle::Json;
using oracle::Row;

const Row& row(const std::string& id) {
  static const std::vector<Row> rows =
      oracle::read_rows(std::string(COTENANT_SOURCE_DIR) + "/validation/data/oracles.json");
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.id == id; });
  if (found == rows.end()) throw std::runtime_error("no oracle named " + id);
  return *found;
}

std::string one_core(const std::string& name, const Json& arrivals, const Json& service_law) {
  oracle::Pieces pieces;
  pieces.requests["job"] = oracle::request(arrivals, oracle::cpu(service_law));
  pieces.application["queue"] = oracle::service(1);
  pieces.machine = oracle::machine(1, "fifo");
  return oracle::scenario(name, pieces).dump();
}

}  // namespace

double oracle(const std::string& id) { return row(id).values.at(0); }

System mm1(double lambda, double mu) {
  System system;
  system.name = fmt::format("M/M/1, load {:.2g}", lambda / mu);
  system.rate = lambda;
  system.scenario = one_core(system.name, oracle::poisson(lambda), oracle::exponential_law(1 / mu));
  const double rho = lambda / mu;
  system.means = {{Metric::latency_mean, 1 / (mu - lambda)},
                  {Metric::concurrency, rho / (1 - rho)},
                  {Metric::throughput, lambda},
                  {Metric::cpu_utilization, rho}};
  // The latency is exponential: rows mm1-50-Rp95 and their like.
  system.percentiles = {{Metric::latency_p95, -std::log(0.05) / (mu - lambda)},
                        {Metric::latency_p99, -std::log(0.01) / (mu - lambda)}};
  return system;
}

System mh21() {
  const Row& wait = row("mg1-h2-W");
  System system;
  system.name = "M/H2/1, cv² 4, load 0.7";
  system.rate = wait.number("lambda");
  system.scenario =
      one_core(system.name, oracle::poisson(system.rate), oracle::law_of(wait.text("service"), 1));
  const double latency = wait.values.at(0) + 1;  // the wait, and a service of mean 1
  system.means = {{Metric::latency_mean, latency},
                  {Metric::concurrency, system.rate * latency},  // Little
                  {Metric::throughput, system.rate},
                  {Metric::cpu_utilization, system.rate}};
  system.percentiles = {{Metric::latency_p95, oracle("mg1-h2-Rp95")},
                        {Metric::latency_p99, oracle("mg1-h2-Rp99")}};
  return system;
}

System repairman() {
  const Row& latency = row("repair-10-5-1-R");
  System system;
  system.name = "closed, 10 users, 1 core";
  system.rate = oracle("repair-10-5-1-X");
  const Json users = oracle::closed(latency.params.at("N").get<int>(),
                                    oracle::exponential_law(latency.number("mean_think")));
  system.scenario =
      one_core(system.name, users, oracle::exponential_law(latency.number("mean_service")));
  system.means = {{Metric::latency_mean, latency.values.at(0)},
                  {Metric::concurrency, system.rate * latency.values.at(0)},  // Little
                  {Metric::throughput, system.rate},
                  {Metric::cpu_utilization, system.rate * latency.number("mean_service")}};
  return system;
}

std::string scenario_text(const System& system, const Length& length) {
  Json whole = Json::parse(system.scenario);
  whole["study"] = {{"duration", oracle::duration_text(length.duration)},
                    {"warmup", length.warmup},
                    {"replications", length.replications}};
  if (length.precision > 0) whole["study"]["precision"] = length.precision;
  return whole.dump(2);
}

double duration_for(const System& system, double requests) { return requests / system.rate; }

}  // namespace cotenant::coverage
