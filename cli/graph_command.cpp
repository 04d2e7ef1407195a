// SPDX-License-Identifier: Apache-2.0
//
// `cotenant graph`: which service calls which, and what a request takes at least; or the same graph
// for Graphviz.
#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "scenarios/critical_path.h"
#include "scenarios/service_graph.h"
#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/table.h"

namespace cotenant {
namespace {

// "database (list, write)": whom a service calls, and what it asks.
std::string called_by(const ServiceGraph& graph, std::size_t caller) {
  std::string text;
  for (std::size_t called = 0; called < graph.services.size(); ++called) {
    std::vector<std::string> operations;
    for (const ServiceEdge& edge : graph.edges) {
      if (edge.from != caller || edge.to != called) continue;
      const std::string operation =
          (edge.is_sent ? "sends " : "") + edge.operation.substr(edge.operation.find('.') + 1);
      if (std::find(operations.begin(), operations.end(), operation) == operations.end()) {
        operations.push_back(operation);
      }
    }
    if (operations.empty()) continue;
    text += (text.empty() ? "" : ", ") + printable(graph.services[called]) + " (";
    for (std::size_t i = 0; i < operations.size(); ++i) {
      text += (i == 0 ? "" : ", ") + printable(operations[i]);
    }
    text += ")";
  }
  return text;
}

std::vector<std::string> calls_table(const ServiceGraph& graph) {
  Table table;
  table.columns = {{"service", "", Align::left, {}}, {"calls", "", Align::left, {}}};
  for (std::size_t s = 0; s < graph.services.size(); ++s) {
    const std::string called = called_by(graph, s);
    table.columns[0].cells.push_back(clip(printable(graph.services[s]), kLongestName));
    table.columns[1].cells.push_back(called.empty() ? "–" : called);
  }
  return table_lines(table, Ink(false));
}

// "web 6 ms, database.list 12 ms", longest first.
std::string parts_of(CriticalPath path) {
  std::stable_sort(path.parts.begin(), path.parts.end(),
                   [](const PathPart& a, const PathPart& b) { return a.seconds > b.seconds; });
  std::string text;
  for (const PathPart& part : path.parts) {
    if (!(part.seconds > 0)) continue;
    text += (text.empty() ? "" : ", ") + printable(part.name) + " " + short_time(part.seconds);
  }
  return text.empty() ? "–" : text;
}

std::vector<std::string> path_table(const Scenario& scenario) {
  Table table;
  table.columns = {{"request class", "", Align::left, {}},
                   {"at least", "", Align::right, {}},
                   {"of which", "", Align::left, {}}};
  for (const auto& [name, request] : scenario.workload.requests) {
    const CriticalPath path = critical_path(scenario, name, request);
    table.columns[0].cells.push_back(clip(printable(name), kLongestName));
    table.columns[1].cells.push_back(short_time(path.seconds));
    table.columns[2].cells.push_back(parts_of(path) +
                                     (path.has_recorded ? ", and what is recorded" : ""));
  }
  return table_lines(table, Ink(false));
}

std::string text_of(const LoadedScenario& loaded) {
  std::string text = printable(loaded.scenario.name) + "\n\n";
  for (const std::string& line : calls_table(service_graph(loaded.scenario))) text += line + "\n";
  text += "\n";
  for (const std::string& line : path_table(loaded.scenario)) text += line + "\n";
  return text +
         "\nMean demands along the critical path: without queues, without the servers' own work, "
         "without\nfailures. Simulate with \"cotenant run\" to see what will happen.\n";
}

}  // namespace

ExitCode graph_command(const GraphArguments& arguments, Environment& environment) {
  const std::vector<LoadedScenario> scenarios =
      load({arguments.files, arguments.sets, arguments.catalogs}, environment);
  if (scenarios.size() != arguments.files.size()) return ExitCode::invalid_scenario;
  std::string text;
  for (const LoadedScenario& loaded : scenarios) {
    if (!text.empty()) text += "\n";
    text += arguments.format == GraphFormat::dot ? to_dot(service_graph(loaded.scenario))
                                                 : text_of(loaded);
  }
  write_stream(environment.out, text);
  return ExitCode::ok;
}

}  // namespace cotenant
