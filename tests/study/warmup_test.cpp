// SPDX-License-Identifier: Apache-2.0
#include "study/warmup.h"

#include <gtest/gtest.h>

#include "models/recorder.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

// A pilot record whose number in the system is `ramp` slices long on the rise to 50 and then
// alternates around it; 1000 slices of 1 s.
RunRecord pilot(int ramp) {
  const Blueprint blueprint = BlueprintBuilder().build();
  const World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1000), 1000, {}});
  RunRecord record = recorder.finish(world, blueprint, StopReason::horizon_reached);
  record.in_system = SlicedIntegral(Instant(), seconds(1), 1000);
  std::int64_t level = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t next = (i < ramp ? 50 * i / ramp : 50) + i % 2;
    record.in_system.add(Instant() + seconds(i), next - level);
    level = next;
  }
  record.in_system.advance(Instant() + seconds(1000));
  return record;
}

TEST(Warmup, IsThatOfTheSlowestSetup) {
  // By replication and setup: the second setup takes 100 s to fill.
  const std::vector<std::optional<RunRecord>> pilots = {pilot(1), pilot(100), pilot(1), pilot(100)};
  const WarmupLength both = warmup_from(pilots, 2);
  // MSER-5 drops whole groups of five; the last steps of the ramp are small against the noise.
  EXPECT_GE(both.length, seconds(90));
  EXPECT_LE(both.length, seconds(110));
  EXPECT_TRUE(both.reliable);
  EXPECT_LE(warmup_from({pilots[0], pilots[2]}, 1).length, seconds(5));
}

TEST(Warmup, IsUnreliableWhenTheRampGoesOnForMostOfTheRun) {
  EXPECT_FALSE(warmup_from({pilot(900), pilot(900)}, 1).reliable);
}

TEST(Warmup, IgnoresPilotsThatDidNotReachTheEnd) {
  std::vector<std::optional<RunRecord>> pilots = {pilot(1), pilot(100), std::nullopt};
  pilots[1]->stop = StopReason::event_budget;
  EXPECT_LE(warmup_from(pilots, 1).length, seconds(5));
}

TEST(Warmup, OfNoPilotIsNothing) {
  EXPECT_EQ(warmup_from({}, 1).length, Duration(0));
  EXPECT_EQ(warmup_from({std::nullopt}, 1).length, Duration(0));
}

}  // namespace
}  // namespace cotenant
