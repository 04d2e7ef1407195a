// SPDX-License-Identifier: Apache-2.0
#include "scenarios/service_graph.h"

#include <gtest/gtest.h>

#include "scenarios/decode.h"

namespace cotenant {
namespace {

Scenario shop(const std::string& database_steps) {
  const Checked<Scenario> scenario = decode(R"({
    "format": 1, "name": "shop",
    "workload": {"arrivals": {"kind": "poisson", "rate": "1/s"},
                 "requests": {"page": {"steps": [{"call": "database.list"},
                   {"together": [{"call": "cache.get"}, {"call": "database.list"}]}]}}},
    "application": {
      "web": {"server": "gunicorn-sync", "workers": 1},
      "database": {"server": "gunicorn-sync", "workers": 1,
                   "operations": {"list": {"steps": [)" +
                                            database_steps + R"(]}}},
      "cache": {"server": "uvicorn", "operations": {"get": {"steps": [{"cpu": "1us"}]}}}},
    "setups": {"vps": {"machine": {"cores": 1}}}})");
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "shop");
  return *scenario;
}

TEST(ServiceGraph, HasAnEdgeForEachPlaceThatCallsAreMadeFrom) {
  const ServiceGraph graph = service_graph(shop(R"({"call": "cache.get"})"));
  EXPECT_EQ(graph.services, (std::vector<std::string>{"web", "database", "cache"}));
  ASSERT_EQ(graph.edges.size(), 4u);
  EXPECT_EQ(graph.edges[0].from, 0u);
  EXPECT_EQ(graph.edges[0].to, 1u);
  EXPECT_EQ(graph.edges[0].operation, "database.list");
  EXPECT_EQ(graph.edges[3].from, 1u);
  EXPECT_EQ(graph.edges[3].to, 2u);
  EXPECT_EQ(graph.edges[3].caller, "operation \"database.list\"");
  EXPECT_TRUE(find_cycle(graph).empty());
}

// web -> database -> cache -> database: the way into the circle is not a part of it.
TEST(ServiceGraph, FindsTheCircleAndNothingElse) {
  ServiceGraph graph = service_graph(shop(R"({"call": "cache.get"})"));
  graph.edges.push_back({2, 1, "operation \"cache.get\"", "database.list"});
  const std::vector<ServiceEdge> cycle = find_cycle(graph);
  ASSERT_EQ(cycle.size(), 2u);
  EXPECT_EQ(cycle[0].from, cycle[1].to);
  EXPECT_EQ(cycle[0].to, cycle[1].from);
  EXPECT_NE(cycle[0].from, 0u);
}

TEST(ServiceGraph, ACallOfItselfIsACircle) {
  ServiceGraph graph{{"web"}, {{0, 0, "operation \"web.a\"", "web.b"}}};
  EXPECT_EQ(find_cycle(graph).size(), 1u);
}

// A task that sends another one of its own service is no circle of services that wait.
TEST(ServiceGraph, TellsTasksThatAreSentFromCalls) {
  const Checked<Scenario> scenario = decode(R"({
    "format": 1, "name": "tasks",
    "workload": {"arrivals": {"kind": "poisson", "rate": "1/s"},
                 "requests": {"page": {"steps": [{"send": "tasks.email"}]}}},
    "application": {
      "web": {"server": "gunicorn-sync", "workers": 1},
      "tasks": {"server": "celery", "concurrency": 1, "operations": {
        "email": {"steps": [{"send": "tasks.log"}]}, "log": {"steps": [{"cpu": "1ms"}]}}}},
    "setups": {"vps": {"machine": {"cores": 1}}}})");
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "tasks");
  const ServiceGraph services = service_graph(*scenario);
  ASSERT_EQ(services.edges.size(), 2u);
  EXPECT_TRUE(services.edges[0].is_sent);
  EXPECT_NE(to_dot(services).find("style=dashed"), std::string::npos);
  const ServiceGraph operations = operation_graph(*scenario);
  EXPECT_EQ(operations.services, (std::vector<std::string>{"tasks.email", "tasks.log"}));
  ASSERT_EQ(operations.edges.size(), 1u);
  EXPECT_EQ(operations.edges[0].from, 0u);
  EXPECT_EQ(operations.edges[0].to, 1u);
}

TEST(ServiceGraph, IsWrittenForGraphviz) {
  const std::string dot = to_dot({{"web", "my \"db\""}, {{0, 1, "", "my \"db\".list"}}});
  EXPECT_NE(dot.find("digraph"), std::string::npos);
  EXPECT_NE(dot.find("0[label=web]"), std::string::npos) << dot;
  EXPECT_NE(dot.find(R"(label="my \"db\"")"), std::string::npos) << dot;
  EXPECT_NE(dot.find("0->1"), std::string::npos) << dot;
}

}  // namespace
}  // namespace cotenant
