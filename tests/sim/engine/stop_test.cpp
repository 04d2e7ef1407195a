// SPDX-License-Identifier: Apache-2.0
//
// Stop reasons have the names that reports print, and a budget is unlimited until it is set.
#include "sim/engine/stop.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace cotenant {
namespace {

TEST(StopReason, HasTheNameThatReportsPrint) {
  EXPECT_EQ(to_string(StopReason::finished), "finished");
  EXPECT_EQ(to_string(StopReason::horizon_reached), "horizon_reached");
  EXPECT_EQ(to_string(StopReason::event_budget), "event_budget");
  EXPECT_EQ(to_string(StopReason::memory_budget), "memory_budget");
  EXPECT_EQ(to_string(StopReason::cancelled), "cancelled");
}

TEST(Budget, IsUnlimitedUnlessSet) {
  const Budget budget;
  EXPECT_EQ(budget.events, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(budget.memory, Bytes::max());
  EXPECT_NE(budget, (Budget{1'000, Bytes::max()}));
}

}  // namespace
}  // namespace cotenant
