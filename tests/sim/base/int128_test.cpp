// SPDX-License-Identifier: Apache-2.0
//
// The proportion of 64-bit numbers: the short way and the long way must not be told apart.
#include "sim/base/int128.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace cotenant {
namespace {

TEST(Scaled, RoundsTowardsZero) {
  EXPECT_EQ(scaled(7, 3, 2), 10);    // 10.5
  EXPECT_EQ(scaled(-7, 3, 2), -10);  // -10.5
  EXPECT_EQ(scaled(0, 3, 2), 0);
}

TEST(Scaled, KeepsProductsBeyond64Bits) {
  const std::int64_t large = std::int64_t{1} << 62;
  EXPECT_EQ(scaled(large, 6, 8), 3 * (large / 4));
  EXPECT_EQ(scaled(-large, 6, 8), -3 * (large / 4));
  // 2^62 * 3 / 7 is not a whole number: 2^62 = 7 k + 4, so 3 * 2^62 = 7 (3 k + 1) + 5.
  EXPECT_EQ(scaled(large, 3, 7), 3 * (large / 7) + 1);
  EXPECT_EQ(scaled(-large, 3, 7), -3 * (large / 7) - 1);
}

}  // namespace
}  // namespace cotenant
