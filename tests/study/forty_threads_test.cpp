// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of sync handlers in the threads of an event loop. Sixty users want reports,
// each of which holds one of forty threads for 300 ms: by Little's law 40 / 0.3 s = 133 reports a
// second are made and twenty wait at any time. A light request that needs a thread waits behind
// them, with the machine idle.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr const char* kFile = "forty-threads.json";
constexpr double kUsers = 60, kThreads = 40, kPartner = 0.3, kThink = 0.001, kLight = 20;

class FortyThreads : public ::testing::Test {
 protected:
  const Report report_ = run_twice(shipped(kFile));
  const SetupReport& one_ = report_.setups.at(0);
  const SetupReport& three_ = report_.setups.at(1);
};

// The rest are the thread's own milliseconds around the call.
TEST_F(FortyThreads, LimitReportsThatOnlyWait) {
  const ClassReport& reports = of_class(one_, "report");
  const double limit = kThreads / kPartner;
  EXPECT_LE(value(reports, Metric::throughput), limit);
  EXPECT_GE(value(reports, Metric::throughput), 0.98 * limit);
  EXPECT_NEAR(value(reports, Metric::latency_mean), kUsers / limit - kThink, 0.01);
  EXPECT_LT(value(one_, Metric::cpu_utilization), 0.1);
}

// Behind twenty reports, and the light ones that came before it: 20 / (133 - 20) s, if threads
// became free one by one. They do so in batches, because the partner always takes the same time, so
// that it may be up to the whole of that; measured was a median of 272 ms (python-servers.md 8.7).
TEST_F(FortyThreads, MakeLightSyncRequestsWaitAndNotAsyncOnes) {
  const double wait = (kUsers - kThreads) / (kThreads / kPartner - kLight);
  EXPECT_GT(value(of_class(one_, "light sync"), Metric::latency_mean), 0.9 * wait);
  EXPECT_LT(value(of_class(one_, "light sync"), Metric::latency_mean), kPartner);
  EXPECT_LT(value(of_class(one_, "light async"), Metric::latency_p95), 0.005);
}

// What the report says about it: the time is spent in the queue of the process.
TEST_F(FortyThreads, AreWhatRequestsWaitFor) {
  const WaitBreakdown& mean = one_.wait_states.mean.value();
  EXPECT_GT(mean.states[static_cast<std::size_t>(WaitState::process_queue)], 0.1);
  EXPECT_LT(mean.states[static_cast<std::size_t>(WaitState::run_queue)], 0.001);
}

TEST_F(FortyThreads, AreEnoughInThreeProcesses) {
  EXPECT_NEAR(value(of_class(three_, "report"), Metric::throughput), kUsers / (kPartner + kThink),
              2);
  for (const char* light : {"light sync", "light async"}) {
    EXPECT_LT(value(of_class(three_, light), Metric::latency_p95), 0.005) << light;
  }
}

// It is their number, and nothing else in that process.
TEST(FortyThreadsInOneProcess, WouldNotMatterIfThereWereAThreadForEveryUser) {
  Scenario scenario = shipped(kFile);
  first_server<Uvicorn>(scenario).thread_pool = 64;
  const Report report = run_twice(scenario);
  EXPECT_LT(value(of_class(report.setups.at(0), "light sync"), Metric::latency_p95), 0.005);
}

}  // namespace
}  // namespace cotenant
