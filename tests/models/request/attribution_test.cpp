// SPDX-License-Identifier: Apache-2.0
//
// Sums of wait times by bands of latency.
#include "models/request/attribution.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

WaitTimes times(std::int64_t cpu, std::int64_t queued) {
  WaitTimes result{};
  result[static_cast<std::size_t>(WaitState::cpu)] = Duration(cpu);
  result[static_cast<std::size_t>(WaitState::run_queue)] = Duration(queued);
  return result;
}

std::uint64_t hash_of(const Attribution& attribution) {
  Hasher hasher;
  attribution.hash_into(hasher);
  return hasher.value();
}

TEST(Attribution, TellsSlowRequestsFromFastOnes) {
  Attribution attribution;
  for (int i = 0; i < 10; ++i) attribution.record(Duration(1'000'000), times(1'000'000, 0));
  attribution.record(Duration(9'000'000), times(1'000'000, 8'000'000));
  const auto& slow = attribution.band(Duration(9'000'000));
  EXPECT_EQ(slow.requests, 1u);
  EXPECT_EQ(slow.times, times(1'000'000, 8'000'000));
  EXPECT_EQ(attribution.band(Duration(1'000'000)).requests, 10u);
  EXPECT_EQ(attribution.total().requests, 11u);
  EXPECT_EQ(attribution.total().times, times(11'000'000, 8'000'000));
}

// Sixteen bands an octave: 16/16, 17/16, ... of a power of two, from the lower bound up to, and not
// including, the next.
TEST(Attribution, CutsAnOctaveIntoSixteenBands) {
  Attribution attribution;
  attribution.record(Duration(1 << 20), times(1, 0));
  EXPECT_EQ(attribution.band(Duration((1 << 20) + (1 << 16) - 1)).requests, 1u);
  EXPECT_EQ(attribution.band(Duration((1 << 20) + (1 << 16))).requests, 0u);
  EXPECT_EQ(attribution.band(Duration((1 << 20) - 1)).requests, 0u);
}

TEST(Attribution, TakesEveryLatency) {
  Attribution attribution;
  for (const Duration latency : {Duration(0), Duration(1), Duration(15), Duration::max()}) {
    attribution.record(latency, times(0, 0));
    EXPECT_GE(attribution.band(latency).requests, 1u);
  }
}

TEST(Attribution, MergesInAnyOrder) {
  Attribution left, right, all;
  for (std::int64_t i = 1; i < 100; ++i) {
    const Duration latency(i * i * 1000);
    (i % 3 == 0 ? left : right).record(latency, times(i, i * i * 1000 - i));
    all.record(latency, times(i, i * i * 1000 - i));
  }
  Attribution one = left;
  one.merge(right);
  Attribution other = right;
  other.merge(left);
  EXPECT_EQ(hash_of(one), hash_of(all));
  EXPECT_EQ(hash_of(other), hash_of(all));
  EXPECT_NE(hash_of(left), hash_of(all));
}

}  // namespace
}  // namespace cotenant
