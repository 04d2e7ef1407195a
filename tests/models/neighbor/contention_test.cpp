// SPDX-License-Identifier: Apache-2.0
//
// Computing takes longer beside neighbors that use the same caches, by exactly what they say.
#include "models/neighbor/contention.h"

#include <gtest/gtest.h>

#include "models/world.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

// A request of 10 ms of CPU at 100 ms on a machine with four cores, beside threads that spin from
// the start. Everybody has a core.
Duration latency_beside(std::uint32_t threads, std::int64_t slowdown,
                        const CompiledPattern& pattern = SpinPattern{}) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.service({});
  const ClassId request =
      builder.request(Instant() + milliseconds(100), service, {cpu_step(milliseconds(10))});
  if (threads > 0) builder.neighbor(pattern, threads);
  Blueprint blueprint = builder.build();
  for (NeighborSpec& neighbor : blueprint.neighbors) neighbor.slowdown = slowdown;
  return latency_of(run_to(blueprint, seconds(1)), request);
}

TEST(Contention, GrowsWithTheCoresThatNeighborsTake) {
  EXPECT_EQ(latency_beside(0, 0), milliseconds(10));
  EXPECT_EQ(latency_beside(3, 0), milliseconds(10));
  // 40 % beside all four cores is 10 % for each.
  EXPECT_EQ(latency_beside(1, 400'000), milliseconds(11));
  EXPECT_EQ(latency_beside(3, 400'000), milliseconds(13));
}

TEST(Contention, IsOverWhenTheySleep) {
  const BurstsPattern early{{{Duration(0), milliseconds(50)}}};
  EXPECT_EQ(latency_beside(3, 400'000, early), milliseconds(10));
  const BurstsPattern later{{{milliseconds(99), milliseconds(50)}}};
  EXPECT_EQ(latency_beside(3, 400'000, later), milliseconds(13));
}

// More threads than cores cannot use the caches at the same time.
TEST(Contention, IsNeverMoreThanOfAllCores) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.service({});
  builder.request(Instant() + seconds(1), service, {cpu_step(milliseconds(10))});
  builder.neighbor(SpinPattern{}, 6);
  Blueprint blueprint = builder.build();
  for (NeighborSpec& neighbor : blueprint.neighbors) neighbor.slowdown = 500'000;
  World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1), 100, {}});
  while (world.events.next_instant() < Instant() + milliseconds(500)) {
    step(world, blueprint, recorder);
  }
  EXPECT_EQ(slowed_down(world, blueprint, kHardware, CpuTime(1'000)), CpuTime(1'500));
}

}  // namespace
}  // namespace cotenant
