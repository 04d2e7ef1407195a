// SPDX-License-Identifier: Apache-2.0
//
// Clients who try again: attempts that fail with a probability, and the M/M/1 retrial queue, in
// which whoever finds the server busy comes back after an exponential time, for as long as it
// takes. There, a limit of one request turns everybody else away with 503. One model time unit is
// one second.
#include <algorithm>
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

Json fails(double probability) { return {{"error", probability}}; }

// Requests that need nothing and fail with a probability.
Pieces failing(const Json& arrivals, const Row& row) {
  Pieces pieces;
  pieces.requests["job"] = request(arrivals, fails(row.number("p_fail")));
  pieces.application["queue"] = service(1);
  pieces.machine = machine(1, "fifo");
  pieces.retries = {{"max", static_cast<int>(row.number("max_retries"))}};
  return pieces;
}

Parts amplification(const Row& row) {
  const double rate = 1000;
  return only({{scenario(row.model, failing(poisson(rate), row)),
                steady(std::max(row.completions, row.replications), rate),
                {}},
               of(Metric::attempts_per_request),
               ""});
}

// The window begins and ends between two arrivals, so it has exactly a hundred seconds' worth.
Parts storm_load(const Row& row) {
  Length length;
  length.warmup = 1.001;
  length.duration = 101.001;
  length.replications = 1;
  const Estimator attempts = each([](const Report& report) {
    return scaled(metric(report, Metric::offered_rate),
                  metric(report, Metric::attempts_per_request).value);
  });
  const Pieces pieces = failing(constant_arrivals(row.number("load_qps")), row);
  const Simulation simulation{scenario(row.model, pieces), length, {}};
  return only({simulation, attempts, ""});
}

// All in the system but the one in service wait to come back.
Parts orbit(const Row& row) {
  const double rate = row.number("lambda");
  const double service_time = 1 / row.number("mu");
  Pieces pieces;
  pieces.requests["job"] = request(poisson(rate), cpu(exponential_law(service_time)));
  pieces.application["queue"] = limited_service(1, 1);
  pieces.machine = machine(1, "fifo");
  pieces.retries = {{"max", "unlimited"},
                    {"backoff", {{"base", exponential_law(1 / row.number("nu"))}, {"factor", 1}}}};
  return only({{scenario(row.model, pieces), steady(row.completions, rate), {}},
               of(Metric::concurrency, 1, rate * service_time),
               ""});
}

}  // namespace

Parts retries(const Row& row) {
  if (row.model_starts("client retries, independent")) return amplification(row);
  if (row.model == "retry storm") return storm_load(row);
  if (row.model_starts("M/M/1 retrial")) return orbit(row);
  return {};
}

}  // namespace cotenant::oracle
