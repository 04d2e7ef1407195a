// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_replicas.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/replicas.h"

namespace cotenant {

namespace {

// The pointer is that of the setup.
std::string replicas_at(const std::string& pointer, const Setup& setup) {
  return pointer + (setup.replicas > 1 ? "/replicas" : "/balancer");
}

bool is_behind(const Service& proxy, const std::string& name) {
  const auto* nginx = std::get_if<Nginx>(&proxy.server);
  return nginx != nullptr && find_named(nginx->upstream, name) != nullptr;
}

// What is there once cannot be on a computer of which there are several.
void check_replicated(Checker& checker, const std::string& at, const Setup& setup,
                      const std::vector<std::string>& replicated) {
  const Scenario& scenario = checker.scenario();
  const std::size_t before = checker.problems();
  bool any_asked = false;
  for (const std::string& name : replicated) {
    const Service& service = *find_named(scenario.application, name);
    const bool answers_clients = runs_python(service) && !takes_tasks(service);
    if (!answers_clients || !service.operations.empty()) {
      checker.problem(at, fmt::format("would be of {}, too, which others than clients ask: place "
                                      "it on a node of its own",
                                      in_quotes(name)));
    }
    for (const auto& [other, proxy] : scenario.application) {
      const Placement* placed = find_named(setup.services, other);
      if (!is_behind(proxy, name) || placed == nullptr || placed->node.empty()) continue;
      checker.problem(at, fmt::format("would be of {}, which is behind {} on another node: place "
                                      "both on the same",
                                      in_quotes(name), in_quotes(other)));
    }
    any_asked = any_asked || std::any_of(scenario.workload.requests.begin(),
                                         scenario.workload.requests.end(), [&](const auto& named) {
                                           return service_of(scenario, named.second) == &service;
                                         });
  }
  if (any_asked || checker.problems() > before) return;
  checker.problem(at, "would be of nothing that clients ask: all of it is on nodes");
}

// Replicas are called as their originals, with numbers.
void check_names(Checker& checker, const std::string& at, const Setup& setup,
                 const std::vector<std::string>& replicated) {
  for (const std::string& name : replicated) {
    for (std::int64_t r = 1; r <= setup.replicas; ++r) {
      const std::string replica = replica_name(name, r);
      const bool is_taken = find_named(checker.scenario().application, replica) != nullptr ||
                            find_named(setup.nodes, replica) != nullptr;
      if (!is_taken) continue;
      checker.problem(at, fmt::format("would call one of them {}: a service or node must have "
                                      "another name",
                                      in_quotes(replica)));
    }
  }
}

// What a proxy in front makes impossible.
void check_balanced(Checker& checker, const Node& document, const std::string& at,
                    const std::string& name) {
  const Scenario balanced = behind_balancer(checker.scenario(), name);
  Diagnostics found;
  Checker again(balanced, document, found);
  check_workload(again);
  check_clients(again);
  check_setups(again);
  for (std::size_t i = 0; i < found.size(); ++i) {
    checker.problem(
        at, fmt::format("behind a load balancer, {} {}", found[i].pointer, found[i].message));
  }
}

}  // namespace

void check_replicas(Checker& checker, const Node& document) {
  for (const auto& [name, setup] : checker.scenario().setups) {
    if (!is_balanced(setup)) continue;
    const std::string at = replicas_at("/setups" + pointer_token(name), setup);
    const std::size_t before = checker.problems();
    const std::vector<std::string> replicated = replicated_services(checker.scenario(), setup);
    check_replicated(checker, at, setup, replicated);
    check_names(checker, at, setup, replicated);
    if (checker.problems() == before) check_balanced(checker, document, at, name);
  }
}

}  // namespace cotenant
