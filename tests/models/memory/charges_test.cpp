// SPDX-License-Identifier: Apache-2.0
#include "models/memory/charges.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

constexpr GroupId kSlice{1}, kPod{2}, kOther{3};

// A slice of 100 in a machine of 150, a pod of 60 in it, and somebody beside the slice.
IdVector<GroupId, MemoryGroupSpec> groups() {
  IdVector<GroupId, MemoryGroupSpec> result;
  result.push_back({GroupId::none(), Bytes(150)});
  result.push_back({kRootGroup, Bytes(100)});
  result.push_back({kSlice, Bytes(60)});
  result.push_back({kRootGroup, kNoLimit});
  return result;
}

TEST(MemoryCharges, AreThoseOfTheGroupAndOfAllAroundIt) {
  const auto spec = groups();
  MemoryCharges charges(spec);
  charges.charge(kPod, Bytes(50), Instant());
  charges.charge(kOther, Bytes(20), Instant());
  EXPECT_EQ(charges.usage(kPod).current, Bytes(50));
  EXPECT_EQ(charges.usage(kSlice).current, Bytes(50));
  EXPECT_EQ(charges.usage(kOther).current, Bytes(20));
  EXPECT_EQ(charges.usage(kRootGroup).current, Bytes(70));
}

// Up to the limit it fits, one byte more does not; the innermost full group is the one that counts.
TEST(MemoryCharges, FailAtTheInnermostGroupWithoutRoom) {
  const auto spec = groups();
  MemoryCharges charges(spec);
  charges.charge(kPod, Bytes(50), Instant());
  EXPECT_TRUE(charges.full_group(kPod, Bytes(10)).is_none());
  EXPECT_EQ(charges.full_group(kPod, Bytes(11)), kPod);
  charges.charge(kSlice, Bytes(45), Instant());
  EXPECT_EQ(charges.full_group(kPod, Bytes(6)), kSlice);
  charges.charge(kOther, Bytes(55), Instant());
  EXPECT_EQ(charges.full_group(kOther, Bytes(1)), kRootGroup);
  EXPECT_EQ(charges.room_in(kSlice), Bytes(5));
}

TEST(MemoryCharges, KnowWhoIsInsideOfWhom) {
  const auto spec = groups();
  const MemoryCharges charges(spec);
  EXPECT_TRUE(charges.contains(kSlice, kPod));
  EXPECT_TRUE(charges.contains(kRootGroup, kOther));
  EXPECT_TRUE(charges.contains(kPod, kPod));
  EXPECT_FALSE(charges.contains(kSlice, kOther));
  EXPECT_FALSE(charges.contains(kPod, kSlice));
}

// 50 for 10 ns, 20 for 5 ns: 600 byte nanoseconds, and the peak stays.
TEST(MemoryCharges, AddUpExactlyOverTime) {
  const auto spec = groups();
  MemoryCharges charges(spec);
  charges.charge(kPod, Bytes(50), Instant(100));
  charges.uncharge(kPod, Bytes(30), Instant(110));
  EXPECT_EQ(charges.usage(kSlice).sum_until(Instant(115)), 600);
  EXPECT_EQ(charges.usage(kSlice).peak, Bytes(50));
  EXPECT_EQ(charges.usage(kSlice).current, Bytes(20));
}

// Above 60 from 100 to 110 and from 130 on; at the limit is not above it.
TEST(MemoryCharges, KnowForHowLongTheyWereAboveTheLimit) {
  const auto spec = groups();
  MemoryCharges charges(spec);
  charges.charge(kPod, Bytes(61), Instant(100));
  charges.charge(kPod, Bytes(9), Instant(105));
  charges.uncharge(kPod, Bytes(10), Instant(110));
  EXPECT_EQ(charges.usage(kPod).above_until(Instant(120)), Duration(10));
  charges.charge(kPod, Bytes(1), Instant(130));
  EXPECT_EQ(charges.usage(kPod).above_until(Instant(135)), Duration(15));
  EXPECT_EQ(charges.usage(kSlice).above_until(Instant(135)), Duration(0));
}

// Of a pod one task waits from 10 to 40. Until 20 it is alone, until 25 another one of the pod may
// run, and until 35 one beside it, which is of the slice.
TEST(MemoryPressure, IsFullWhereNobodyMayRunMeanwhile) {
  const auto spec = groups();
  MemoryCharges charges(spec);
  charges.count_runnable(kPod, 1, Instant(0));
  charges.count_runnable(kPod, -1, Instant(10));
  charges.count_stalled(kPod, 1, Instant(10));
  charges.count_runnable(kPod, 1, Instant(20));
  charges.count_runnable(kPod, -1, Instant(25));
  charges.count_runnable(kSlice, 1, Instant(25));
  charges.count_runnable(kSlice, -1, Instant(35));
  charges.count_stalled(kPod, -1, Instant(40));
  for (const GroupId group : {kPod, kSlice, kRootGroup}) {
    EXPECT_EQ(charges.usage(group).stalls.some_until(Instant(50)), Duration(30));
  }
  EXPECT_EQ(charges.usage(kPod).stalls.full_until(Instant(50)), Duration(25));
  EXPECT_EQ(charges.usage(kSlice).stalls.full_until(Instant(50)), Duration(15));
  EXPECT_EQ(charges.usage(kOther).stalls.some_until(Instant(50)), Duration(0));
}

}  // namespace
}  // namespace cotenant
