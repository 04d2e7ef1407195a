// SPDX-License-Identifier: Apache-2.0
//
// Checks of calls between services.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/checker.h"
#include "scenarios/nearest.h"
#include "scenarios/quantity.h"
#include "scenarios/service_graph.h"

namespace cotenant {
namespace {

std::vector<std::string> operation_names(const Named<Service>& application) {
  std::vector<std::string> names;
  for (const auto& [name, service] : application) {
    for (const auto& [operation, what] : service.operations)
      names.push_back(name + "." + operation);
  }
  return names;
}

void check_operation(Checker& checker, const std::string& pointer, const std::string& name) {
  const std::vector<std::string> known = operation_names(checker.scenario().application);
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const std::string expected = "a service and one of its operations: \"database.list\"";
  if (!split_operation(name)) {
    return checker.problem(pointer, "must be " + expected + ", got " + in_quotes(name), expected,
                           nearest_name(name, {known.begin(), known.end()}));
  }
  checker.problem(pointer, "there is no operation " + in_quotes(name), "",
                  nearest_name(name, {known.begin(), known.end()}));
}

void check_call(Checker& checker, const std::string& pointer, const CallStep& call) {
  if (checker.names_known("/application") && checker.sound(pointer + "/call")) {
    check_operation(checker, pointer + "/call", call.call);
  }
  if (!checker.sound(pointer)) return;
  if (call.parallel && call.times == 1) {
    checker.problem(pointer + "/parallel", "means nothing for one call: times is 1");
  }
  if (!call.retries) return;
  const auto name = split_operation(call.call);
  const Named<Service>& services = checker.scenario().application;
  const Service* service = name ? find_named(services, name->service) : nullptr;
  check_retries(checker, pointer + "/retries", *call.retries,
                service != nullptr && refuses_at_once(*service));
}

}  // namespace

void check_calls(Checker& checker, const std::string& pointer, const Step& step) {
  if (const auto* call = std::get_if<CallStep>(&step)) check_call(checker, pointer, *call);
  const auto* together = std::get_if<TogetherStep>(&step);
  if (together == nullptr) return;
  for (std::size_t i = 0; i < together->together.size(); ++i) {
    const std::string place = fmt::format("{}/together/{}", pointer, i);
    const CallStep& call = together->together[i];
    check_call(checker, place, call);
    if (call.blocking && checker.sound(place)) {
      checker.problem(place + "/blocking", "is said of the step, not of one of its calls");
    }
  }
}

bool check_graph(Checker& checker) {
  if (!checker.sound("/application") || !checker.sound("/workload/requests")) return false;
  const ServiceGraph graph = service_graph(checker.scenario());
  const std::vector<ServiceEdge> cycle = find_cycle(graph);
  if (cycle.empty()) return true;
  std::string circle;
  for (const ServiceEdge& edge : cycle) {
    circle += fmt::format("{}\"{}\" calls \"{}\" ({} calls \"{}\")", circle.empty() ? "" : ", ",
                          graph.services[edge.from], graph.services[edge.to], edge.caller,
                          edge.operation);
  }
  checker.problem("/application",
                  "services must not call each other in a circle: their workers would wait for "
                  "one another. " +
                      circle);
  return false;
}

}  // namespace cotenant
