// SPDX-License-Identifier: Apache-2.0
#include "study/tally.h"

#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

// Three requests in two classes of a limited group; one is still there after 100 ms.
Blueprint blueprint() {
  BlueprintBuilder builder(2);
  const GroupId group =
      builder.group(1024, Bandwidth{CpuTime(5'000'000), milliseconds(10), CpuTime(0)});
  const ServiceId service = builder.service({.group = group});
  builder.request(Instant(), service, {cpu_step(milliseconds(10))});
  builder.request(Instant() + milliseconds(20), service, {cpu_step(milliseconds(5))});
  builder.request(Instant() + milliseconds(90), service, {wait_step(milliseconds(50))});
  return builder.build();
}

RunRecord record_of(Duration warmup = Duration(0)) {
  RunOptions options;
  options.recorder = {Instant() + warmup, Instant() + milliseconds(100), 100, {}};
  return run(blueprint(), options);
}

TEST(Tally, AddsClassesUp) {
  SetupTally tally(blueprint());
  tally.add(record_of());
  EXPECT_EQ(tally.replications(), 1u);
  EXPECT_EQ(tally.all.arrivals, std::vector<double>{3});
  EXPECT_EQ(tally.all.completions, std::vector<double>{2});
  EXPECT_EQ(tally.all.endings, std::vector<double>{2});  // without the censored one
  EXPECT_EQ(tally.all.outcomes[static_cast<std::size_t>(Outcome::censored)], 1u);
  EXPECT_EQ(tally.classes[ClassId(2)].latency.count(), 0u);
  EXPECT_DOUBLE_EQ(tally.cpu_seconds[0], 0.015);
  EXPECT_DOUBLE_EQ(tally.seconds[0], 0.1);
  // 15 + 5 + 10 ms in the system of 100.
  EXPECT_NEAR(tally.in_system[0], 0.3, 1e-12);
}

TEST(Tally, CountsThrottlingOfTheMostThrottledGroup) {
  SetupTally tally(blueprint());
  tally.add(record_of());
  // 10 ms of work at 5 ms per 10 ms: held back from 5 to 10 ms, and then done at 15 ms.
  EXPECT_EQ(tally.throttled_periods, std::vector<double>{1});
  EXPECT_DOUBLE_EQ(tally.throttled_seconds[0], 0.005);
}

TEST(Tally, KeepsReplicationsApartAndPoolsThem) {
  SetupTally tally(blueprint());
  tally.add(record_of());
  tally.add(record_of(milliseconds(20)));
  EXPECT_EQ(tally.all.latencies.size(), 2u);
  EXPECT_EQ(tally.all.latencies[1].count(), 1u);
  EXPECT_EQ(tally.all.latency.count(), 3u);
  EXPECT_EQ(tally.all.arrivals, (std::vector<double>{3, 2}));
  EXPECT_DOUBLE_EQ(tally.seconds[1], 0.08);
  // After the warm-up: 5 + 10 ms of 80.
  EXPECT_NEAR(tally.in_system[1], 15.0 / 80, 1e-12);
}

TEST(Tally, FingerprintDependsOnTheOrder) {
  const RunRecord one = record_of();
  RunRecord other = one;
  other.fingerprint ^= 1;
  SetupTally forth(blueprint());
  forth.add(one);
  forth.add(other);
  SetupTally back(blueprint());
  back.add(other);
  back.add(one);
  EXPECT_NE(forth.fingerprint, back.fingerprint);
}

TEST(Tally, RemembersARunThatWasCutShort) {
  SetupTally tally(blueprint());
  RunRecord record = record_of();
  tally.add(record);
  EXPECT_FALSE(tally.cut_short);
  record.stop = StopReason::memory_budget;
  tally.add(record);
  EXPECT_TRUE(tally.cut_short);
  EXPECT_EQ(tally.cut_by, StopReason::memory_budget);
}

}  // namespace
}  // namespace cotenant
