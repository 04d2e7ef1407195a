// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of logs that are synced beside neighbors. "Of the same severity" means that
// the neighbor takes the same share, one half, of the time of the core or of the disk's medium.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "logging-beside-neighbors.json";

const SetupReport& of_setup(const Report& report, const std::string& name) {
  for (const SetupReport& each : report.setups) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no setup " + name);
}

// What a page loses to the neighbor, on average, in seconds.
double lost(const Report& report, const std::string& disk, const std::string& shared) {
  return value(of_setup(report, disk + shared), Metric::latency_mean) -
         value(of_setup(report, disk + " alone"), Metric::latency_mean);
}

double busy(const SetupReport& setup) { return setup.machines.at(0).disk->busy / setup.observed; }

TEST(LoggingBesideNeighbors, WhoTakeHalfOfTheCoreOrHalfOfTheDisk) {
  const Report report = run_twice(shipped(kFile));
  const SetupReport& cpu = of_setup(report, "hdd, CPU shared");
  EXPECT_NEAR(cpu.machines.at(0).groups.at(2).usage / cpu.observed, 0.5, 0.05);
  // 41 reads a second, which take a seek each: 12.2 ms.
  const DiskCounters& hdd = *of_setup(report, "hdd shared").machines.at(0).disk;
  const double seconds = of_setup(report, "hdd shared").observed;
  EXPECT_NEAR(static_cast<double>(hdd.reads) * 12.2e-3 / seconds, 0.5, 0.01);
  // 64 KiB at 489 MB/s pass in 134 us.
  const DiskCounters& ssd = *of_setup(report, "ssd shared").machines.at(0).disk;
  EXPECT_NEAR(static_cast<double>(ssd.read_bytes) / 489e6 / seconds, 0.5, 0.01);
  // The application itself needs little of either.
  EXPECT_LT(busy(of_setup(report, "hdd alone")), 0.2);
  EXPECT_LT(value(of_setup(report, "hdd alone"), Metric::cpu_utilization), 0.2);
}

// Three IOs of a line may each find the neighbor's at the disk, or several of them.
TEST(LoggingBesideNeighbors, LoseMoreOnAHardDiskThanOnTheCore) {
  const Report report = run_twice(shipped(kFile));
  EXPECT_GT(lost(report, "hdd", " shared"), 6 * lost(report, "hdd", ", CPU shared"));
  EXPECT_GT(lost(report, "hdd", " shared"), 0.04);
}

// The order is the other way round where an IO of the neighbor takes a tenth of a millisecond, and
// its burst on the core 10 ms.
TEST(LoggingBesideNeighbors, LoseLessOnAnSsdThanOnTheCore) {
  const Report report = run_twice(shipped(kFile));
  EXPECT_LT(lost(report, "ssd", " shared"), 0.2 * lost(report, "ssd", ", CPU shared"));
  EXPECT_GT(lost(report, "ssd", ", CPU shared"), 0.004);
}

// Weights help, as they do on the core: BFQ lets the application go first, more often.
TEST(LoggingBesideNeighbors, LoseLessWithWeights) {
  Scenario scenario = shipped(kFile);
  for (auto& [name, setup] : scenario.setups) {
    if (name != "hdd shared") continue;
    setup.machine.disk->scheduler = "bfq";
    setup.groups.at(0).second.io.io_weight = 1000;
  }
  EXPECT_LT(lost(run_twice(scenario), "hdd", " shared"),
            lost(run_twice(shipped(kFile)), "hdd", " shared"));
}

// What nobody waits for costs nobody anything, as long as the daemon keeps up.
TEST(LoggingBesideNeighbors, LoseNothingWhenTheyAreQueued) {
  Scenario scenario = shipped(kFile);
  class_named(scenario, "page").steps.back() = LogStep{{ConstantSize{Bytes(500)}}, false, true};
  for (auto& [name, setup] : scenario.setups)
    setup.machine.log_daemon = LogDaemon{100, 10, true, ""};
  const Report report = run_twice(scenario);
  EXPECT_LT(lost(report, "hdd", " shared"), 0.001);
  const LogCounters& log = *of_setup(report, "hdd shared").machines.at(0).log;
  EXPECT_GT(log.lines, 5000u);
  EXPECT_EQ(log.lost, 0u);
}

}  // namespace
}  // namespace cotenant
