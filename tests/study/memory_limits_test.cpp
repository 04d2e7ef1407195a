// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenarios of memory: sixteen workers in a container of 2 GiB, a leak, a cache and
// what helps against them, and ten thousand open connections. Amounts are added up by hand.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kMib = 1 << 20;

const GroupMemory& memory_of(const SetupReport& setup, const std::string& group) {
  for (const GroupCounters& each : setup.machines.front().groups) {
    if (each.name == group) return each.memory.value();
  }
  throw std::runtime_error("no group " + group);
}

// 60 + 16 (110 + 10) = 1980 MiB at rest, and 16 for each request: five at once are too many, which
// happens often where 20 requests a second take 0.13 s each. 60 + 12 (120 + 16) = 1692 always fit.
TEST(SixteenWorkers, DoNotFitWhereTwelveDo) {
  const Report report = run_twice(shipped("sixteen-workers.json"));
  const SetupReport& sixteen = report.setups.at(0);
  const SetupReport& twelve = report.setups.at(1);
  EXPECT_GT(value(sixteen, Metric::oom_kills), 10);
  EXPECT_EQ(value(twelve, Metric::oom_kills), 0);
  EXPECT_EQ(value(twelve, Metric::error_ratio), 0);
  EXPECT_LE(memory_of(sixteen, "container").peak, 2048 * kMib);
  EXPECT_GT(memory_of(sixteen, "container").peak, (2048 - 16) * kMib);
  EXPECT_LE(memory_of(twelve, "container").peak, 1692 * kMib);
  EXPECT_EQ(sixteen.first_oom_kill.value().group, "container");
  EXPECT_EQ(sixteen.first_oom_kill->service, "web");
  EXPECT_FALSE(twelve.first_oom_kill);
}

class LeaksAndCaches : public ::testing::Test {
 protected:
  const Report report_ = run_twice(shipped("leaks-and-caches.json"));
  const SetupReport& setup_ = report_.setups.at(0);

  const ServiceCounters& workers(std::size_t service) const { return setup_.services.at(service); }
};

// Each kill takes the request along that asked for more, and hardly ever one of the other worker.
TEST_F(LeaksAndCaches, WithoutALimitAreKilled) {
  for (const std::size_t service : {0u, 2u}) EXPECT_GT(workers(service).oom_kills, 20u);
  EXPECT_EQ(workers(0).worker_restarts, workers(0).oom_kills);
  EXPECT_GT(value(of_class(setup_, "leaking"), Metric::error_ratio), 0.001);
  // 140 MiB of room last for 140 requests of 1 MiB, and for twice as many of half of that.
  EXPECT_NEAR(static_cast<double>(workers(0).oom_kills),
              2 * static_cast<double>(workers(2).oom_kills),
              0.2 * static_cast<double>(workers(0).oom_kills));
  EXPECT_EQ(setup_.first_oom_kill.value().group, "a");
  EXPECT_NEAR(setup_.first_oom_kill->at, 14, 4);  // 140 requests at 10/s
}

// 40 + 2 (60 + 50) = 260 and 40 + 2 (60 + 64) = 288 MiB at most, of 300.
TEST_F(LeaksAndCaches, WithinLimitsLoseNothing) {
  for (const std::size_t service : {1u, 3u}) EXPECT_EQ(workers(service).oom_kills, 0u);
  EXPECT_GT(workers(1).worker_restarts, 100u);
  EXPECT_EQ(workers(3).worker_restarts, 0u);
  EXPECT_LE(memory_of(setup_, "b").peak, 260 * kMib);
  EXPECT_EQ(memory_of(setup_, "d").peak, 288 * kMib);
  for (const char* name : {"replaced", "limited"}) {
    EXPECT_EQ(value(of_class(setup_, name), Metric::error_ratio), 0) << name;
  }
}

// 70 MiB and some 10,000 times 64 KiB in the process and 4 KiB of the kernel, all the time and
// whatever comes over them. 512 MiB are full with 6,656: the socket of the next one is a page too
// much already, because nobody dies for a socket.
TEST(TenThousandConnections, AreMemoryOfTheirGroup) {
  const Report report = run_twice(shipped("ten-thousand-connections.json"));
  const SetupReport& roomy = report.setups.at(1);
  const double mean = memory_of(roomy, "container").mean;
  const double connections = (mean - 70 * kMib) / (68 << 10);
  EXPECT_NEAR(connections, 10'000, 300);
  EXPECT_EQ(value(roomy, Metric::oom_kills), 0);
  EXPECT_EQ(value(roomy, Metric::error_ratio), 0);
  const SetupReport& full = report.setups.at(0);
  EXPECT_GT(value(full, Metric::oom_kills), 3);
  EXPECT_GT(memory_of(full, "container").peak, 512 * kMib - (68 << 10));
  EXPECT_LE(memory_of(full, "container").peak, 512 * kMib + (4 << 10));
  EXPECT_NEAR(full.first_oom_kill.value().at, 66.6, 3);
  EXPECT_GT(full.sessions.value().reconnects, 3 * 6'000u);
}

// Without compression 14 KiB: a third of the memory, of which 70 MiB are the process.
TEST(TenThousandConnections, NeedAThirdWithoutCompression) {
  Scenario scenario = shipped("ten-thousand-connections.json");
  scenario.application.front().second.memory->per_connection = Bytes(14 << 10);
  const Report report = run_twice(scenario);
  const GroupMemory& memory = memory_of(report.setups.at(0), "container");
  EXPECT_NEAR(memory.mean, 70 * kMib + 10'000 * (18 << 10), 300 * (18 << 10));
  EXPECT_EQ(value(report.setups.at(0), Metric::oom_kills), 0);
}

}  // namespace
}  // namespace cotenant
