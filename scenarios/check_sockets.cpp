// SPDX-License-Identifier: Apache-2.0
//
// Checks of UNIX sockets, where who connects to one is on the machine on which it is, and of file
// descriptors.
#include <fmt/format.h>

#include "scenarios/application.h"
#include "scenarios/checker.h"
#include "scenarios/computers.h"
#include "scenarios/descriptors.h"
#include "scenarios/service_graph.h"

namespace cotenant {
namespace {

void check_clients_of(Checker& checker, const std::string& name, const RequestClass& request) {
  const Service* service = service_of(checker.scenario(), request);
  if (service == nullptr || !has_unix_socket(*service)) return;
  checker.problem("/workload/requests" + pointer_token(name) + "/service",
                  "listens on a UNIX socket, which clients cannot reach: put an nginx in front of "
                  "it, or let it listen on \"tcp\"");
}

std::string computer_with(const Setup& setup, const std::string& service) {
  const Placement* placement = find_named(setup.services, service);
  return placement == nullptr ? "" : computer_name(placement->node, placement->guest);
}

// Room for one connection at least.
void check_descriptors(Checker& checker, const std::string& name, const Service& service) {
  const std::optional<std::int64_t> nofile = nofile_of(service);
  if (!nofile || *nofile > own_descriptors(service)) return;
  const std::int64_t own = own_descriptors(service);
  checker.problem("/application" + pointer_token(name) + "/nofile",
                  fmt::format("leaves none for connections: a process has {} open itself, got {}",
                              own, *nofile),
                  fmt::format("at least {}", own + 1));
}

}  // namespace

void check_sockets(Checker& checker) {
  for (const auto& [name, service] : checker.scenario().application) {
    if (checker.sound("/application" + pointer_token(name))) {
      check_descriptors(checker, name, service);
    }
  }
  if (!checker.sound("/application") || !checker.sound("/workload/requests")) return;
  const Scenario& scenario = checker.scenario();
  for (const auto& [name, request] : scenario.workload.requests) {
    check_clients_of(checker, name, request);
  }
  for (const ServiceEdge& edge : service_graph(scenario).edges) {
    const auto& [name, service] = scenario.application[edge.to];
    if (!has_unix_socket(service)) continue;
    const std::string& caller = scenario.application[edge.from].first;
    for (const auto& [setup_name, setup] : scenario.setups) {
      if (computer_with(setup, caller) == computer_with(setup, name)) continue;
      checker.problem("/application" + pointer_token(name) + "/socket",
                      fmt::format("{} is on another machine in setup {}, and connects to it",
                                  in_quotes(caller), in_quotes(setup_name)),
                      "\"tcp\"");
    }
  }
}

}  // namespace cotenant
