// SPDX-License-Identifier: Apache-2.0
//
// Weighted max-min shares against numbers found by hand and against the defining property. Does not
// involve tasks or groups.
#include "models/cpu/water_filling.h"

#include <gtest/gtest.h>

#include <vector>

namespace cotenant {
namespace {

constexpr std::uint64_t kCore = kFullSpeed;

TEST(WaterFilling, AHeavyMemberTakesItsCoreAndTheOthersShareTheRest) {
  // Weights 3:1:1 on 2 cores would be 1.2 : 0.4 : 0.4; the first can use 1 only, 0.5 + 0.5 remain.
  std::vector<Claim> claims{{3, 1, kCore, 0}, {1, 2, kCore, 0}};
  fill(2 * kCore, claims);
  EXPECT_EQ(claims[0].share, kCore);
  EXPECT_EQ(claims[1].share, kCore / 2);
}

TEST(WaterFilling, CappingOneMemberCanCapTheNext) {
  // 8:4:2:1 on 3 cores: 1.6 is capped; then 4/7 of 2 cores is 1.14, capped as well; then 2:1 of 1.
  std::vector<Claim> claims{{1, 1, kCore, 0}, {2, 1, kCore, 0}, {4, 1, kCore, 0}, {8, 1, kCore, 0}};
  fill(3 * kCore, claims);
  EXPECT_EQ(claims[3].share, kCore);
  EXPECT_EQ(claims[2].share, kCore);
  EXPECT_EQ(claims[1].share, 2 * kCore / 3);
  EXPECT_EQ(claims[0].share, kCore / 3);
}

TEST(WaterFilling, NobodyGetsMoreThanItCanUse) {
  std::vector<Claim> claims{{5, 1, kCore / 4, 0}, {1, 1, kCore / 8, 0}};
  fill(kCore, claims);
  EXPECT_EQ(claims[0].share, kCore / 4);
  EXPECT_EQ(claims[1].share, kCore / 8);
}

TEST(WaterFilling, AMemberWithoutUseLeavesEverythingToTheOthers) {
  std::vector<Claim> claims{{1000, 1, 0, 0}, {1, 1, kCore, 0}};
  fill(kCore, claims);
  EXPECT_EQ(claims[0].share, 0u);
  EXPECT_EQ(claims[1].share, kCore);
}

TEST(WaterFilling, NothingIsDividedIntoNothing) {
  std::vector<Claim> claims{{1, 3, kCore, 0}, {2, 1, kCore, 0}};
  fill(0, claims);
  EXPECT_EQ(claims[0].share, 0u);
  EXPECT_EQ(claims[1].share, 0u);
}

TEST(WaterFilling, OneClaimIsDividedEquallyUpToTheCap) {
  std::vector<Claim> three{{7, 3, kCore, 0}};
  fill(kCore, three);
  EXPECT_EQ(three[0].share, kCore / 3);
  std::vector<Claim> two{{7, 2, kCore, 0}};
  fill(4 * kCore, two);
  EXPECT_EQ(two[0].share, kCore);
}

TEST(WaterFilling, TheLargestNumbersFit) {
  // 2^16 cores and weights of 2^31 make products of more than 2^100, which 128 bits must hold.
  constexpr std::uint64_t kWeight = std::uint64_t{1} << 31;
  std::vector<Claim> claims{{kWeight, 1u << 30, kCore, 0}, {1, 1, kCore, 0}};
  fill(kCore << 16, claims);
  EXPECT_EQ(claims[0].share, (kCore >> 14) - 1);  // what the other is owed rounds it down
  EXPECT_EQ(claims[1].share, 0u);                 // 2^-45 of a core is below the resolution
}

}  // namespace
}  // namespace cotenant
