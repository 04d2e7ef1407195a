// SPDX-License-Identifier: Apache-2.0
//
// Workers that compute and then wait, an event loop, infinitely many servers. Times of these rows
// are seconds and are simulated as such, but where a client timeout (1 ms at least) stands for "at
// all", everything is a thousand times slower.
#include <string>
#include <utility>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kProbe = 1e-9;     // seconds of CPU
constexpr double kShortest = 1e-3;  // the shortest client timeout of the format
constexpr double kSlower = 1000;

Json steps_of(const Row& row, double unit) {
  return Json::array({cpu(exponential_law(number_after(row.text("cpu"), "mean") * unit)),
                      wait(exponential_law(number_after(row.text("io"), "mean") * unit))});
}

double accept_queue_of(const Report& report) {
  const WaitBreakdown& mean = report.setups.front().wait_states.mean.value();
  return mean.states[static_cast<std::size_t>(WaitState::accept_queue)];
}

Parts pool(const Row& row) {
  const bool all_busy = row.metric == "P(all workers busy)";
  const double unit = all_busy ? kSlower : 1;
  const double rate = row.number("lambda") / unit;
  Pieces pieces;
  pieces.requests["job"] = request(poisson(rate), steps_of(row, unit));
  pieces.application["pool"] = service(row.count("workers"));
  pieces.machine = machine(row.count("cores"), "fluid");
  Estimator estimator = row.metric_starts("mean response") ? of(Metric::latency_mean) : Estimator();
  Length length = steady(row.completions, rate);
  if (row.metric_starts("mean wait for a worker")) {
    length = steady_in_studies(row.completions, rate);
    estimator = each([](const Report& report) { return Estimate{accept_queue_of(report), 0}; });
  }
  if (all_busy) {
    pieces.requests["probe"] = request(poisson(rate), cpu(constant_law(kProbe)));
    pieces.timeout = kShortest;
    estimator = of(Metric::error_ratio, 1, 0, "probe");
  }
  if (!estimator) return {};
  Part part;
  part.simulation = {scenario(row.model, pieces), length, {}};
  part.estimator = estimator;
  return only(std::move(part));
}

Parts saturated_pool(const Row& row) {
  const int workers = row.count("workers");
  Pieces pieces;
  pieces.requests["job"] = request(closed(2 * workers, constant_law(0)),
                                   Json::array({cpu(exponential_law(row.number("cpu_mean"))),
                                                wait(exponential_law(row.number("io_mean")))}));
  pieces.application["pool"] = service(workers);
  pieces.machine = machine(row.count("cores"), "fluid");
  return only({{scenario(row.model, pieces), steady(row.completions, row.values[0]), {}},
               of(Metric::throughput),
               ""});
}

Parts event_loop(const Row& row) {
  Parts parts;
  for (const char* io : {"exp", "deterministic", "lognormal scv 4"}) {
    Pieces pieces;
    pieces.requests["job"] = request(poisson(row.number("lambda")),
                                     Json::array({cpu(exponential_law(row.number("cpu_mean"))),
                                                  wait(law_of(io, row.number("io_mean")))}));
    pieces.application["loop"] = service(kManyWorkers);
    pieces.machine = machine(1, "fluid");
    parts.push_back(
        {{scenario(row.model, pieces), steady(row.completions, row.number("lambda")), {}},
         of(Metric::latency_mean),
         std::string(io).substr(0, 3)});
  }
  return parts;
}

Parts infinite_servers(const Row& row) {
  Parts parts;
  for (const char* words : {"exp", "deterministic", "lognormal scv 4"}) {
    Pieces pieces;
    pieces.requests["job"] =
        request(poisson(row.number("lambda")), wait(law_of(words, row.number("mean_service"))));
    pieces.application["servers"] = service(kManyWorkers);
    pieces.machine = machine(1, "fluid");
    parts.push_back(
        {{scenario(row.model, pieces), steady(row.completions, row.number("lambda")), {}},
         of(Metric::concurrency),
         std::string(words).substr(0, 3)});
  }
  return parts;
}

// Requests that hold memory, in a process that the kernel may not kill: it gets what it wants, and
// the report says for how long that was above the limit.
Parts memory_demand(const Row& row) {
  const auto mebibytes = [&](const char* key) { return std::to_string(row.count(key)) + "MiB"; };
  const double rate = row.number("lambda");
  Pieces pieces;
  pieces.requests["job"] =
      request(poisson(rate), Json::array({{{"hold", mebibytes("memory_per_request_MB")}},
                                          wait(exponential_law(row.number("mean_service")))}));
  pieces.application["loop"] = free_loop();
  pieces.application["loop"]["memory"] = {{"base", mebibytes("base_MB")}};
  pieces.machine = machine(1, "fluid");
  pieces.machine["memory"] = mebibytes("limit_MB");
  pieces.placements["loop"] = {{"oom_score_adj", -1000}};
  const Estimator share = each([](const Report& report) {
    const SetupReport& setup = report.setups.front();
    const GroupMemory& memory = *setup.machines.front().groups.front().memory;
    return Estimate{memory.above_limit / setup.observed, 0};
  });
  return only(
      {{scenario(row.model, pieces), steady_in_studies(row.completions, rate), {}}, share, ""});
}

}  // namespace

Parts worker_pools(const Row& row) {
  if (row.model == "sync worker pool") return pool(row);
  if (row.model == "sync worker pool saturated") return saturated_pool(row);
  if (row.model_starts("async worker: one event-loop core")) return event_loop(row);
  if (row.model == "M/G/inf" && row.metric == "mean number in system") return infinite_servers(row);
  if (row.model == "M/G/inf memory demand") return memory_demand(row);
  return {};
}

}  // namespace cotenant::oracle
