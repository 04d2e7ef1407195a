// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/scenario_parts.h"

#include <fmt/format.h>

#include <cmath>

#include "tests/oracle/row.h"

namespace cotenant::oracle {
namespace {

constexpr int kLongestQueue = 65535;  // the largest backlog and somaxconn of the format

std::string first_word(const std::string& words) {
  return words.substr(0, words.find_first_of(" ,(-"));
}

bool is(const std::string& words, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (first_word(words) == name) return true;
  }
  return false;
}

}  // namespace

std::string duration_text(double seconds) {
  return fmt::format("{}ns", std::llround(seconds * 1e9));
}

std::string rate_text(double per_second) { return fmt::format("{:.12f}/s", per_second); }

Json poisson(double rate) { return {{"kind", "poisson"}, {"rate", rate_text(rate)}}; }

Json constant_arrivals(double rate) { return {{"kind", "constant"}, {"rate", rate_text(rate)}}; }

Json closed(int users, const Json& think) {
  return {{"kind", "closed"}, {"users", users}, {"think", think}};
}

Json replay(const std::string& file, bool classes) {
  Json arrivals = {{"kind", "replay"}, {"file", file}, {"time_column", "at"}, {"time_unit", "ns"}};
  if (classes) arrivals["class_column"] = "class";
  return arrivals;
}

Json constant_law(double value) { return duration_text(value); }

Json exponential_law(double mean) {
  return {{"law", "exponential"}, {"mean", duration_text(mean)}};
}

double scv_of(const std::string& words) {
  if (is(words, {"deterministic", "det"})) return 0;
  if (is(words, {"exp", "any"})) return 1;
  if (is(words, {"uniform"})) return 1.0 / 3;  // on (0, 2 mean)
  if (is(words, {"Erlang"})) return 1 / number_after(words, "Erlang-");
  return number_after(words, "scv");
}

Json law_of(const std::string& words, double mean) {
  const std::string text = duration_text(mean);
  if (is(words, {"deterministic", "det"})) return text;
  if (is(words, {"exp", "any"})) return exponential_law(mean);
  if (is(words, {"uniform"})) {
    return {{"law", "uniform"}, {"low", "0s"}, {"high", duration_text(2 * mean)}};
  }
  if (is(words, {"Erlang"})) {
    const int stages = static_cast<int>(number_after(words, "Erlang-"));
    return {{"law", "erlang"}, {"mean", text}, {"stages", stages}};
  }
  if (is(words, {"Weibull"})) {
    return {{"law", "weibull"}, {"mean", text}, {"shape", number_after(words, "shape")}};
  }
  const bool hyper = is(words, {"hyperexponential", "H2"});
  const char* law = hyper ? "hyperexponential" : "lognormal";
  return {{"law", law}, {"mean", text}, {"cv", std::sqrt(scv_of(words))}};
}

Json cpu(const Json& law) { return {{"cpu", law}}; }
Json wait(const Json& law) { return {{"wait", law}}; }

Json request(const Json& arrivals, const Json& steps, const std::string& service) {
  Json result = Json::object();
  if (!arrivals.is_null()) result["arrivals"] = arrivals;
  if (!service.empty()) result["service"] = service;
  result["steps"] = steps.is_array() ? steps : Json::array({steps});
  return result;
}

Json service(int workers) {
  // No queue of theory kills who is served for long.
  return {{"server", "gunicorn-sync"},
          {"workers", workers},
          {"backlog", kLongestQueue},
          {"timeout", "0s"},
          {"overhead", "none"}};
}

Json limited_service(int workers, int limit) {
  Json result = service(workers);
  result["limit_concurrency"] = limit;
  return result;
}

Json free_loop() {
  return {{"server", "uvicorn"}, {"overhead", "none"}, {"gil", false}, {"backlog", kLongestQueue}};
}

Json call(const std::string& operation) { return {{"call", operation}}; }

Json with_operation(Json service, const Json& steps) {
  service["operations"]["serve"]["steps"] = steps.is_array() ? steps : Json::array({steps});
  return service;
}

Json machine(int cores, const std::string& scheduler) {
  return {{"cores", cores}, {"scheduler", scheduler}, {"somaxconn", kLongestQueue}};
}

Json scenario(const std::string& name, const Pieces& pieces) {
  Json setup = {{"machine", pieces.machine}};
  if (!pieces.groups.empty()) setup["groups"] = pieces.groups;
  if (!pieces.guests.empty()) setup["guests"] = pieces.guests;
  if (!pieces.placements.empty()) setup["services"] = pieces.placements;
  Json workload = Json::object();
  if (!pieces.arrivals.is_null()) workload["arrivals"] = pieces.arrivals;
  workload["requests"] = pieces.requests;
  if (pieces.timeout > 0) workload["clients"]["timeout"] = duration_text(pieces.timeout);
  if (!pieces.retries.is_null()) workload["clients"]["retries"] = pieces.retries;
  return {{"format", 1},
          {"name", name},
          {"workload", workload},
          {"application", pieces.application},
          {"setups", {{"s", setup}}}};
}

}  // namespace cotenant::oracle
