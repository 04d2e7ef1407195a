// SPDX-License-Identifier: Apache-2.0
//
// A world is a value: copying it is a snapshot, and its hash is its future.
#include "models/world.h"

#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

Blueprint busy() {
  BlueprintBuilder builder(2);
  const GroupId group =
      builder.group(512, Bandwidth{CpuTime(30'000'000), milliseconds(50), CpuTime(0)});
  const ServiceId service = builder.service({.workers = 4, .group = group});
  const ClassId id = builder.request_class(
      service, {cpu_step(law::Exponential{5e6}), wait_step(law::Exponential{5e6})});
  builder.poisson(120, id);
  builder.source(ClosedSource{5, Sampler(law::Exponential{50e6})}, {id});
  builder.client_timeout(milliseconds(80));
  return builder.build();
}

Recorder recorder_for(const Blueprint& blueprint) {
  return Recorder(blueprint, {Instant(), Instant() + seconds(100), 100, {}});
}

void take_steps(World& world, const Blueprint& blueprint, int count) {
  Recorder recorder = recorder_for(blueprint);
  // The recorder has seen no arrivals, so its number in system goes below zero; nobody reads it.
  for (int i = 0; i < count; ++i) step(world, blueprint, recorder);
}

TEST(World, IsTheSameFromTheSameSeed) {
  const Blueprint blueprint = busy();
  World one(blueprint, 7, 0);
  World other(blueprint, 7, 0);
  EXPECT_EQ(one.hash(), other.hash());
  take_steps(one, blueprint, 1000);
  take_steps(other, blueprint, 1000);
  EXPECT_EQ(one.hash(), other.hash());
}

TEST(World, DiffersWithSeedAndReplication) {
  const Blueprint blueprint = busy();
  const World world(blueprint, 7, 0);
  EXPECT_NE(world.hash(), World(blueprint, 8, 0).hash());
  EXPECT_NE(world.hash(), World(blueprint, 7, 1).hash());
}

TEST(World, CopiesGoTheSameWay) {
  const Blueprint blueprint = busy();
  World world(blueprint, 1, 0);
  take_steps(world, blueprint, 500);
  World copy = world;
  take_steps(world, blueprint, 1500);
  take_steps(copy, blueprint, 700);
  take_steps(copy, blueprint, 800);
  EXPECT_EQ(world.hash(), copy.hash());
  EXPECT_EQ(world.events.now(), copy.events.now());
}

TEST(World, HashChangesWithEveryStep) {
  const Blueprint blueprint = busy();
  World world(blueprint, 1, 0);
  std::uint64_t before = world.hash();
  for (int i = 0; i < 200; ++i) {
    take_steps(world, blueprint, 1);
    EXPECT_NE(world.hash(), before) << "step " << i;
    before = world.hash();
  }
}

TEST(AccountSoFar, ExplainsEveryNanosecondAtAnyTime) {
  const Blueprint blueprint = busy();
  World world(blueprint, 1, 0);
  std::uint64_t looked_at = 0;
  for (int i = 0; i < 2000; ++i) {
    take_steps(world, blueprint, 1);
    world.requests.for_each([&](RequestId id, const Request& request) {
      if (request.ended) return;
      Duration sum;
      for (const Duration time : account_so_far(world, id)) sum += time;
      ASSERT_EQ(sum, world.events.now() - request.arrival);
      ++looked_at;
    });
  }
  EXPECT_GT(looked_at, 1000u);
}

// A burst in progress is divided, not put down as a whole: two equal tasks on one core have run
// half of the time and waited half of it.
TEST(AccountSoFar, DividesABurstInProgress) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.workers = 2});
  builder.request(Instant(0), service, {cpu_step(milliseconds(10))});
  builder.request(Instant(0), service, {cpu_step(milliseconds(10))});
  builder.request(Instant(4'000'000), service, {cpu_step(milliseconds(10))});
  const Blueprint blueprint = builder.build();
  World world(blueprint, 1, 0);
  take_steps(world, blueprint, 3);  // three arrivals
  ASSERT_EQ(world.events.now(), Instant(4'000'000));
  const WaitTimes times = account_so_far(world, RequestId(0));
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::cpu)], milliseconds(2));
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::run_queue)], milliseconds(2));
}

}  // namespace
}  // namespace cotenant
