// SPDX-License-Identifier: Apache-2.0
//
// Who calls whom: the services of an application as a directed graph, with an edge for each place
// that calls are made or tasks are sent from. Boost.Graph does the graph theory and stays in the
// .cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

struct ServiceEdge {
  std::size_t from, to;   // positions in Scenario::application
  std::string caller;     // `request class "browse"` or `operation "database.list"`
  std::string operation;  // that is called
  bool is_sent = false;   // as a task: nobody waits for it
};

struct ServiceGraph {
  std::vector<std::string> services;
  std::vector<ServiceEdge> edges;  // in the order of the file
};

// Leaves out what names no known service: check() tells about that.
ServiceGraph service_graph(const Scenario& scenario);

// The same of operations, `tasks.email`, which may send tasks of their own service.
ServiceGraph operation_graph(const Scenario& scenario);

// Edges that lead in a circle, in their order; empty when there are none.
std::vector<ServiceEdge> find_cycle(const ServiceGraph& graph);

// In Graphviz' language.
std::string to_dot(const ServiceGraph& graph);

}  // namespace cotenant
