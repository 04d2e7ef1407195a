// SPDX-License-Identifier: Apache-2.0
//
// A fixed number of users: the machine repairman (one queue with c cores) and Engset's loss. One
// model time unit is one second.
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kProbe = 1e-9;  // seconds of CPU

Parts repairman(const Row& row) {
  const int users = row.count("N"), cores = row.count("servers");
  Pieces pieces;
  pieces.requests["job"] = request(closed(users, exponential_law(row.number("mean_think"))),
                                   cpu(exponential_law(row.number("mean_service"))));
  pieces.application["queue"] = service(cores);
  pieces.machine = machine(cores, "fifo");
  const bool throughput = row.metric == "throughput";
  // At most `cores` requests per service time can complete.
  return only({{scenario("machine repairman", pieces), steady(row.completions, cores), {}},
               of(throughput ? Metric::throughput : Metric::latency_mean),
               ""});
}

// A user whose request is refused thinks again. The share of time with all servers busy is what
// probes see: they come by a Poisson process.
Parts engset(const Row& row) {
  const int servers = row.count("servers");
  const double mean_think = 1 / row.number("idle_request_rate");
  Parts parts;
  for (const char* words : {"exp", "deterministic", "lognormal scv 4"}) {
    Pieces pieces;
    pieces.requests["job"] = request(closed(row.count("sources"), exponential_law(mean_think)),
                                     cpu(law_of(words, row.number("mean_service"))));
    pieces.requests["probe"] = request(poisson(servers), cpu(constant_law(kProbe)));
    pieces.application["lines"] = limited_service(servers, servers);
    pieces.machine = machine(servers, "fifo");
    const char* request_class = row.metric == "time congestion" ? "probe" : "job";
    parts.push_back({{scenario(row.model, pieces), steady(row.completions, servers), {}},
                     of(Metric::error_ratio, 1, 0, request_class),
                     std::string(words).substr(0, 3)});
  }
  return parts;
}

}  // namespace

Parts closed_sources(const Row& row) {
  if (row.model_starts("machine repairman")) return repairman(row);
  if (row.model == "Engset loss") return engset(row);
  return {};
}

}  // namespace cotenant::oracle
