// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of a dependency that does not answer: by Little's law 0.08 payments a second
// that each hold a sync worker until it is killed, 30 to 31 s after it was accepted, keep 2.4 of
// four workers from everybody else, and everything else 0.6 of them.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr double kHangs = 0.08;  // payments a second that are never answered

const ServiceCounters& workers(const SetupReport& setup, const std::string& name) {
  for (const ServiceCounters& each : setup.services) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no service " + name);
}

class GunicornTimeouts : public ::testing::Test {
 protected:
  const Report report_ = run_twice(shipped("gunicorn-timeouts.json"));
  const SetupReport& four_ = report_.setups.at(0);
  const SetupReport& sixteen_ = report_.setups.at(1);
};

TEST_F(GunicornTimeouts, HoldUpPagesThatHaveNothingToDoWithIt) {
  EXPECT_GT(value(of_class(four_, "page by sync"), Metric::latency_p95), 10);
  EXPECT_LT(value(of_class(sixteen_, "page by sync"), Metric::latency_p95), 0.2);
  for (const char* page : {"page by threads", "page by loop"}) {
    EXPECT_LT(value(of_class(four_, page), Metric::latency_p95), 0.2) << page;
  }
}

TEST_F(GunicornTimeouts, LosePaymentsOfSyncWorkersOnly) {
  for (const SetupReport* setup : {&four_, &sixteen_}) {
    EXPECT_NEAR(value(of_class(*setup, "payment by sync"), Metric::error_ratio), kHangs, 0.015);
    EXPECT_EQ(value(of_class(*setup, "payment by threads"), Metric::error_ratio), 0);
    EXPECT_EQ(value(of_class(*setup, "payment by loop"), Metric::error_ratio), 0);
  }
}

TEST_F(GunicornTimeouts, KillASyncWorkerForEachPaymentThatHangs) {
  for (const SetupReport* setup : {&four_, &sixteen_}) {
    const auto killed = static_cast<double>(workers(*setup, "sync").worker_timeouts);
    // About 290 of them: three standard deviations are 18 %.
    EXPECT_NEAR(killed / setup->observed, kHangs, 0.18 * kHangs);
    EXPECT_EQ(workers(*setup, "threads").worker_restarts, 0u);
    EXPECT_EQ(workers(*setup, "loop").worker_restarts, 0u);
  }
}

}  // namespace
}  // namespace cotenant
