// SPDX-License-Identifier: Apache-2.0
//
// Preemption by weight: among tasks whose weights differ by a factor of a thousand or a million,
// the heavy one has the core practically alone, and the light one stands still. Each class has one
// worker, so requests of one class are served in order of arrival. One model time unit is one
// second.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr int kHighest = 1'000'000;  // the largest task weight of the format

std::vector<std::string> services_of(const Row& row) {
  const nlohmann::json& words = row.params.at("service");
  if (words.is_array()) return words.get<std::vector<std::string>>();
  return std::vector<std::string>(row.params.at("lambda").size(), words.get<std::string>());
}

Parts preemptive(const Row& row) {
  const auto rates = row.params.at("lambda").get<std::vector<double>>();
  const auto means = row.params.at("mean").get<std::vector<double>>();
  const std::vector<std::string> services = services_of(row);
  const int step = rates.size() == 2 ? kHighest : 1000;
  Pieces pieces;
  double total = 0;
  int weight = kHighest;
  for (std::size_t i = 0; i < rates.size(); ++i, weight /= step) {
    const std::string name = std::to_string(i + 1);
    pieces.requests[name] = request(poisson(rates[i]), cpu(law_of(services[i], means[i])), name);
    pieces.application[name] = service(1);
    pieces.placements[name] = {{"task_weight", weight}};
    total += rates[i];
  }
  pieces.machine = machine(1, "fluid");
  const std::string request_class = row.metric.substr(row.metric.size() - 1);
  return only({{scenario(row.model, pieces), steady(row.completions, total), {}},
               of(Metric::latency_mean, 1, 0, request_class),
               ""});
}

// The server is off while a neighbor of overwhelming weight computes.
void add_interruptions(Pieces& pieces, double mean_on, double mean_off) {
  pieces.requests["off"] =
      request(closed(1, exponential_law(mean_on)), cpu(exponential_law(mean_off)), "off");
  pieces.application["off"] = service(1);
  pieces.placements["off"] = {{"task_weight", kHighest}};
  pieces.placements["queue"] = {{"task_weight", 1}};
  pieces.machine = machine(1, "fluid");
}

// The number of on and off times decides the error: there are at least so many.
constexpr double kInterruptions = 150e3;

// Seconds per model time unit here, elsewhere in this file it is one: the latencies of all requests
// together must not exceed the 292 years that an integer of nanoseconds holds.
constexpr double kBrief = 0.01;

Parts interrupted(const Row& row) {
  const double rate = row.number("lambda");
  const double cycle = 1 / row.number("on_to_off_rate") + 1 / row.number("off_to_on_rate");
  const double completions = std::max(row.completions, kInterruptions * cycle * rate);
  Pieces pieces;
  pieces.requests["job"] =
      request(poisson(rate / kBrief), cpu(exponential_law(kBrief / row.number("mu"))), "queue");
  pieces.application["queue"] = service(1);
  add_interruptions(pieces, kBrief / row.number("on_to_off_rate"),
                    kBrief / row.number("off_to_on_rate"));
  return only({{scenario(row.model, pieces), steady(completions, rate / kBrief), {}},
               of(Metric::latency_mean, kBrief, 0, "job"),
               ""});
}

// Saturation: two users without think time keep the worker busy. The number of on and off times
// decides the error, so there must be many more completions than the row recommends.
Parts interrupted_capacity(const Row& row) {
  const double completions = 15 * row.completions;
  Pieces pieces;
  pieces.requests["job"] =
      request(closed(2, constant_law(0)), cpu(exponential_law(1 / row.number("mu"))), "queue");
  pieces.application["queue"] = service(1);
  add_interruptions(pieces, row.number("mean_on"), row.number("mean_off"));
  const double rate =
      row.number("mu") * row.number("mean_on") / (row.number("mean_on") + row.number("mean_off"));
  return only({{scenario(row.model, pieces), steady(completions, rate), {}},
               of(Metric::throughput, 1, 0, "job"),
               ""});
}

}  // namespace

Parts priorities(const Row& row) {
  if (row.group == "priority" && row.model.find("preemptive-resume") != std::string::npos) {
    return preemptive(row);
  }
  if (row.model_starts("M/M/1 with on-off server")) return interrupted(row);
  if (row.model == "on-off server saturation throughput") return interrupted_capacity(row);
  return {};
}

}  // namespace cotenant::oracle
