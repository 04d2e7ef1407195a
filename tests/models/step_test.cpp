// SPDX-License-Identifier: Apache-2.0
//
// How a run ends: horizon, budgets, cancellation, broken invariants.
#include "models/step.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

// M/M/1 at 80 %: events for ever.
Blueprint endless() {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.poisson(800, builder.request_class(service, {cpu_step(law::Exponential{1e6})}));
  return builder.build();
}

RunOptions for_seconds(std::int64_t s) {
  RunOptions options;
  options.recorder.horizon = Instant() + seconds(s);
  return options;
}

TEST(Budget, OfEventsEndsTheRunAtThatEvent) {
  RunOptions options = for_seconds(1000);
  options.budget.events = 12'345;
  const RunRecord record = run(endless(), options);
  EXPECT_EQ(record.stop, StopReason::event_budget);
  EXPECT_EQ(record.events, 12'345u);
  EXPECT_LT(record.end, Instant() + seconds(1000));
  // What happened until then is counted all the same.
  EXPECT_GT(count_of(record, Outcome::completed), 1000u);
}

TEST(Budget, OfEventsCanEndWithinTheWarmup) {
  RunOptions options = for_seconds(1000);
  options.recorder.warmup = Instant() + seconds(500);
  options.budget.events = 100;
  const RunRecord record = run(endless(), options);
  EXPECT_EQ(record.stop, StopReason::event_budget);
  EXPECT_LT(record.end, record.warmup);
  EXPECT_EQ(count_of(record, Outcome::completed), 0u);
}

// An overloaded server with nobody to turn requests away: they pile up until the memory is spent.
TEST(Budget, OfMemoryEndsARunThatGrows) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.poisson(10'000, builder.request_class(service, {cpu_step(seconds(1))}));
  RunOptions options = for_seconds(100);
  options.budget.memory = Bytes(1 << 20);
  const RunRecord record = run(builder.build(), options);
  EXPECT_EQ(record.stop, StopReason::memory_budget);
  EXPECT_LT(record.end, Instant() + seconds(100));
}

TEST(Budget, ThatIsNotReachedChangesNothing) {
  RunOptions options = for_seconds(20);
  const RunRecord free = run(endless(), options);
  options.budget = {free.events + 1, Bytes(1 << 30)};
  const RunRecord record = run(endless(), options);
  EXPECT_EQ(record.stop, StopReason::horizon_reached);
  EXPECT_EQ(record.fingerprint, free.fingerprint);
}

TEST(Cancel, EndsTheRunSoon) {
  const std::atomic<bool> cancel = true;
  RunOptions options = for_seconds(1'000'000);
  options.cancel = &cancel;
  const RunRecord record = run(endless(), options);
  EXPECT_EQ(record.stop, StopReason::cancelled);
  EXPECT_LE(record.events, 4096u);
}

// A trace whose instants fall breaks the contract of Trace, and the message says where and with
// which seed.
TEST(Bugs, NameTheRun) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(Instant(100), service, {cpu_step(Duration(1))});
  builder.request(Instant(50), service, {cpu_step(Duration(1))});
  RunOptions options = for_seconds(1);
  options.seed = 42;
  options.replication = 3;
  try {
    run(builder.build(), options);
    FAIL() << "the trace goes back in time";
  } catch (const Bug& bug) {
    const std::string what = bug.what();
    for (const char* part :
         {"setup \"test\"", "at 100 ns", "event 1", "seed 42", "replication 3"}) {
      EXPECT_NE(what.find(part), std::string::npos) << part << " is not in: " << what;
    }
  }
}

TEST(Events, AreCounted) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(Instant(0), service, {cpu_step(Duration(10)), wait_step(Duration(5))});
  // An arrival, the end of a burst, the end of a wait.
  EXPECT_EQ(run_to(builder.build(), Duration(100)).events, 3u);
}

}  // namespace
}  // namespace cotenant
