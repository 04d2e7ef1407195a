// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of too many connections: what a database refuses in a rush, because all
// processes together may ask for more than it accepts, and what cures that. The load is the same
// everywhere, and so is the CPU that it needs.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "connection-pools.json";

std::uint64_t refused(const SetupReport& setup) {
  return setup.operations.front().outcomes[static_cast<std::size_t>(Outcome::refused)];
}

Postgres& database_of(Scenario& scenario) {
  return std::get<Postgres>(scenario.application.back().second.server);
}

void expect_errors(const SetupReport& setup) {
  EXPECT_GT(value(setup, Metric::error_ratio), 0.02);
  EXPECT_GT(refused(setup), 0u);
}

// Late, but served.
void expect_no_errors(const SetupReport& setup) {
  EXPECT_EQ(value(setup, Metric::error_ratio), 0);
  EXPECT_EQ(refused(setup), 0u);
  EXPECT_LT(value(setup, Metric::latency_p95), 5);
}

TEST(ConnectionPools, OfAllProcessesTogetherMayWantTooMany) {
  const Report report = run_twice(shipped(kFile));
  expect_errors(report.setups[0]);
  expect_no_errors(report.setups[1]);
}

// 8 x (5 + 5) connections: 80.
TEST(ConnectionPools, ThatAreSmallerDoNotAskForThem) {
  Scenario scenario = shipped(kFile);
  scenario.application.front().second.pools.front().second.overflow = 5;
  expect_no_errors(run_twice(scenario).setups[0]);
}

// It takes 120 clients, if it is allowed to, and shares 20 connections out to them.
TEST(ConnectionPools, AreServedByAPgbouncer) {
  Scenario scenario = shipped(kFile);
  database_of(scenario).pgbouncer = PgBouncer{};
  expect_errors(run_twice(scenario).setups[0]);
  database_of(scenario).pgbouncer->max_client_conn = 200;
  expect_no_errors(run_twice(scenario).setups[0]);
}

// A larger limit admits them, too: 120 backends on four cores do not serve less.
TEST(ConnectionPools, FitIntoALargerDatabase) {
  Scenario scenario = shipped(kFile);
  database_of(scenario).max_connections = 123;
  expect_no_errors(run_twice(scenario).setups[0]);
}

}  // namespace
}  // namespace cotenant
