// SPDX-License-Identifier: Apache-2.0
#include "validation/recording/recorded_machine.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

TEST(RecordedMachine, HasTheSlicesOfTwoCpus) {
  KernelParameters kernel;
  like_the_recorded_machine(kernel, 1);
  EXPECT_EQ(kernel.base_slice, microseconds(1400));  // linux.md 1.1, measured there
}

// In an hour in which its code takes twice as long, waking up and connecting do, too.
TEST(RecordedMachine, IsSlowerAsAWhole) {
  KernelParameters kernel;
  const KernelParameters usual;
  like_the_recorded_machine(kernel, 2);
  EXPECT_EQ(kernel.idle_wake.latency_after(seconds(1)),
            usual.idle_wake.latency_after(seconds(1)) * 2);
  EXPECT_EQ(kernel.switch_cost, usual.switch_cost);
  EXPECT_EQ(client_share(2), client_share(1) * 2);
  // The run from which it was taken: factor 1.16, 85 us.
  EXPECT_NEAR(static_cast<double>(client_share(1.16).count()), 85e3, 1e3);
}

}  // namespace
}  // namespace cotenant
