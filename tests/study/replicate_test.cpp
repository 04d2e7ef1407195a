// SPDX-License-Identifier: Apache-2.0
//
// Runs on several threads: the same results for any number of them, and clean ends.
#include "study/replicate.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "study/warmup.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

Blueprint server(std::uint32_t cores) {
  BlueprintBuilder builder(cores);
  const ServiceId service = builder.service({.workers = 3});
  builder.poisson(100, builder.request_class(service, {cpu_step(law::Exponential{8e6})}));
  return builder.build();
}

RunOptions options_for(Duration duration) {
  RunOptions options;
  options.recorder = {Instant(), Instant() + duration, 100, {true, true, true, true}};
  return options;
}

TEST(Replicate, GivesTheSameForAnyNumberOfThreads) {
  const std::vector<Blueprint> blueprints = {server(1), server(2)};
  std::vector<std::uint64_t> expected;
  for (std::uint64_t r = 0; r < 5; ++r) {
    for (const Blueprint& blueprint : blueprints) {
      RunOptions options = options_for(seconds(2));
      options.replication = 10 + r;
      expected.push_back(run(blueprint, options).fingerprint);
    }
  }
  for (const unsigned jobs : {0u, 1u, 2u, 3u, 16u}) {
    const auto records = replicate({blueprints, options_for(seconds(2)), 10, 5, jobs, {}});
    std::vector<std::uint64_t> fingerprints;
    for (const auto& record : records) fingerprints.push_back(record->fingerprint);
    EXPECT_EQ(fingerprints, expected) << jobs;
  }
}

TEST(Replicate, OfNothingIsNothing) {
  const std::vector<Blueprint> blueprints = {server(1)};
  EXPECT_TRUE(replicate({blueprints, options_for(seconds(1)), 0, 0, 2, {}}).empty());
}

TEST(Replicate, TellsOfEveryRunOnTheCallingThread) {
  const std::vector<Blueprint> blueprints = {server(1), server(2)};
  const std::thread::id here = std::this_thread::get_id();
  int calls = 0;
  bool elsewhere = false;
  replicate({blueprints, options_for(milliseconds(200)), 0, 7, 3, [&] {
               ++calls;
               elsewhere |= std::this_thread::get_id() != here;
             }});
  EXPECT_EQ(calls, 14);
  EXPECT_FALSE(elsewhere);
}

TEST(Replicate, StartsNothingOnceCancelled) {
  const std::vector<Blueprint> blueprints = {server(1)};
  const std::atomic<bool> cancel = true;
  RunOptions options = options_for(seconds(1));
  options.cancel = &cancel;
  for (const auto& record : replicate({blueprints, options, 0, 10, 2, {}})) {
    EXPECT_FALSE(record.has_value());
  }
}

// The third run to end stops the rest: what is done stays, the rest was cut or never started.
TEST(Replicate, StopsWhenCancelledOnTheWay) {
  const std::vector<Blueprint> blueprints = {server(1)};
  std::atomic<bool> cancel = false;
  RunOptions options = options_for(seconds(50));
  options.cancel = &cancel;
  int calls = 0;
  const auto records = replicate({blueprints, options, 0, 50, 2, [&] {
                                    if (++calls == 3) cancel = true;
                                  }});
  std::size_t whole = 0;
  std::size_t missing = 0;
  for (const auto& record : records) {
    if (!record)
      ++missing;
    else if (record->stop == StopReason::horizon_reached)
      ++whole;
  }
  EXPECT_GE(whole, 3u);
  EXPECT_GT(missing, 0u);
}

TEST(Replicate, RethrowsABugOfAnyRun) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  // A recording that goes back in time: replay trusts that compile() has sorted it.
  builder.request(Instant(100), service, {cpu_step(Duration(1))});
  builder.request(Instant(50), service, {cpu_step(Duration(1))});
  const std::vector<Blueprint> blueprints = {server(1), builder.build()};
  for (const unsigned jobs : {1u, 3u}) {
    EXPECT_THROW(replicate({blueprints, options_for(milliseconds(100)), 0, 4, jobs, {}}), Bug);
  }
}

// What is not random has nothing to repeat, but its warm-up is looked for as well.
TEST(Replicate, OfADeterministicSetupThereIsOneReplicationAndOnePilot) {
  BlueprintBuilder builder(1);
  const ServiceId service = builder.service({.workers = 1});
  builder.request(Instant(), service, {cpu_step(law::Constant{1e6})});
  const Blueprint fixed = builder.build();
  ASSERT_FALSE(fixed.is_random());
  EXPECT_TRUE(has_replication(fixed, 0));
  EXPECT_FALSE(has_replication(fixed, 1));
  EXPECT_TRUE(has_replication(fixed, kFirstPilot));
  EXPECT_FALSE(has_replication(fixed, kFirstPilot + 1));
  EXPECT_TRUE(has_replication(server(1), kFirstPilot + 1));
}

}  // namespace
}  // namespace cotenant
