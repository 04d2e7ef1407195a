// SPDX-License-Identifier: Apache-2.0
//
// Networks of queues, as services that call each other. A request waits for its calls in a worker
// of a service that has plenty of them and does nothing else. Stations have one worker each and a
// core of their own, so they are FCFS queues. Calls must not lead in a circle, so a way back to a
// station is unrolled: after kRounds rounds a request leaves, which happens to less than one in a
// million.
#include <algorithm>
#include <string>
#include <utility>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr int kRounds = 12;

Json perhaps_call(const std::string& operation, double probability) {
  return {{"call", operation}, {"probability", probability}};
}

// A FCFS queue with exponential service times.
Json station(double mu) { return with_operation(service(1), cpu(exponential_law(1 / mu))); }

Parts response(const Row& row, const Pieces& pieces, double rate, const Estimator& estimator) {
  Part part;
  part.simulation = {scenario(row.model, pieces), steady(row.completions, rate), {}};
  part.estimator = estimator;
  return only(std::move(part));
}

Parts tandem(const Row& row) {
  Pieces pieces;
  Json steps = Json::array();
  pieces.application["clients"] = free_loop();
  for (const auto& mu : row.params.at("mu")) {
    const std::string name = "station" + std::to_string(steps.size());
    pieces.application[name] = station(mu.get<double>());
    steps.push_back(call(name + ".serve"));
  }
  const double rate = row.number("lambda");
  pieces.requests["job"] = request(poisson(rate), steps);
  pieces.machine = machine(static_cast<int>(steps.size()), "fluid");
  const bool is_quantile = row.metric_starts("end-to-end response quantile");
  return response(row, pieces, rate,
                  of(is_quantile ? quantile_metric(row.metric.substr(row.metric.find("quantile")))
                                 : Metric::latency_mean));
}

std::string round_name(const char* from, int round) { return from + std::to_string(round); }

// Each round is a service of its own, which asks its station and then perhaps the next round.
// Two stations, each with arrivals from outside and a way to the other one.
Parts jackson(const Row& row) {
  const auto gamma = row.params.at("gamma").get<std::vector<double>>();
  const auto mu = row.params.at("mu").get<std::vector<double>>();
  const auto routing = row.params.at("routing").get<std::vector<std::vector<double>>>();
  Pieces pieces;
  pieces.application["clients"] = free_loop();
  const char* const names[] = {"first", "second"};
  for (std::size_t s = 0; s < 2; ++s) {
    const std::string name = names[s];
    pieces.application[name] = station(mu[s]);
    for (int round = 0; round < kRounds; ++round) {
      Json steps = Json::array({call(name + ".serve")});
      if (round + 1 < kRounds) {
        const std::string other = std::string("at_") + names[1 - s];
        steps.push_back(
            perhaps_call(round_name(other.c_str(), round + 1) + ".serve", routing[s][1 - s]));
      }
      const std::string here = "at_" + name;
      pieces.application[round_name(here.c_str(), round)] = with_operation(free_loop(), steps);
    }
    pieces.requests["from_" + name] =
        request(poisson(gamma[s]), call(round_name(("at_" + name).c_str(), 0) + ".serve"));
  }
  pieces.machine = machine(2, "fluid");
  return response(
      row, pieces, gamma[0] + gamma[1],
      of(row.metric_starts("mean number") ? Metric::concurrency : Metric::latency_mean));
}

// --- Fork and join

Parts fork_join(const Row& row) {
  Pieces pieces;
  pieces.application["clients"] = free_loop();
  pieces.application["left"] = station(row.number("mu"));
  pieces.application["right"] = station(row.number("mu"));
  const Json both = {{"together", Json::array({call("left.serve"), call("right.serve")})}};
  pieces.requests["job"] = request(poisson(row.number("lambda")), both);
  pieces.machine = machine(2, "fluid");
  return response(row, pieces, row.number("lambda"), of(Metric::latency_mean));
}

// The next job starts only when both parts are done: the caller has one worker.
Parts split_merge(const Row& row) {
  Pieces pieces;
  pieces.application["clients"] = service(1);
  pieces.application["leaf"] =
      with_operation(free_loop(), wait(exponential_law(1 / row.number("mu"))));
  const Json both = {{"call", "leaf.serve"}, {"times", row.params.at("k")}, {"parallel", true}};
  pieces.requests["job"] = request(poisson(row.number("lambda")), both);
  pieces.machine = machine(1, "fluid");
  return response(row, pieces, row.number("lambda"), of(Metric::latency_mean));
}

// Of leaves that do not queue, so the rate of requests is anything.
constexpr double kSparse = 0.1;

Pieces leaves(const Json& leaf, Json call, int count) {
  if (count > 1) {
    call["times"] = count;
    call["parallel"] = true;
  }
  Pieces pieces;
  pieces.application["clients"] = free_loop();
  pieces.application["leaf"] = with_operation(free_loop(), wait(leaf));
  pieces.requests["job"] = request(poisson(kSparse), call);
  pieces.machine = machine(1, "fluid");
  return pieces;
}

// So many calls in all are precise enough.
constexpr double kCalls = 1e7;

Parts fan_out(const Row& row) {
  const int count = row.count("n");
  Part part;
  part.simulation = {scenario(row.model, leaves(exponential_law(1), call("leaf.serve"), count)),
                     steady(std::min(row.completions, kCalls / count), kSparse),
                     {}};
  part.estimator = of(row.metric_starts("p99") ? Metric::latency_p99 : Metric::latency_mean);
  return only(std::move(part));
}

Json one_or_other(double fast, double slow, double probability_of_slow) {
  return {
      {"law", "mixture"},
      {"parts", Json::array({{{"weight", 1 - probability_of_slow}, {"law", duration_text(fast)}},
                             {{"weight", probability_of_slow}, {"law", duration_text(slow)}}})}};
}

// Requests that are too slow are those that their clients give up.
Parts slower_than(const Row& row, Pieces pieces, double limit) {
  pieces.timeout = limit;
  Part part;
  part.simulation = {scenario(row.model, pieces), steady(row.replications, kSparse), {}};
  part.estimator = of(Metric::error_ratio);
  return only(std::move(part));
}

Parts tail(const Row& row) {
  const Json leaf = one_or_other(0.001, 1, row.number("p_slow"));
  return slower_than(row, leaves(leaf, call("leaf.serve"), row.count("n")), 0.5);
}

Json hedged(double after) {
  return {{"call", "leaf.serve"}, {"hedge_after", duration_text(after)}};
}

Estimate more_calls(const Report& report) {
  return {report.setups.front().operations.front().calls_per_request.value() - 1, 0};
}

Parts hedge(const Row& row) {
  constexpr double kP95 = 2.995732273553991;  // of exponential service with mean 1: ln 20
  const Pieces pieces = leaves(exponential_law(1), hedged(kP95), 1);
  if (row.metric_starts("extra requests")) {
    Part part;
    part.simulation = {
        scenario(row.model, pieces), steady_in_studies(row.replications, kSparse), {}};
    part.estimator = each(more_calls);
    return only(std::move(part));
  }
  return response(row, pieces, kSparse,
                  of(row.metric_starts("p99.9") ? Metric::latency_p999 : Metric::latency_mean));
}

Parts hedged_fan_out(const Row& row) {
  const Json leaf = one_or_other(0.01, 1, 0.01);
  return slower_than(row, leaves(leaf, hedged(0.015), row.count("n")), 0.030);
}

// Layers that each try again multiply.
Parts nested_retries(const Row& row) {
  const int layers = row.count("layers");
  const Json retries = {{"max", row.count("attempts_per_layer") - 1}};
  Pieces pieces;
  pieces.application["layer0"] = free_loop();
  for (int layer = 1; layer < layers; ++layer) {
    const bool is_last = layer + 1 == layers;
    Json next = call(round_name("layer", layer + 1) + ".serve");
    next["retries"] = retries;
    pieces.application[round_name("layer", layer)] =
        with_operation(free_loop(), is_last ? Json{{"error", 1}} : next);
  }
  Json first = call("layer1.serve");
  first["retries"] = retries;
  pieces.requests["job"] = request(constant_arrivals(1), first);
  pieces.machine = machine(1, "fluid");
  pieces.retries = retries;
  Part part;
  part.simulation.scenario = scenario(row.model, pieces);
  part.simulation.length = {100, 0, 1, 1, 0};
  part.estimator = [](const Reports& reports) -> Estimate {
    const SetupReport& setup = reports.front().setups.front();
    double attempts = 0;
    for (const std::uint64_t count : setup.operations.back().attempts) {
      attempts += static_cast<double>(count);
    }
    double requests = 0;
    for (const std::uint64_t count : setup.outcomes) requests += static_cast<double>(count);
    return {attempts / requests, 0};
  };
  return only(std::move(part));
}

}  // namespace

Parts networks(const Row& row) {
  if (row.model_starts("open tandem")) return tandem(row);
  if (row.model_starts("open Jackson network")) return jackson(row);
  if (row.model_starts("fork-join")) return fork_join(row);
  if (row.model_starts("split-merge")) return split_merge(row);
  if (row.model_starts("parallel fan-out")) return fan_out(row);
  if (row.model == "fan-out tail amplification") return tail(row);
  if (row.model_starts("hedged request")) return hedge(row);
  if (row.model_starts("fan-out 100, leaf 10 ms")) return hedged_fan_out(row);
  if (row.model == "nested retries") return nested_retries(row);
  return {};
}

}  // namespace cotenant::oracle
