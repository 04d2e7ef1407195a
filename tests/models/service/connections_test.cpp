// SPDX-License-Identifier: Apache-2.0
//
// Connections to a database and who keeps them: the pools of the callers' processes, and a
// pgbouncer. Instants are worked out by hand; every task has a core to itself.
#include "models/service/connections.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr CpuTime kConnect{3'000'000};

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

Duration time_in(const OperationRecord& operation, WaitState state) {
  return operation.times[static_cast<std::size_t>(state)];
}
std::uint64_t calls_that(Outcome outcome, const OperationRecord& operation) {
  return operation.calls.outcomes[static_cast<std::size_t>(outcome)];
}

// A web service of one process with many threads, and a database that it asks.
struct Pooled {
  explicit Pooled(const PostgresOptions& options) : builder(64) {
    web = builder.gthread({.threads = 16, .gil = std::nullopt});
    database = builder.postgres(options);
    read = builder.operation(database, {wait_step(kMs * 10)});
  }

  ClassId at(std::int64_t ms, std::optional<Duration> timeout = std::nullopt) {
    return builder.request(at_ms(ms), web,
                           {builder.call_step({{.operation = read, .timeout = timeout}})});
  }
  RunRecord run() const { return run_to(builder.build(), seconds(60)); }

  BlueprintBuilder builder;
  ServiceId web, database;
  std::uint32_t read;
};

// The second call finds the connection of the first one.
TEST(Pools, AConnectionIsPaidForOnce) {
  for (const bool pooled : {false, true}) {
    Pooled test({.connect = kConnect});
    if (pooled) test.builder.pools(test.web, test.database);
    const ClassId first = test.at(0);
    const ClassId second = test.at(100);
    const RunRecord record = test.run();
    EXPECT_EQ(latency_of(record, first), kMs * 13);
    EXPECT_EQ(latency_of(record, second), pooled ? kMs * 10 : kMs * 13);
  }
}

// One connection and one in overflow: of four calls two wait, in the order in which they came.
TEST(Pools, CallsWaitForAConnectionInTheirOrder) {
  Pooled test({.connect = kConnect});
  test.builder.pools(test.web, test.database, {.size = 1, .overflow = 1});
  std::vector<ClassId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(test.at(i));
  const RunRecord record = test.run();
  EXPECT_EQ(latency_of(record, ids[0]), kMs * 13);  // until 13 ms
  EXPECT_EQ(latency_of(record, ids[1]), kMs * 13);  // until 14 ms
  EXPECT_EQ(latency_of(record, ids[2]), kMs * 21);  // came at 2 ms, until 23 ms
  EXPECT_EQ(latency_of(record, ids[3]), kMs * 21);  // came at 3 ms, until 24 ms
  EXPECT_EQ(time_in(record.operations[0], WaitState::connection_pool), kMs * 22);
}

// Three come back at 13 ms, of which one is kept: of two calls later one has to connect.
TEST(Pools, KeepNoMoreThanTheirSize) {
  Pooled test({.connect = kConnect});
  test.builder.pools(test.web, test.database, {.size = 1, .overflow = 2});
  for (int i = 0; i < 3; ++i) test.at(0);
  const ClassId kept = test.at(100);
  const ClassId opened = test.at(101);
  const RunRecord record = test.run();
  EXPECT_EQ(latency_of(record, kept), kMs * 10);
  EXPECT_EQ(latency_of(record, opened), kMs * 13);
}

// One connection, three calls: the third has waited for 15 ms when the second one still has it.
TEST(Pools, AWaitHasAnEnd) {
  Pooled test({});
  test.builder.pools(test.web, test.database, {.size = 1, .overflow = 0, .timeout = kMs * 15});
  test.at(0);
  const ClassId second = test.at(0);
  const ClassId third = test.at(0);
  const ClassId later = test.at(30);
  const RunRecord record = test.run();
  EXPECT_EQ(latency_of(record, second), kMs * 20);
  EXPECT_TRUE(ended_as(record, third, Outcome::error_500));
  EXPECT_EQ(calls_that(Outcome::timed_out, record.operations[0]), 1u);
  EXPECT_EQ(latency_of(record, later), kMs * 10);  // the place of the third is not lost
}

// It has nothing to give back; the third call is next.
TEST(Pools, WhoGivesUpLeavesTheQueue) {
  Pooled test({});
  test.builder.pools(test.web, test.database, {.size = 1, .overflow = 0});
  test.at(0);
  const ClassId second = test.at(0, kMs * 5);
  const ClassId third = test.at(0);
  const RunRecord record = test.run();
  EXPECT_TRUE(ended_as(record, second, Outcome::error_500));
  EXPECT_EQ(latency_of(record, third), kMs * 20);
}

// A query is given up at 5 ms; its connection cannot be used any more. The next call opens another
// one at once, so that for 5 ms the database has two.
TEST(Pools, AConnectionWithAQueryOnItIsLost) {
  for (const std::uint32_t backends : {1u, 2u}) {
    Pooled test({.backends = backends});
    test.builder.pools(test.web, test.database, {.size = 1, .overflow = 0});
    test.at(0, kMs * 5);
    const ClassId next = test.at(0);
    const ClassId later = test.at(50);
    const RunRecord record = test.run();
    EXPECT_EQ(latency_of(record, next), backends == 2 ? kMs * 15 : Duration(-1));
    EXPECT_EQ(latency_of(record, later), kMs * 10);
  }
}

// Four processes that keep one connection each, and a database that accepts three.
TEST(Pools, AreThoseOfAProcess) {
  BlueprintBuilder builder(64);
  const ServiceId web = builder.service({.workers = 4});
  const ServiceId database = builder.postgres({.backends = 3});
  const std::uint32_t read = builder.operation(database, {wait_step(kMs * 10)});
  builder.pools(web, database, {.size = 1, .overflow = 0});
  std::vector<ClassId> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(builder.request(at_ms(i), web, {builder.call_step({{.operation = read}})}));
  }
  const RunRecord record = run_to(builder.build(), seconds(1));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(latency_of(record, ids[static_cast<std::size_t>(i)]), kMs * 10);
  EXPECT_TRUE(ended_as(record, ids[3], Outcome::error_500));
  EXPECT_EQ(calls_that(Outcome::refused, record.operations[0]), 1u);
}

// Event loops and their threads share the pool of their process.
TEST(Pools, AreSharedByAllThreadsOfAProcess) {
  for (const bool in_thread : {false, true}) {
    BlueprintBuilder builder(64);
    const ServiceId web = builder.event_loop({.threads = 4, .gil = std::nullopt});
    const ServiceId database = builder.postgres({.connect = kConnect});
    const std::uint32_t read = builder.operation(database, {wait_step(kMs * 10)});
    builder.pools(web, database, {.size = 1, .overflow = 0});
    const ClassId first =
        builder.request(at_ms(0), web, {builder.call_step({{.operation = read}})});
    const ClassId second =
        builder.request(at_ms(0), web, {builder.call_step({{.operation = read}})});
    if (in_thread) builder.in_thread(first), builder.in_thread(second);
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(latency_of(record, first), kMs * 13);
    EXPECT_EQ(latency_of(record, second), kMs * 23);
  }
}

// A sync worker whose request takes 5 s is killed after its timeout of 2 s, in the middle of a
// query. The backend finishes that, and the connection ends with the process, so that the only
// place is free again for the next one.
TEST(Pools, EndWithTheirProcess) {
  BlueprintBuilder builder(64);
  ArbiterSpec arbiter;
  arbiter.timeout = seconds(2);
  arbiter.boot = CpuTime(6'000'000);
  const ServiceId web = builder.service({.arbiter = arbiter});
  const ServiceId database = builder.postgres({.backends = 1, .connect = kConnect});
  const std::uint32_t slow = builder.operation(database, {wait_step(seconds(5))});
  const std::uint32_t read = builder.operation(database, {wait_step(kMs * 10)});
  builder.pools(web, database);
  const ClassId quick = builder.request(at_ms(0), web, {builder.call_step({{.operation = read}})});
  const ClassId victim =
      builder.request(at_ms(100), web, {builder.call_step({{.operation = slow}})});
  const ClassId next =
      builder.request(at_ms(9000), web, {builder.call_step({{.operation = read}})});
  const RunRecord record = run_to(builder.build(), seconds(20));
  EXPECT_EQ(latency_of(record, quick), kMs * 13);
  EXPECT_TRUE(ended_as(record, victim, Outcome::reset));
  EXPECT_EQ(latency_of(record, next), kMs * 13);  // a new process has to connect
}

// --- pgbouncer

// Ten callers and two connections to the database, which only the first two have to open. Nobody is
// refused: five rounds of 10 ms.
TEST(PgBouncer, LendsFewConnectionsToMany) {
  Pooled test({.backends = 2, .connect = kConnect, .bouncer_size = 2});
  std::vector<ClassId> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(test.at(0));
  const RunRecord record = test.run();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(latency_of(record, ids[static_cast<std::size_t>(i)]), kMs * (13 + 10 * (i / 2)));
  }
  EXPECT_EQ(time_in(record.operations[0], WaitState::connection_pool),
            kMs * 2 * (13 + 23 + 33 + 43));
}

TEST(PgBouncer, RefusesMoreClientsThanItMayHave) {
  Pooled test({.bouncer_size = 1, .bouncer_clients = 2});
  for (int i = 0; i < 3; ++i) test.at(0);
  const RunRecord record = test.run();
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 2u);
  EXPECT_EQ(calls_that(Outcome::refused, record.operations[0]), 1u);
}

// It disconnects those who have waited for 15 ms: the third one.
TEST(PgBouncer, DisconnectsThoseWhoWaitTooLong) {
  Pooled test({.bouncer_size = 1, .bouncer_timeout = kMs * 15});
  for (int i = 0; i < 3; ++i) test.at(0);
  const RunRecord record = test.run();
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 2u);
  EXPECT_EQ(calls_that(Outcome::reset, record.operations[0]), 1u);
}

// Connections that a pool keeps count for the pgbouncer, not for the database: with two clients
// allowed, a second process of two connections is refused.
TEST(PgBouncer, CountsConnectionsThatPoolsKeep) {
  BlueprintBuilder builder(64);
  const ServiceId web = builder.service({.workers = 3});
  const ServiceId database = builder.postgres({.bouncer_size = 1, .bouncer_clients = 2});
  const std::uint32_t read = builder.operation(database, {wait_step(kMs * 10)});
  builder.pools(web, database, {.size = 1, .overflow = 0});
  std::vector<ClassId> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(builder.request(at_ms(100 * i), web, {builder.call_step({{.operation = read}})}));
  }
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, ids[0], Outcome::completed));
  EXPECT_TRUE(ended_as(record, ids[1], Outcome::completed));
  EXPECT_TRUE(ended_as(record, ids[2], Outcome::error_500));  // the third worker has no connection
  EXPECT_TRUE(ended_as(record, ids[3], Outcome::completed));  // the first one still has its own
}

// A query that was given up keeps its backend until it is done: the next one waits for that.
TEST(PgBouncer, FinishesAQueryThatNobodyWaitsFor) {
  Pooled test({.bouncer_size = 1});
  test.at(0, kMs * 5);
  const ClassId next = test.at(0);
  EXPECT_EQ(latency_of(test.run(), next), kMs * 20);
}

// --- Snapshots

// A copy of the world in the middle of it goes on as the original does.
TEST(Connections, ArePartOfTheWorld) {
  Pooled test({.backends = 3, .connect = kConnect, .bouncer_size = 2});
  test.builder.pools(test.web, test.database, {.size = 1, .overflow = 1, .timeout = kMs * 25});
  for (int i = 0; i < 12; ++i) test.at(3 * i, i % 4 == 0 ? std::optional(kMs * 8) : std::nullopt);
  const Blueprint blueprint = test.builder.build();
  World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), at_ms(1000), 10, {}});
  while (world.events.next_instant() < at_ms(20)) step(world, blueprint, recorder);
  World copy = world;
  EXPECT_EQ(copy.hash(), world.hash());
  while (!world.events.empty()) {
    step(world, blueprint, recorder);
    step(copy, blueprint, recorder);
    ASSERT_EQ(copy.hash(), world.hash());
  }
}

}  // namespace
}  // namespace cotenant
