// SPDX-License-Identifier: Apache-2.0
//
// The shipped scenario of swap: what nobody uses is swapped out for nothing, what is used is read
// again and again, and without swap processes are killed. Amounts are added up by hand.
#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {
namespace {

constexpr double kMib = 1 << 20;

class ThrashWithSwap : public ::testing::Test {
 protected:
  const Report report_ = run_twice(shipped("thrash-with-swap.json"));
  const SetupReport& enough_ = report_.setups.at(0);
  const SetupReport& unused_ = report_.setups.at(1);
  const SetupReport& used_ = report_.setups.at(2);
  const SetupReport& none_ = report_.setups.at(3);

  static const GroupMemory& memory_of(const SetupReport& setup) {
    return setup.machines.front().groups.front().memory.value();
  }
};

// 70 + 8 x 150 = 1270 MiB, of which 246 do not fit into 1 GiB; 70 + 8 x 110 = 950 are used.
TEST_F(ThrashWithSwap, CostsNothingForWhatNobodyUses) {
  EXPECT_NEAR(memory_of(unused_).swap_mean / kMib, 1270 - 1024, 1);
  EXPECT_NEAR(value(unused_, Metric::latency_p95), value(enough_, Metric::latency_p95), 0.002);
  EXPECT_EQ(memory_of(unused_).pressure_some, 0);
  EXPECT_EQ(value(unused_, Metric::oom_kills), 0);
}

// Of 950 MiB, 182 are always missing: the disk is never idle, and less than half is served.
TEST_F(ThrashWithSwap, CollapsesWhenWhatIsUsedDoesNotFit) {
  EXPECT_NEAR(memory_of(used_).swap_mean / kMib, 1270 - 768, 1);
  EXPECT_LT(value(used_, Metric::throughput), 0.5 * value(enough_, Metric::throughput));
  EXPECT_GT(value(used_, Metric::latency_p95), 1);
  EXPECT_GT(memory_of(used_).pressure_some, 0.95 * used_.observed);
  EXPECT_GT(used_.machines.front().disk.value().busy, 0.95 * used_.observed);
  EXPECT_EQ(value(used_, Metric::oom_kills), 0);
  EXPECT_EQ(value(used_, Metric::error_ratio), 0);
}

// 70 + 4 x 150 = 670 of 768 MiB: the fifth is killed as soon as it has booted, and boots again.
TEST_F(ThrashWithSwap, IsACrashLoopWithoutSwap) {
  EXPECT_GT(value(none_, Metric::oom_kills), 1000);
  EXPECT_NEAR(memory_of(none_).mean / kMib, 670, 1);
  EXPECT_GT(value(none_, Metric::error_ratio), 0.05);
  EXPECT_LT(value(none_, Metric::latency_p95), 0.3);
}

}  // namespace
}  // namespace cotenant
