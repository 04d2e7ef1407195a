// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a setup with replicas: nodes that are alike, and a proxy in front of them.
#include "scenarios/replicas.h"

#include <gtest/gtest.h>

#include "scenarios/application.h"
#include "scenarios/compile.h"
#include "scenarios/computers.h"
#include "scenarios/decode.h"
#include "scenarios/on_plan.h"

namespace cotenant {
namespace {

// A setup of an application behind nginx, with a database on a node.
Scenario scenario(const std::string& setup) {
  const Checked<Scenario> decoded = decode(R"({"format": 1, "name": "replicas",
    "workload": {"arrivals": {"kind": "constant", "rate": "10/s"},
      "requests": {"page": {"steps": [{"cpu": "1ms"}, {"call": "store.get"}]},
                   "logo": {"file": "10KiB"}}},
    "application": {
      "store": {"server": "postgres", "operations": {"get": {"steps": [{"cpu": "1ms"}]}}},
      "proxy": {"server": "nginx", "upstream": {"web": {}}},
      "web": {"server": "gunicorn-sync", "workers": 2, "socket": "unix", "pools": {"store": {}}},
      "api": {"server": "external", "operations": {"ask": {"steps": [{"wait": "1ms"}]}}}},
    "plans": {"small": {"provider": "P", "kind": "container", "price": "$7.50/month",
        "as_of": "2026-05", "source": "its site", "confidence": "high", "vcpus": 0.5,
        "cpu": {"kind": "quota"}, "memory": "1GiB", "supports": ["wsgi", "root"]}},
    "setups": {"one": {"plan": "small",
      "nodes": {"db": {"machine": {"cores": 2}, "price": "$20/month"}},
      "services": {"store": {"node": "db"}}, )" +
                                           setup + "}}}");
  EXPECT_TRUE(decoded.ok()) << render(decoded.diagnostics(), "test");
  return *decoded;
}

Scenario written(const std::string& setup) {
  return behind_balancer(on_plans(scenario(setup)), "one");
}

TEST(Replicas, AreNodesBehindAProxyThatBearsTheNameOfTheirService) {
  const Scenario replicas = written(R"("replicas": 2, "balancer": {"method": "least_conn"})");
  const std::vector<std::string_view> services = names_of(replicas.application);
  EXPECT_EQ(services, (std::vector<std::string_view>{"store", "proxy", "proxy-1", "proxy-2",
                                                     "web-1", "web-2", "api"}));
  const auto& balancer = std::get<Nginx>(find_named(replicas.application, "proxy")->server);
  EXPECT_EQ(balancer.balance, "least_conn");
  EXPECT_EQ(names_of(balancer.upstream), (std::vector<std::string_view>{"proxy-1", "proxy-2"}));
  const auto& second = std::get<Nginx>(find_named(replicas.application, "proxy-2")->server);
  EXPECT_EQ(names_of(second.upstream), (std::vector<std::string_view>{"web-2"}));
  const cotenant::Setup& setup = replicas.setups.front().second;
  EXPECT_EQ(names_of(setup.nodes), (std::vector<std::string_view>{"db", "proxy-1", "proxy-2"}));
  EXPECT_EQ(find_named(setup.services, "web-2")->node, "proxy-2");
  EXPECT_EQ(find_named(setup.services, "store")->node, "db");
  // Each has the limit of the plan and neighbors of its own.
  const Hosting& node = *find_named(setup.nodes, "proxy-2");
  EXPECT_TRUE(node.groups.front().second.cpu_max.has_value());
  EXPECT_EQ(node.neighbors.size(), 1U);
}

TEST(Replicas, OnePriceForAllOfThemAndOneForEachNode) {
  const Scenario said = scenario(R"("replicas": 3)");
  EXPECT_EQ(price_of(said, said.setups.front().second), (Money{"$", 3 * 750 + 2000}));
  const Scenario with = scenario(R"("replicas": 3, "balancer": {"price": "$16/month"})");
  EXPECT_EQ(price_of(with, with.setups.front().second), (Money{"$", 3 * 750 + 2000 + 1600}));
  const Scenario whole = scenario(R"("replicas": 3, "price": "$1/month")");
  EXPECT_EQ(price_of(whole, whole.setups.front().second), (Money{"$", 100}));
}

// Its processes are not among those that are paid for.
TEST(Replicas, TheBalancerIsOnAMachineOfTheProvider) {
  const Blueprint blueprint = compile(scenario(R"("replicas": 2)"), ".")->front();
  ASSERT_EQ(blueprint.machines.size(), 4U);
  EXPECT_TRUE(blueprint.machines[kHardware].is_provided);
  EXPECT_EQ(blueprint.machines[MachineId(1)].name, "db");
  EXPECT_FALSE(blueprint.machines[MachineId(2)].is_provided);
  EXPECT_EQ(blueprint.network_rtt, microseconds(500));
}

// The balancer passes a request for a file on to the nginx that has it.
TEST(Replicas, WhatIsPassedOnTwiceEndsWhereItIsServed) {
  const Blueprint blueprint = compile(scenario(R"("replicas": 2)"), ".")->front();
  const auto class_named = [&](const std::string& name) {
    for (const ClassSpec& each : blueprint.classes) {
      if (each.name == name) return each;
    }
    ADD_FAILURE() << "there is no class " << name;
    return ClassSpec();
  };
  EXPECT_EQ(class_named("page").steps.front().kind, StepSpec::Kind::call);
  EXPECT_EQ(class_named("proxy-2.page").steps.front().kind, StepSpec::Kind::call);
  EXPECT_EQ(class_named("web-2.page").steps.size(), 2U);
  EXPECT_FALSE(class_named("logo").is_file);
  EXPECT_EQ(class_named("logo").steps.front().kind, StepSpec::Kind::call);
  EXPECT_TRUE(class_named("proxy-2.logo").is_file);
}

}  // namespace
}  // namespace cotenant
