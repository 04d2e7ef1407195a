// SPDX-License-Identifier: Apache-2.0
//
// Two servers behind a balancer: nginx, which costs nothing here and knows how many requests each
// of them has. Servers are workers with a core each (FCFS), or virtual machines with one core and a
// worker for every request (PS). One model time unit is one second.
#include <string>
#include <utility>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr const char* kServers[] = {"a", "b"};

// Who waits long is not asked elsewhere, and nobody is left alone.
Json balancer(const std::string& balance) {
  Json nginx = {{"server", "nginx"},
                {"balance", balance},
                {"read_timeout", "1d"},
                {"backlog", 65'535},
                {"overhead", "none"}};
  for (const char* server : kServers) nginx["upstream"][server] = {{"max_fails", 0}};
  return nginx;
}

Pieces behind(const std::string& balance, double rate, double mu) {
  Pieces pieces;
  pieces.requests["job"] = request(poisson(rate), cpu(exponential_law(1 / mu)), "balancer");
  pieces.application["balancer"] = balancer(balance);
  for (const char* server : kServers) pieces.application[server] = service(1);
  pieces.machine = machine(2, "fluid");
  return pieces;
}

void share_the_cores(Pieces& pieces) {
  for (const char* server : kServers) {
    pieces.application[server] = service(kManyWorkers);
    pieces.guests[server] = {{"machine", machine(1, "fluid")}};
    pieces.placements[server] = {{"guest", server}};
  }
}

Parts balanced(const Row& row, const std::string& balance) {
  const double rate = row.number(row.has("lambda") ? "lambda" : "lambda_total");
  const double mu = row.number("mu");
  Pieces pieces = behind(balance, rate, mu);
  if (row.model.find("PS servers") != std::string::npos) share_the_cores(pieces);
  // What is not the known mean of the service is the wait.
  const double less = row.metric == "mean wait" ? 1 / mu : 0;
  Part part;
  part.simulation = {scenario(row.model, pieces), steady(row.completions, rate), {}};
  part.estimator = of(Metric::latency_mean, 1, less);
  return only(std::move(part));
}

}  // namespace

Parts balancing(const Row& row) {
  if (row.model_starts("round robin over 2 servers")) return balanced(row, "round_robin");
  if (row.model == "random split over 2 servers") return balanced(row, "random");
  if (row.model_starts("join-shortest-queue, 2")) return balanced(row, "least_conn");
  return {};
}

}  // namespace cotenant::oracle
