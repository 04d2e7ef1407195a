// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of replicas that have too much to do for a while: what liveness probes make
// of it, and what readiness probes do.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

Report run_it() { return run_twice(shipped("probes-that-kill.json")); }

std::uint64_t outages_of(const SetupReport& setup) {
  std::uint64_t outages = 0;
  for (const ServiceCounters& service : setup.services) outages += service.outages;
  return outages;
}

TEST(ProbesThatKill, MakeAnOutageOfAnOverload) {
  const Report report = run_it();
  const SetupReport& none = report.setups.at(0);
  const SetupReport& liveness = report.setups.at(1);
  const SetupReport& patient = report.setups.at(2);
  const SetupReport& readiness = report.setups.at(3);
  EXPECT_LT(value(none, Metric::error_ratio), 0.01);
  EXPECT_GT(value(liveness, Metric::error_ratio), 0.1);
  EXPECT_GE(outages_of(liveness), 6u);  // every replica, in both replications
  EXPECT_LT(value(patient, Metric::error_ratio), 0.01);
  EXPECT_EQ(outages_of(patient), 0u);
  EXPECT_GT(value(readiness, Metric::error_ratio), 0.02);
  EXPECT_EQ(outages_of(readiness), 0u);
}

// A rush of two thirds of what they can serve: nobody fails a probe.
TEST(ProbesThatKill, LeaveAServiceAloneThatIsFastEnough) {
  Scenario scenario = shipped("probes-that-kill.json");
  auto& profile = std::get<ProfileArrivals>(*scenario.workload.arrivals);
  for (ProfilePoint& point : profile.points) {
    point.rate.per_second = std::min(point.rate.per_second, 80.0);
  }
  const Report report = run_twice(scenario);
  for (const SetupReport& setup : report.setups) {
    EXPECT_EQ(outages_of(setup), 0u) << setup.name;
    EXPECT_EQ(value(setup, Metric::error_ratio), 0) << setup.name;
  }
}

}  // namespace
}  // namespace cotenant
