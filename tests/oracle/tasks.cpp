// SPDX-License-Identifier: Apache-2.0
//
// Queues that are not first come, first served, or not for everybody: tasks of a Celery whose
// workers reserve nothing ahead, with priorities and with an expiry that stands for patience. One
// model time unit is one second.
#include <string>
#include <vector>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kProbe = 1e-9;  // seconds of CPU, and of patience

Json celery(int concurrency) {
  return {{"server", "celery"},
          {"concurrency", concurrency},
          {"prefetch_multiplier", 1},
          {"acks_late", true}};
}

std::string service_words(const Row& row, std::size_t request_class) {
  const nlohmann::json& words = row.params.at("service");
  return words.is_array() ? words.at(request_class).get<std::string>() : words.get<std::string>();
}

Parts non_preemptive(const Row& row) {
  const auto rates = row.params.at("lambda").get<std::vector<double>>();
  const auto means = row.params.at("mean").get<std::vector<double>>();
  Pieces pieces;
  double total = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    Json job = request(poisson(rates[i]), cpu(law_of(service_words(row, i), means[i])));
    job["priority"] = rates.size() - i;
    pieces.requests[std::to_string(i + 1)] = job;
    total += rates[i];
  }
  pieces.application["tasks"] = celery(1);
  pieces.machine = machine(1, "fifo");
  const std::string request_class = row.metric.substr(row.metric.size() - 1);
  const double served = means.at(static_cast<std::size_t>(std::stoi(request_class)) - 1);
  return only({{scenario(row.model, pieces), steady(row.completions, total), {}},
               of(Metric::latency_mean, 1, served, request_class),
               ""});
}

// Whoever has lost his patience stays in the queue until it is his turn, which costs nothing: the
// others do not notice. Probes without any patience say how many have to wait.
Parts impatient(const Row& row) {
  const double rate = row.number("lambda"), impatience = row.number("patience_rate");
  const int servers = row.count("servers");
  Pieces pieces;
  pieces.requests["job"] = request(poisson(rate), cpu(exponential_law(1 / row.number("mu"))));
  pieces.requests["job"]["expires"] = exponential_law(1 / impatience);
  pieces.requests["probe"] = request(poisson(rate), cpu(constant_law(kProbe)));
  pieces.requests["probe"]["expires"] = constant_law(kProbe);
  pieces.application["tasks"] = celery(servers);
  pieces.machine = machine(servers, "fifo");
  Estimator estimator;
  if (row.metric == "P(abandon)") estimator = of(Metric::error_ratio, 1, 0, "job");
  if (row.metric == "P(wait>0)") estimator = of(Metric::error_ratio, 1, 0, "probe");
  // Patience ends at that rate while somebody waits, however long he has waited.
  if (row.metric_starts("mean time in queue")) {
    estimator = of(Metric::error_ratio, impatience, 0, "job");
  }
  if (!estimator) return {};
  return only({{scenario(row.model, pieces), steady(row.completions, rate), {}}, estimator, ""});
}

}  // namespace

Parts tasks(const Row& row) {
  if (row.group == "priority" && row.model.find("non-preemptive") != std::string::npos) {
    return non_preemptive(row);
  }
  if (row.model_starts("M/M/n+M")) return impatient(row);
  return {};
}

}  // namespace cotenant::oracle
