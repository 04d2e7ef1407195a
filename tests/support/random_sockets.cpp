// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_sockets.h"

#include <algorithm>
#include <string>
#include <variant>

#include "scenarios/application.h"
#include "scenarios/computers.h"
#include "scenarios/descriptors.h"
#include "scenarios/service_graph.h"
#include "sim/base/hash.h"
#include "tests/support/die.h"

namespace cotenant {
namespace {

// Runs are shorter than a minute, so that ports that are closed first stay away unless they are
// reused.
void set_ports(Die& die, Machine& machine) {
  machine.local_ports = die.chance(0.5) ? die.whole(1, 8) : die.whole(9, 200);
  machine.tcp_tw_reuse = die.whole(0, 2);
}

std::string computer_with(const Setup& setup, const std::string& service) {
  const Placement* placement = find_named(setup.services, service);
  return placement == nullptr ? "" : computer_name(placement->node, placement->guest);
}

// It is asked by services of its own machine only, in all setups.
bool may_use_a_file(const Scenario& scenario, const ServiceGraph& graph, std::size_t service) {
  const std::string& name = scenario.application[service].first;
  for (const auto& [class_name, request] : scenario.workload.requests) {
    if (request.service == name) return false;
  }
  return std::all_of(graph.edges.begin(), graph.edges.end(), [&](const ServiceEdge& edge) {
    if (edge.to != service) return true;
    const std::string& caller = scenario.application[edge.from].first;
    return std::all_of(scenario.setups.begin(), scenario.setups.end(), [&](const auto& named) {
      return computer_with(named.second, caller) == computer_with(named.second, name);
    });
  });
}

void set_socket(Die& die, Service& service) {
  std::visit(
      [&](auto& server) {
        if constexpr (requires { server.socket; }) server.socket = die.chance(0.7) ? "unix" : "tcp";
      },
      service.server);
}

void set_descriptors(Die& die, Service& service) {
  std::visit(
      [&](auto& server) {
        if constexpr (requires { server.nofile; }) {
          server.nofile = own_descriptors(service) + die.whole(1, die.chance(0.5) ? 6 : 40);
        }
      },
      service.server);
}

}  // namespace

void add_descriptors(Scenario& scenario, std::uint64_t seed) {
  Die die(mix64(~seed));
  if (!die.chance(0.2)) return;
  for (auto& [name, service] : scenario.application) {
    if (die.chance(0.6)) set_descriptors(die, service);
  }
}

// A salt of its own: nothing else uses this die.
constexpr std::uint64_t kKept = 0x6b657074;

void add_kept(Scenario& scenario, std::uint64_t seed) {
  Die die(mix64(seed ^ kKept));
  if (!die.chance(0.3)) return;
  const ServiceGraph graph = service_graph(scenario);
  for (const ServiceEdge& edge : graph.edges) {
    auto& [name, caller] = scenario.application[edge.from];
    const auto& [called, service] = scenario.application[edge.to];
    const bool may = !std::holds_alternative<Nginx>(caller.server) && may_keep_connections(service);
    if (!may || edge.is_sent || find_named(caller.kept, called) || die.chance(0.2)) continue;
    KeptConnections kept;
    kept.idle = die.whole(1, 6);
    if (die.chance(0.5)) kept.expiry = Duration(die.whole(1, 2'000) * 1'000'000);
    caller.kept.emplace_back(called, kept);
  }
}

void add_sockets(Scenario& scenario, std::uint64_t seed) {
  Die die(~seed);
  if (die.chance(0.25)) {
    for (auto& [name, setup] : scenario.setups) {
      set_ports(die, setup.machine);
      for (auto& [guest_name, guest] : setup.guests) set_ports(die, guest.machine);
    }
  }
  const ServiceGraph graph = service_graph(scenario);
  for (std::size_t s = 0; s < scenario.application.size(); ++s) {
    if (may_use_a_file(scenario, graph, s)) set_socket(die, scenario.application[s].second);
  }
}

}  // namespace cotenant
