// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of work that computes. A request holds Python's lock for 0.9 x 20 + 0.1 x 5
// = 18.5 ms on average: one process serves 54 a second at most, on however many cores, and four
// processes serve the 90 that come.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "threads-or-processes.json";
constexpr double kArrivals = 90, kCores = 4;
constexpr double kCpu = 0.020;      // seconds for a request of either class
constexpr double kLocked = 0.0185;  // of these with the lock

// The server's own CPU is a few percent.
constexpr double kOwn = 0.05;

// No queue that grows, and all that came served: 20,000 requests, three standard deviations are
// 2 %.
void expect_all_served(const SetupReport& setup, double rate) {
  EXPECT_TRUE(setup.stability.stable);
  EXPECT_NEAR(value(setup, Metric::throughput), rate, 0.02 * rate);
  EXPECT_NEAR(value(setup, Metric::cpu_utilization), rate * kCpu / kCores, kOwn);
}

TEST(ThreadsOrProcesses, ThreadsShareOneLock) {
  const Report report = run_twice(shipped(kFile));
  const SetupReport& one = report.setups.at(0);
  EXPECT_FALSE(one.stability.stable);
  EXPECT_LE(value(one, Metric::throughput), 1 / kLocked);
  EXPECT_GE(value(one, Metric::throughput), (1 - kOwn) / kLocked);
  EXPECT_NEAR(value(one, Metric::cpu_utilization), kCpu / kLocked / kCores, kOwn / kCores);
}

TEST(ThreadsOrProcesses, ProcessesDoNot) {
  const Report report = run_twice(shipped(kFile));
  const SetupReport& four = report.setups.at(1);
  expect_all_served(four, kArrivals);
  EXPECT_LT(value(four, Metric::latency_p95), 0.1);
}

// It is the lock that keeps threads from it: a free-threaded Python does without processes.
TEST(ThreadsOrProcesses, ThreadsWithoutTheLockServeAll) {
  Scenario scenario = shipped(kFile);
  first_server<GunicornGthread>(scenario).gil = false;
  expect_all_served(run_twice(scenario).setups.at(0), kArrivals);
}

// Exports hold the lock for a quarter of their time only: 150 a second need 0.75 of it and three
// cores, in one process.
TEST(ThreadsOrProcesses, WorkOutsideOfTheLockScalesWithThreads) {
  constexpr double kExports = 150;
  Scenario scenario = only_class(shipped(kFile), "export");
  scenario.workload.arrivals = PoissonArrivals{{kExports}, FixedBatch{1}};
  expect_all_served(run_twice(scenario).setups.at(0), kExports);
  // The same work under the lock is three times as much as one core does.
  std::get<CpuStep>(class_named(scenario, "export").steps.back()).gil = true;
  EXPECT_FALSE(run_twice(scenario).setups.at(0).stability.stable);
}

}  // namespace
}  // namespace cotenant
