// SPDX-License-Identifier: Apache-2.0
//
// What becomes of requests and limits: classes, scores, groups.
#include "scenarios/containers.h"

#include <gtest/gtest.h>

#include <utility>

#include "scenarios/application.h"

namespace cotenant {
namespace {

constexpr Bytes kMib{1 << 20};
constexpr Bytes kNode = kMib * 1000;

Container container(Resources requests, Resources limits) { return {requests, limits}; }

TEST(Qos, FollowsFromRequestsAndLimits) {
  const Resources both{1.0, kMib};
  EXPECT_EQ(qos_of({}), QosClass::best_effort);
  EXPECT_EQ(qos_of(container(both, both)), QosClass::guaranteed);
  EXPECT_EQ(qos_of(container({}, both)), QosClass::guaranteed);  // requests are the limits then
  EXPECT_EQ(qos_of(container(both, {})), QosClass::burstable);
  EXPECT_EQ(qos_of(container({0.5, kMib}, both)), QosClass::burstable);
  EXPECT_EQ(qos_of(container({}, {1.0, {}})), QosClass::burstable);  // memory has no limit
}

TEST(Qos, DecidesWhomTheKernelKillsFirst) {
  const Resources both{1.0, kMib};
  EXPECT_EQ(oom_score_of({}, kNode), 1000);
  EXPECT_EQ(oom_score_of(container({}, both), kNode), -997);
  EXPECT_EQ(oom_score_of(container({{}, kMib * 250}, {}), kNode), 750);
  EXPECT_EQ(oom_score_of(container({0.1, {}}, {}), kNode), 999);   // no memory requested
  EXPECT_EQ(oom_score_of(container({{}, kNode}, {}), kNode), 3);   // all of it
  EXPECT_EQ(oom_score_of(container({{}, kMib}, {}), kNode), 999);  // nearly nothing
}

// One setup with a web service and a database in containers.
Setup placed(const Container& web, const Container& database) {
  Scenario scenario;
  Service service{GunicornSync{}};
  service.memory.emplace().base = kMib;
  scenario.application = {{"web", service}, {"database", Service{Postgres{}}}};
  Setup setup;
  setup.machine.cores = 4;
  setup.machine.memory = kNode;
  for (const auto& [name, said] : {std::pair("web", web), std::pair("database", database)}) {
    Placement placement;
    placement.container = said;
    setup.services.emplace_back(name, placement);
  }
  scenario.setups = {{"one", setup}};
  return in_containers(scenario).setups.at(0).second;
}

TEST(Containers, BecomeGroupsOfTheirClass) {
  const auto setup =
      placed(container({0.25, kMib * 100}, {1.5, kMib * 200}), container({}, {2.0, kMib * 300}));
  const Group& web = *find_named(setup.groups, "web");
  EXPECT_EQ(web.parent, "kubepods-burstable");
  EXPECT_EQ(web.cpu_shares, 256);
  EXPECT_EQ(web.cpu_max->quota, milliseconds(150));
  EXPECT_EQ(web.cpu_max->period, milliseconds(100));
  EXPECT_EQ(web.memory_max, kMib * 200);
  EXPECT_TRUE(web.oom_group);
  const Group& database = *find_named(setup.groups, "database");
  EXPECT_EQ(database.parent, "kubepods");
  EXPECT_EQ(database.cpu_shares, 2048);
  EXPECT_EQ(find_named(setup.groups, "kubepods")->cpu_shares, 4096);
  EXPECT_EQ(find_named(setup.groups, "kubepods-burstable")->cpu_shares, 256);
  EXPECT_EQ(find_named(setup.groups, "kubepods-besteffort")->cpu_shares, 2);
  const Placement& placement = *find_named(setup.services, "web");
  EXPECT_EQ(placement.scheduling.group, "web");
  EXPECT_EQ(placement.oom_score_adj, 900);
  EXPECT_EQ(placement.restart->preset, "kubernetes");
  EXPECT_FALSE(placement.container);
}

TEST(Containers, WithoutLimitsHaveNone) {
  const auto setup = placed({}, {});
  const Group& web = *find_named(setup.groups, "web");
  EXPECT_EQ(web.parent, "kubepods-besteffort");
  EXPECT_EQ(web.cpu_shares, 2);
  EXPECT_FALSE(web.cpu_max);
  EXPECT_FALSE(web.memory_max);
  EXPECT_FALSE(web.oom_group);
}

}  // namespace
}  // namespace cotenant
