// SPDX-License-Identifier: Apache-2.0
#include "scenarios/service_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/graphviz.hpp>
#include <sstream>

#include "scenarios/application.h"
#include "scenarios/document.h"

namespace cotenant {
namespace {

// Edges know their positions in ServiceGraph::edges. (Bidirectional, because g++ 12 warns of
// uninitialized iterators in the directed one.)
using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, boost::no_property,
                          boost::property<boost::edge_index_t, std::size_t>>;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

Graph boost_graph(const ServiceGraph& graph) {
  Graph result(graph.services.size());
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    boost::add_edge(graph.edges[e].from, graph.edges[e].to, e, result);
  }
  return result;
}

// Keeps the path that the search is on; the first edge back to it closes a cycle.
class CycleFinder : public boost::default_dfs_visitor {
 public:
  explicit CycleFinder(std::vector<std::size_t>& cycle, std::vector<Edge>& path)
      : cycle_(cycle), path_(path) {}

  void tree_edge(Edge edge, const Graph&) { path_.push_back(edge); }
  void finish_vertex(std::size_t, const Graph&) {
    if (!path_.empty()) path_.pop_back();
  }
  void back_edge(Edge edge, const Graph& graph) {
    if (!cycle_.empty()) return;
    const auto index = boost::get(boost::edge_index, graph);
    const auto leaves = [&](Edge each) {
      return boost::source(each, graph) == boost::target(edge, graph);
    };
    const auto begin = std::find_if(path_.begin(), path_.end(), leaves);
    for (auto each = begin; each != path_.end(); ++each) cycle_.push_back(index[*each]);
    cycle_.push_back(index[edge]);
  }

 private:
  std::vector<std::size_t>& cycle_;
  std::vector<Edge>& path_;
};

// Calls f(name of the operation, whether it is sent) for all that the steps ask of others.
template <class F>
void for_each_asked(const std::vector<Step>& steps, F f) {
  for (const Step& step : steps) {
    for (const CallStep* call : calls_of(step)) f(call->call, false);
    if (const auto* send = std::get_if<SendStep>(&step)) f(send->send, true);
  }
}

void add_edges(ServiceGraph& graph, const Named<Service>& application, std::size_t from,
               const std::string& caller, const std::vector<Step>& steps) {
  for_each_asked(steps, [&](const std::string& asked, bool is_sent) {
    const auto name = split_operation(asked);
    const auto to = name ? position_of(application, name->service) : std::nullopt;
    if (to) graph.edges.push_back({from, *to, caller, asked, is_sent});
  });
}

}  // namespace

ServiceGraph service_graph(const Scenario& scenario) {
  ServiceGraph graph;
  const Named<Service>& application = scenario.application;
  for (const auto& [name, service] : application) graph.services.push_back(name);
  for (const auto& [name, request] : scenario.workload.requests) {
    const auto entry = request.service.empty() ? default_service(application)
                                               : position_of(application, request.service);
    if (!entry) continue;
    const std::string caller = "request class " + in_quotes(name);
    for (const std::size_t server : last_servers_of(application, *entry)) {
      if (server != *entry) graph.edges.push_back({*entry, server, caller, name});
      add_edges(graph, application, server, caller, request.steps);
    }
  }
  for (std::size_t s = 0; s < application.size(); ++s) {
    for (const auto& [name, operation] : application[s].second.operations) {
      add_edges(graph, application, s, "operation " + in_quotes(application[s].first + "." + name),
                operation.steps);
    }
  }
  return graph;
}

ServiceGraph operation_graph(const Scenario& scenario) {
  ServiceGraph graph;
  std::vector<const Operation*> operations;
  for (const auto& [service, what] : scenario.application) {
    for (const auto& [name, operation] : what.operations) {
      graph.services.push_back(service + "." + name);
      operations.push_back(&operation);
    }
  }
  for (std::size_t from = 0; from < operations.size(); ++from) {
    for_each_asked(operations[from]->steps, [&](const std::string& asked, bool is_sent) {
      const auto to = std::find(graph.services.begin(), graph.services.end(), asked);
      if (to == graph.services.end()) return;
      graph.edges.push_back(
          {from, static_cast<std::size_t>(to - graph.services.begin()), "", asked, is_sent});
    });
  }
  return graph;
}

std::vector<ServiceEdge> find_cycle(const ServiceGraph& graph) {
  std::vector<std::size_t> cycle;
  std::vector<Edge> path;
  boost::depth_first_search(boost_graph(graph), boost::visitor(CycleFinder(cycle, path)));
  std::vector<ServiceEdge> edges;
  for (const std::size_t e : cycle) edges.push_back(graph.edges[e]);
  return edges;
}

std::string to_dot(const ServiceGraph& graph) {
  std::ostringstream out;
  const Graph edges = boost_graph(graph);
  const auto index = boost::get(boost::edge_index, edges);
  boost::write_graphviz(
      out, edges,
      [&](std::ostream& to, std::size_t service) {
        to << "[label=" << boost::escape_dot_string(graph.services[service]) << "]";
      },
      [&](std::ostream& to, Edge edge) {
        const ServiceEdge& each = graph.edges[index[edge]];
        to << "[label=" << boost::escape_dot_string(each.operation)
           << (each.is_sent ? " style=dashed" : "") << "]";
      });
  return out.str();
}

}  // namespace cotenant
