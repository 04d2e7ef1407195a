// SPDX-License-Identifier: Apache-2.0
#include "validation/recording/neighbor_program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace cotenant {
namespace {

NeighborProgram parsed(const std::string& arguments) {
  std::string unknown;
  const auto program = parse_neighbor_program(arguments, unknown);
  EXPECT_TRUE(program) << unknown;
  return program.value_or(NeighborProgram());
}

std::string unknown_in(const std::string& arguments) {
  std::string unknown;
  EXPECT_FALSE(parse_neighbor_program(arguments, unknown)) << arguments;
  return unknown;
}

TEST(NeighborProgram, SpinsUnlessItSleeps) {
  EXPECT_TRUE(parsed("--threads 4").spins());
  EXPECT_EQ(parsed("--threads 4").threads, 4);
  const NeighborProgram bursty = parsed("--threads 2 --on 300 --off 700.5 --dist exp");
  EXPECT_FALSE(bursty.spins());
  EXPECT_EQ(bursty.on_ms, 300);
  EXPECT_EQ(bursty.off_ms, 700.5);
  EXPECT_TRUE(bursty.exponential);
}

TEST(NeighborProgram, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(unknown_in("--threads 1 --disk file"), "--disk");
  EXPECT_EQ(unknown_in("--threads"), "--threads");
  EXPECT_EQ(unknown_in("--threads many"), "--threads");
  EXPECT_EQ(unknown_in("--threads 1 --dist gauss"), "--dist");
  EXPECT_EQ(unknown_in("--threads 1 --off 0.000001"), "--off");
  EXPECT_EQ(unknown_in(""), "--threads");
}

TEST(NeighborProgram, StartsBeforeTimeZero) {
  // 100 ms on and 100 ms off from -322 ms: on until -222, from -122 to -22, from 78 to 178, from
  // 278.
  const auto bursts =
      bursts_of(parsed("--threads 1 --on 100 --off 100"), 1, 0, Duration(0), milliseconds(300));
  const std::vector<Burst> expected = {{milliseconds(78), milliseconds(100)},
                                       {milliseconds(100), milliseconds(100)}};
  EXPECT_EQ(bursts, expected);
}

TEST(NeighborProgram, MayBeInABurstWhenTheReplayStarts) {
  // The same seen from 100 ms on: the burst from 78 to 178 has 78 ms left.
  const auto bursts = bursts_of(parsed("--threads 1 --on 100 --off 100"), 1, 0, milliseconds(100),
                                milliseconds(200));
  const std::vector<Burst> expected = {{Duration(0), milliseconds(78)},
                                       {milliseconds(100), milliseconds(100)}};
  EXPECT_EQ(bursts, expected);
}

TEST(NeighborProgram, RepeatsItsRandomNumbers) {
  const NeighborProgram program = parsed("--threads 2 --on 100 --off 100 --dist exp");
  // The engine of seed 1, thread 0 starts with mt19937_64(1000).
  std::mt19937_64 engine(1000);
  Duration on_from(-322'000'000);
  const auto next = [&] {
    const double unit = (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53;
    return Duration(static_cast<std::int64_t>(-std::log(unit) * 100 * 1e6));
  };
  Duration on_to = on_from + next();
  while (on_to <= Duration(0)) {
    on_from = on_to + next();
    on_to = on_from + next();
  }
  const auto bursts = bursts_of(program, 1, 0, Duration(0), seconds(20));
  const Duration first_pause = std::max(on_from, Duration(0));
  // The logarithm of the C library may differ in the last bit: a nanosecond here and there.
  EXPECT_NEAR(static_cast<double>((bursts.at(0).pause - first_pause).count()), 0, 20);
  EXPECT_NEAR(static_cast<double>((bursts.at(0).pause + bursts.at(0).on - on_to).count()), 0, 20);
  EXPECT_NE(bursts, bursts_of(program, 1, 1, Duration(0), seconds(20)));
  // About 100 cycles of 200 ms; the number of renewals in time t has a variance of about t/mean *
  // cv^2, cv^2 = 1/2: a deviation of 7.
  EXPECT_NEAR(static_cast<double>(bursts.size()), 100, 28);
}

}  // namespace
}  // namespace cotenant
