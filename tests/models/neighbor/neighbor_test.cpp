// SPDX-License-Identifier: Apache-2.0
//
// Neighbors take the CPU that their pattern and weight say, no more and no less, at the times they
// say. All on the ideal fluid CPU, where shares can be computed by hand.
#include "models/neighbor/neighbor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/world.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr CpuTime kLook{1'000};  // what a thread spends to see what time it is

// One core with two groups of equal weight; the application's worker is in the first.
struct Machine {
  BlueprintBuilder builder;
  GroupId us = builder.group(1024);
  GroupId them = builder.group(1024);
  ServiceId service = builder.service({.group = us});

  Blueprint with(const CompiledPattern& pattern, std::uint32_t threads = 1) const {
    BlueprintBuilder with_neighbor = builder;
    with_neighbor.neighbor(pattern, threads, them);
    return with_neighbor.build();
  }
};

BurstsPattern bursts(std::vector<BurstsPattern::Burst> list) { return {std::move(list)}; }

OnOffPattern exponential(double on_ns, double off_ns) {
  return {Sampler(law::Exponential{on_ns}), Sampler(law::Exponential{off_ns}),
          on_ns / (on_ns + off_ns)};
}

TEST(Neighbors, ThatSpinTakeAllThatIsLeft) {
  const Machine machine;
  const RunRecord record = run_to(machine.with(SpinPattern{}), seconds(1));
  EXPECT_EQ(record.machines[kHardware].groups[machine.them].usage, CpuTime(1'000'000'000));
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(1'000'000'000));  // of the machine
  EXPECT_EQ(record.machines[kHardware].groups[machine.us].usage, CpuTime(0));
}

TEST(Neighbors, ShareByTheWeightOfTheirGroupHoweverManyTheyAre) {
  Machine machine;
  const ClassId request =
      machine.builder.request(Instant(0), machine.service, {cpu_step(milliseconds(10))});
  // Two groups of equal weight: half of the core each, so 10 ms of work take 20 ms.
  for (const std::uint32_t threads : {1u, 4u}) {
    const RunRecord record = run_to(machine.with(SpinPattern{}, threads), milliseconds(100));
    EXPECT_EQ(latency_of(record, request), milliseconds(20)) << threads;
    EXPECT_EQ(record.machines[kHardware].groups[machine.us].usage, CpuTime(10'000'000)) << threads;
    EXPECT_EQ(record.machines[kHardware].groups[machine.them].usage, CpuTime(90'000'000))
        << threads;
  }
}

TEST(Neighbors, WantCpuDuringTheirBursts) {
  const Machine machine;
  const Blueprint blueprint = machine.with(
      bursts({{milliseconds(100), milliseconds(50)}, {milliseconds(200), milliseconds(30)}}));
  const RunRecord record = run_to(blueprint, seconds(1));
  // Alone on its core: it looks at the clock, then runs for as long as it means to.
  EXPECT_EQ(record.machines[kHardware].groups[machine.them].usage, CpuTime(80'000'000) + kLook * 2);
  EXPECT_EQ(record.stop, StopReason::finished);
}

TEST(Neighbors, BeginABurstWhenTheyFirstRunAndPauseWhenTheySeeItsEnd) {
  Machine machine;
  const ClassId request =
      machine.builder.request(Instant(0), machine.service, {cpu_step(milliseconds(10))});
  const RunRecord record =
      run_to(machine.with(bursts({{Duration(0), milliseconds(4)}})), milliseconds(100));
  // At half of the core, seeing the clock takes 2 us and the 4 ms burst gives 2 ms of CPU. The
  // request loses what the neighbor got.
  EXPECT_EQ(record.machines[kHardware].groups[machine.them].usage, CpuTime(2'000'000) + kLook);
  EXPECT_EQ(latency_of(record, request), milliseconds(12) + microseconds(1));
}

TEST(Neighbors, HeldBackByTheirQuotaStopWhenTheyRunAgain) {
  BlueprintBuilder builder;
  const GroupId limited =
      builder.group(1024, Bandwidth{CpuTime(10'000'000), milliseconds(100), CpuTime(0)});
  builder.neighbor(bursts({{Duration(0), milliseconds(50)}, {milliseconds(20), seconds(1)}}), 1,
                   limited);
  const Blueprint blueprint = builder.build();
  World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1), 100, {}});
  const auto go_to = [&](Duration time) {
    while (world.events.next_instant() <= Instant() + time) step(world, blueprint, recorder);
  };
  // The quota is gone at 10 ms. The burst would end at 50 ms, but its thread does not run.
  go_to(milliseconds(60));
  EXPECT_EQ(world.neighbors[NeighborId(0)].phase, NeighborPhase::stopping);
  // The refill at 100 ms lets it see the clock; it sleeps for 20 ms from there.
  go_to(milliseconds(101));
  EXPECT_EQ(world.neighbors[NeighborId(0)].phase, NeighborPhase::sleeping);
  go_to(milliseconds(119));
  EXPECT_EQ(world.neighbors[NeighborId(0)].bursts, 1u);
  go_to(milliseconds(121));
  EXPECT_EQ(world.neighbors[NeighborId(0)].bursts, 2u);
}

TEST(Neighbors, OnAndOffTakeTheirShareOfTheTime) {
  const Machine machine;
  // On for 30 ms and off for 70 ms on average: 30 % of a core that nobody else wants. Over 400 s
  // there are 4000 cycles. The standard deviation of the share after n cycles of exponential times
  // is sqrt(2 / n) p (1 - p) = 0.0047; four of them are 0.019.
  const Blueprint blueprint = machine.with(exponential(30e6, 70e6));
  const RunRecord record = run_to(blueprint, seconds(400));
  EXPECT_NEAR(static_cast<double>(record.machines[kHardware].cpu_used().count()) / 400e9, 0.3,
              0.019);
}

TEST(Neighbors, BeginAnywhereInTheirPattern) {
  const Machine machine;
  // Always 100 ms on, 100 ms off. Within the first 100 ms, a thread that begins with a burst gets
  // what is left of it (u), one that begins with a pause gets what remains after it (1 - u): 50 ms
  // on average either way. One value is uniform on 100 ms (standard deviation 28.9 ms), the mean of
  // 400 has a deviation of 1.44 ms; four of them are 5.8 ms.
  const Blueprint blueprint =
      machine.with(OnOffPattern{Sampler(law::Constant{100e6}), Sampler(law::Constant{100e6}), 0.5});
  EXPECT_TRUE(blueprint.is_random());
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RunRecord record = run_to(blueprint, milliseconds(100), seed);
    sum += static_cast<double>(record.machines[kHardware].cpu_used().count()) / 1e6;
  }
  EXPECT_NEAR(sum / 400, 50, 5.8);
}

TEST(Neighbors, ThreadsHaveTheirOwnLuckAndOthersDoNotDisturbIt) {
  const Machine machine;
  const auto pattern = exponential(30e6, 70e6);
  const Blueprint one = machine.with(pattern, 1);
  const Blueprint two = machine.with(pattern, 2);
  World alone(one, 5, 0);
  World both(two, 5, 0);
  const auto due = [](const World& world, std::uint32_t thread) {
    return world.events.scheduled_at(world.slot(NeighborId(thread)));
  };
  EXPECT_EQ(due(alone, 0), due(both, 0));
  EXPECT_NE(due(both, 0), due(both, 1));
}

TEST(Neighbors, AreNotRandomUnlessTheirPatternIs) {
  const Machine machine;
  EXPECT_FALSE(machine.with(SpinPattern{}).is_random());
  EXPECT_FALSE(machine.with(bursts({{Duration(0), milliseconds(1)}})).is_random());
}

TEST(Neighbors, ArePartOfTheStateOfAWorld) {
  const Machine machine;
  const Blueprint blueprint = machine.with(exponential(1e6, 1e6));
  World world(blueprint, 1, 0);
  World copy = world;
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1), 100, {}});
  for (int i = 0; i < 100; ++i) step(world, blueprint, recorder);
  EXPECT_NE(world.hash(), copy.hash());
  for (int i = 0; i < 100; ++i) step(copy, blueprint, recorder);
  EXPECT_EQ(world.hash(), copy.hash());
}

// A factor f on the load of a box makes of the share 0.3 the share 0.3 f: the mean over boxes
// stays, and their shares differ by 0.3 times the standard deviation of f. In one box all threads
// have the same factor, so two of them do not differ by less.
TEST(Neighbors, AreBusierInOneBoxThanInAnother) {
  const Machine machine;
  Blueprint blueprint = machine.with(exponential(3e6, 7e6), 1);
  blueprint.neighbors[NeighborId(0)].box = BoxSpec{"others", Sampler(law::Lognormal{1, 0.5})};
  double sum = 0, squares = 0;
  constexpr int kBoxes = 200;
  for (std::uint64_t box = 0; box < kBoxes; ++box) {
    const RunRecord record = run_to(blueprint, seconds(10), box);
    const double share = static_cast<double>(record.machines[kHardware].cpu_used().count()) / 10e9;
    sum += share;
    squares += share * share;
  }
  const double mean = sum / kBoxes;
  const double deviation = std::sqrt(squares / kBoxes - mean * mean);
  // sd 0.15, of a few boxes that would need more than all of the time a little less. Of the mean of
  // 200 boxes it is 0.011; four of them are 0.042.
  EXPECT_NEAR(mean, 0.3, 0.042);
  EXPECT_NEAR(deviation, 0.14, 0.03);
}

TEST(Neighbors, AreAlikeInAllBoxesUnlessTheyAreSaidToDiffer) {
  const Machine machine;
  const Blueprint plain = machine.with(exponential(3e6, 7e6), 1);
  Blueprint same = plain;
  same.neighbors[NeighborId(0)].box = BoxSpec{"others", Sampler(law::Constant{1})};
  const RunRecord one = run_to(plain, seconds(10), 7);
  const RunRecord other = run_to(same, seconds(10), 7);
  EXPECT_EQ(one.machines[kHardware].cpu_used(), other.machines[kHardware].cpu_used());
}

}  // namespace
}  // namespace cotenant
