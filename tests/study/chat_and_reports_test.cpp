// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of a chat beside reports that block an event loop for so long that it is
// killed. Its clients lose their connections together and come back together.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "chat-and-reports.json";
// 20 minutes with a report at 2, 6, 10, 14 and 18 of them.
constexpr std::uint64_t kReports = 5;
constexpr std::uint64_t kReplications = 2;

// Each report takes its loop along, with a quarter of 2,000 connections on average: they are as
// many as were accepted by that process, which can be any share.
TEST(ChatBesideReports, LosesTheConnectionsOfTheLoopThatIsKilled) {
  const Report report = run_twice(shipped(kFile));
  const SetupReport& setup = report.setups.at(0);
  EXPECT_EQ(setup.services.at(0).worker_timeouts, kReports * kReplications);
  ASSERT_TRUE(setup.sessions);
  EXPECT_EQ(setup.sessions->lost, 0u);
  // At least a few hundred in ten kills, and not more than everybody each time.
  EXPECT_GT(setup.sessions->reconnects, 1000u);
  EXPECT_LT(setup.sessions->reconnects, 2200 * kReports * kReplications);
  // Those who say something while their loop is blocked, half a minute for one every half minute,
  // lose that, too: some six in ten of a quarter of the clients, each four minutes.
  EXPECT_NEAR(value(of_class(setup, "message"), Metric::error_ratio), 0.63 / 4 / 8, 0.012);
  EXPECT_GT(value(of_class(setup, "connect"), Metric::latency_p99), 0.3);
}

// In a thread it computes as long, and the loop goes on beside it.
TEST(ChatBesideReports, LosesNobodyWhenTheyRunInAThread) {
  Scenario scenario = shipped(kFile);
  class_named(scenario, "report").handler = "sync";
  const Report report = run_twice(scenario);
  const SetupReport& setup = report.setups.at(0);
  EXPECT_EQ(setup.services.at(0).worker_timeouts, 0u);
  EXPECT_EQ(setup.sessions->reconnects, 0u);
  EXPECT_EQ(value(of_class(setup, "message"), Metric::error_ratio), 0);
  EXPECT_LT(value(of_class(setup, "connect"), Metric::latency_p99), 0.1);
}

}  // namespace
}  // namespace cotenant
