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
  // Without a local port or a file descriptor to spare, whoever calls is refused at once.
  if (call.retries) check_retries(checker, pointer + "/retries", *call.retries, true);
}

void check_send(Checker& checker, const std::string& pointer, const SendStep& send) {
  if (!checker.names_known("/application") || !checker.sound(pointer + "/send")) return;
  check_operation(checker, pointer + "/send", send.send);
  if (!checker.sound(pointer)) return;
  if (send.retries) check_retries(checker, pointer + "/retries", *send.retries, false);
  const auto name = split_operation(send.send);
  const Service* service =
      name ? find_named(checker.scenario().application, name->service) : nullptr;
  if (service == nullptr || takes_tasks(*service)) return;
  checker.problem(pointer + "/send",
                  in_quotes(name->service) +
                      " takes no tasks: only a celery or a poller does; \"call\" it instead");
}

}  // namespace

void check_calls(Checker& checker, const std::string& pointer, const Step& step) {
  if (const auto* call = std::get_if<CallStep>(&step)) check_call(checker, pointer, *call);
  if (const auto* send = std::get_if<SendStep>(&step)) check_send(checker, pointer, *send);
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

namespace {

// "\"web\" calls \"database\" (request class "page" calls "database.list")", one after the other.
std::string circle_of(const ServiceGraph& graph, const std::vector<ServiceEdge>& cycle) {
  std::string circle;
  for (const ServiceEdge& edge : cycle) {
    const std::string_view verb = edge.is_sent ? "sends" : "calls";
    circle += fmt::format("{}\"{}\" {} \"{}\"", circle.empty() ? "" : ", ",
                          graph.services[edge.from], verb, graph.services[edge.to]);
    if (edge.caller.empty()) continue;
    circle += fmt::format(" ({} {} \"{}\")", edge.caller, verb, edge.operation);
  }
  return circle;
}

}  // namespace

bool check_graph(Checker& checker) {
  if (!checker.sound("/application") || !checker.sound("/workload/requests")) return false;
  ServiceGraph calls = service_graph(checker.scenario());
  std::erase_if(calls.edges, [](const ServiceEdge& edge) { return edge.is_sent; });
  std::vector<ServiceEdge> cycle = find_cycle(calls);
  if (!cycle.empty()) {
    checker.problem("/application",
                    "services must not call each other in a circle: their workers would wait for "
                    "one another. " +
                        circle_of(calls, cycle));
    return false;
  }
  const ServiceGraph operations = operation_graph(checker.scenario());
  cycle = find_cycle(operations);
  if (cycle.empty()) return true;
  checker.problem("/application",
                  "tasks must not send each other in a circle: that would never end. " +
                      circle_of(operations, cycle));
  return false;
}

}  // namespace cotenant
