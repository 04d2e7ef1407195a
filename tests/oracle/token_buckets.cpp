// SPDX-License-Identifier: Apache-2.0
//
// Limits on the rate of calls: what a service with a bucket of tokens turns away, and how long
// callers need who ask again until they are let through.
#include <string>
#include <utility>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

Pieces limited_to(double rate, int depth, const Json& arrivals, const Json& call) {
  Pieces pieces;
  pieces.requests["job"] = request(arrivals, call);
  pieces.application["caller"] = free_loop();
  pieces.application["api"] = with_operation(
      {{"server", "external"}, {"rate_limit", {{"rate", rate_text(rate)}, {"burst", depth}}}},
      wait(constant_law(0)));
  pieces.machine = machine(1, "fluid");
  return pieces;
}

Parts policing(const Row& row) {
  const double rate = row.number("lambda");
  const Pieces pieces =
      limited_to(row.number("rate_tokens"), row.count("depth"), poisson(rate), call("api.serve"));
  Part part;
  part.simulation = {scenario(row.model, pieces), steady(row.completions, rate), {}};
  part.estimator = of(Metric::error_ratio);
  return only(std::move(part));
}

// Callers ask again whenever there is a new token: one of them gets it.
Parts shaping(const Row& row) {
  constexpr const char* kFile = "arrivals.csv";
  const double rate = row.number("rate");
  const int burst = row.count("burst");
  Json patient = call("api.serve");
  patient["retries"] = {{"max", "unlimited"},
                        {"on", {"rejected_429"}},
                        {"backoff", {{"base", duration_text(1 / rate)}, {"factor", 1}}}};
  const Pieces pieces = limited_to(rate, row.count("depth"), replay(kFile, false), patient);
  const auto rows = [burst](int) {
    std::string text = "at\n";
    for (int i = 0; i < burst; ++i) text += "0\n";
    return text;
  };
  Part part;
  part.simulation.scenario = scenario(row.model, pieces);
  part.simulation.length = {2 * burst / rate, 0, 1, 1, 0};
  part.simulation.recordings = {{kFile, rows}};
  part.estimator = of(Metric::latency_max);
  return only(std::move(part));
}

}  // namespace

Parts token_buckets(const Row& row) {
  if (row.model_starts("token-bucket policing")) return policing(row);
  if (row.model_starts("token-bucket shaping")) return shaping(row);
  return {};
}

}  // namespace cotenant::oracle
