// SPDX-License-Identifier: Apache-2.0
//
// A load that changes with time: its steps, and what neighbors take at each. All on the ideal fluid
// CPU, where nobody else wants the core.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "models/neighbor/neighbor.h"
#include "models/world.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Instant at(std::int64_t s) { return Instant() + seconds(s); }

LoadCurve steps(std::vector<LoadCurve::Step> list, Duration period = {}) {
  return {std::move(list), period};
}

TEST(LoadCurve, HasAFactorFromEachStepToTheNext) {
  const LoadCurve curve = steps({{at(0), 1}, {at(10), 3}});
  EXPECT_EQ(curve.factor_at(at(0)), 1);
  EXPECT_EQ(curve.factor_at(at(10) - nanoseconds(1)), 1);
  EXPECT_EQ(curve.factor_at(at(10)), 3);
  EXPECT_EQ(curve.end_of_step(at(4)), at(10));
  EXPECT_EQ(curve.end_of_step(at(10)), Instant::never());
}

TEST(LoadCurve, BeginsAnewAfterItsPeriod) {
  const LoadCurve curve = steps({{at(0), 1}, {at(10), 3}}, seconds(24));
  EXPECT_EQ(curve.factor_at(at(23)), 3);
  EXPECT_EQ(curve.factor_at(at(24)), 1);
  EXPECT_EQ(curve.factor_at(at(24 * 7 + 11)), 3);
  EXPECT_EQ(curve.end_of_step(at(24 * 7 + 11)), at(24 * 8));
}

// On for a share of the time, in bursts of 3 ms on average.
Blueprint neighbor_on(double share, const LoadCurve& curve) {
  BlueprintBuilder builder;
  const double on = 3e6;
  builder.neighbor(OnOffPattern{Sampler(law::Exponential{on}),
                                Sampler(law::Exponential{on * (1 - share) / share}), share},
                   1);
  Blueprint blueprint = builder.build();
  blueprint.neighbors[NeighborId(0)].curve = std::make_shared<const LoadCurve>(curve);
  return blueprint;
}

// Cores used in each of some stretches of time, one after the other.
std::vector<double> use_by(const Blueprint& blueprint, Duration stretch, int count) {
  World world(blueprint, 3, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + stretch * count, 100, {}});
  std::vector<double> shares;
  CpuTime before;
  for (int k = 1; k <= count; ++k) {
    const Instant end = Instant() + stretch * k;
    while (world.events.next_instant() <= end) step(world, blueprint, recorder);
    const CpuTime used =
        world.machines[kHardware].cpu.group_usage(kRootGroup, world.events.now()).usage;
    shares.push_back(static_cast<double>((used - before).count()) /
                     static_cast<double>(stretch.count()));
    before = used;
  }
  return shares;
}

// 40 s are 4,000 cycles of some 10 ms: four standard errors of a share p are 4 sqrt(2 / n) p (1 -
// p), at most 0.022.
TEST(LoadCurve, MakesPausesShorterAndLonger) {
  const LoadCurve curve =
      steps({{at(0), 1}, {at(40), 2}, {at(80), 0.5}, {at(120), 0}, {at(160), 9}});
  const std::vector<double> shares = use_by(neighbor_on(0.3, curve), seconds(40), 5);
  EXPECT_NEAR(shares[0], 0.3, 0.022);
  EXPECT_NEAR(shares[1], 0.6, 0.022);
  EXPECT_NEAR(shares[2], 0.15, 0.022);
  EXPECT_NEAR(shares[3], 0, 0.001);  // the burst that was on when the load went away
  EXPECT_NEAR(shares[4], 1, 0.001);  // more than there is: all the time
}

// Day after day.
TEST(LoadCurve, RepeatsItsDay) {
  const LoadCurve curve = steps({{at(0), 0}, {at(20), 2}}, seconds(40));
  const std::vector<double> shares = use_by(neighbor_on(0.3, curve), seconds(20), 6);
  for (std::size_t day = 0; day < 3; ++day) {
    EXPECT_NEAR(shares[2 * day], 0, 0.001);
    EXPECT_NEAR(shares[2 * day + 1], 0.6, 0.03);
  }
}

// With a load that never comes nothing is ever due.
TEST(LoadCurve, OfNothingNeverBegins) {
  const Blueprint blueprint = neighbor_on(0.3, steps({{at(0), 0}}));
  World world(blueprint, 3, 0);
  EXPECT_EQ(world.events.next_instant(), Instant::never());
}

TEST(LoadCurve, OfOneIsNone) {
  const Blueprint changing = neighbor_on(0.3, steps({{at(0), 1}, {at(5), 1}}));
  Blueprint constant = changing;
  constant.neighbors[NeighborId(0)].curve = nullptr;
  EXPECT_EQ(run_to(changing, seconds(10), 7).machines[kHardware].cpu_used(),
            run_to(constant, seconds(10), 7).machines[kHardware].cpu_used());
}

}  // namespace
}  // namespace cotenant
