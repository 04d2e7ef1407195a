// SPDX-License-Identifier: Apache-2.0
//
// The lock by itself: who gets it, who is woken, and when a holder is asked to drop it.
#include "models/python/gil.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

constexpr ThreadId kA{0};
constexpr ThreadId kB{1};
constexpr ThreadId kC{2};

TEST(Gil, IsHeldByOneThread) {
  Gil gil(3);
  EXPECT_TRUE(gil.take(kA));
  EXPECT_FALSE(gil.take(kB));
  EXPECT_EQ(gil.holder(), kA);
  EXPECT_TRUE(gil.release().is_none());
  EXPECT_TRUE(gil.take(kB));
}

// pthread_cond_signal() wakes one. The one that is woken has nothing yet: C, which happens to run,
// is faster.
TEST(Gil, WakesTheOneThatWaitsLongestAndPromisesNothing) {
  Gil gil(3);
  gil.take(kA);
  gil.wait(kB);
  gil.wait(kC);
  EXPECT_EQ(gil.release(), kB);
  gil.stop_waiting(kC);
  EXPECT_TRUE(gil.take(kC));
  EXPECT_FALSE(gil.take(kB));
}

TEST(Gil, ForgetsThoseThatStopWaiting) {
  Gil gil(3);
  gil.take(kA);
  gil.wait(kB);
  gil.wait(kC);
  gil.stop_waiting(kB);
  EXPECT_EQ(gil.release(), kC);
  EXPECT_TRUE(gil.take(kC));
  EXPECT_TRUE(gil.release().is_none());
}

TEST(Gil, CountsSwitchesNotAcquisitions) {
  Gil gil(2);
  gil.take(kA);
  EXPECT_EQ(gil.switches(), 1u);
  gil.release();
  gil.take(kA);
  EXPECT_EQ(gil.switches(), 1u) << "it had it last, too";
  gil.release();
  gil.take(kB);
  EXPECT_EQ(gil.switches(), 2u);
}

TEST(Gil, AsksTheHolderOnceAndForgetsTheRequestWithTheNextHolder) {
  Gil gil(3);
  gil.take(kA);
  const std::uint64_t seen = gil.switches();
  EXPECT_TRUE(gil.request_drop(seen));
  EXPECT_TRUE(gil.drop_requested());
  EXPECT_FALSE(gil.request_drop(seen)) << "it knows already";
  gil.release();
  gil.take(kB);
  EXPECT_FALSE(gil.drop_requested());
}

// B has waited for a whole interval, but not for this holder.
TEST(Gil, DoesNotAskAHolderThatTookItInTheMeantime) {
  Gil gil(3);
  gil.take(kA);
  const std::uint64_t seen = gil.switches();
  gil.release();
  gil.take(kC);
  EXPECT_FALSE(gil.request_drop(seen));
  EXPECT_TRUE(gil.request_drop(gil.switches()));
}

TEST(Gil, RemembersOnceWhoWaitsForTheSwitch) {
  Gil gil(2);
  EXPECT_TRUE(gil.switched().is_none());
  gil.await_switch(kA);
  EXPECT_EQ(gil.switched(), kA);
  EXPECT_TRUE(gil.switched().is_none());
}

}  // namespace
}  // namespace cotenant
