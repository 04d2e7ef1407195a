// SPDX-License-Identifier: Apache-2.0
//
// The services behind an application, each with instants worked out by hand: an API elsewhere, a
// Redis, and the backends and locks of a PostgreSQL. Every task has a core to itself.
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

Duration time_in(const OperationRecord& operation, WaitState state) {
  return operation.times[static_cast<std::size_t>(state)];
}
std::uint64_t calls_that(Outcome outcome, const OperationRecord& operation) {
  return operation.calls.outcomes[static_cast<std::size_t>(outcome)];
}

// Requests that come to a web service with a worker for each, and make one call.
struct Callers {
  Callers() : builder(32) { web = builder.service({.workers = 16}); }

  // Returns its class.
  ClassId at(std::int64_t ms, const CallOptions& call) {
    return builder.request(at_ms(ms), web, {builder.call_step({call})});
  }
  RunRecord run() const { return run_to(builder.build(), seconds(10)); }

  BlueprintBuilder builder;
  ServiceId web;
};

// --- External services

// Ten at once take as long as one, and no CPU.
TEST(External, ServesAnyNumberAtOnce) {
  Callers callers;
  const std::uint32_t charge = callers.builder.operation(
      callers.builder.external(), {wait_step(kMs * 30), sleep_step(kMs * 5)});
  std::vector<ClassId> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(callers.at(0, {.operation = charge}));
  const RunRecord record = callers.run();
  for (const ClassId id : ids) EXPECT_EQ(latency_of(record, id), kMs * 35);
  EXPECT_EQ(time_in(record.operations[0], WaitState::wait), kMs * 350);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(0));
}

// Two of three that come together; the place is free again when the first has its reply.
TEST(External, TurnsAwayMoreThanItServesAtOnce) {
  Callers callers;
  const std::uint32_t charge = callers.builder.operation(
      callers.builder.external({.limit_concurrency = 2}), {wait_step(kMs * 10)});
  const ClassId first = callers.at(0, {.operation = charge});
  const ClassId second = callers.at(0, {.operation = charge});
  const ClassId third = callers.at(0, {.operation = charge});
  const ClassId later = callers.at(11, {.operation = charge});
  const RunRecord record = callers.run();
  EXPECT_TRUE(ended_as(record, first, Outcome::completed));
  EXPECT_TRUE(ended_as(record, second, Outcome::completed));
  EXPECT_TRUE(ended_as(record, third, Outcome::error_500));
  EXPECT_TRUE(ended_as(record, later, Outcome::completed));
  EXPECT_EQ(calls_that(Outcome::rejected_503, record.operations[0]), 1u);
}

// Two tokens at first and one each 10 ms: of three at 0 ms the last has none; at 9 ms there still
// is none, at 10 ms one, and after a long pause two again.
TEST(External, AnswersRequestsThatComeTooFast) {
  Callers callers;
  const std::uint32_t charge = callers.builder.operation(
      callers.builder.external({.rate_limit = TokenBucket(kMs * 10, 2)}), {wait_step(kMs * 1)});
  const std::vector<std::pair<int, bool>> expected = {{0, true},   {0, true},   {0, false},
                                                      {9, false},  {10, true},  {11, false},
                                                      {500, true}, {500, true}, {500, false}};
  std::vector<ClassId> ids;
  for (const auto& [ms, served] : expected) ids.push_back(callers.at(ms, {.operation = charge}));
  const RunRecord record = callers.run();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Outcome outcome = expected[i].second ? Outcome::completed : Outcome::error_500;
    EXPECT_TRUE(ended_as(record, ids[i], outcome)) << i;
  }
  EXPECT_EQ(calls_that(Outcome::rejected_429, record.operations[0]), 4u);
}

// The second attempt comes when there is a token.
TEST(External, CanBeAskedAgainAfterA429) {
  Callers callers;
  const std::uint32_t charge = callers.builder.operation(
      callers.builder.external({.rate_limit = TokenBucket(kMs * 10, 1)}), {wait_step(kMs * 1)});
  RetrySpec retries = retries_after(kMs * 12, 1);
  retries.on = {};
  retries.on[static_cast<std::size_t>(Outcome::rejected_429)] = true;
  callers.at(0, {.operation = charge});
  const ClassId id = callers.at(0, {.operation = charge, .retries = retries});
  EXPECT_EQ(latency_of(callers.run(), id), kMs * 13);
}

// The first call is given up at 5 ms and goes on until 20 ms, in the place of a third one.
TEST(External, GoesOnWithWhatNobodyWaitsFor) {
  Callers callers;
  const std::uint32_t charge = callers.builder.operation(
      callers.builder.external({.limit_concurrency = 1}), {wait_step(kMs * 20)});
  const ClassId first = callers.at(0, {.operation = charge, .timeout = kMs * 5});
  const ClassId second = callers.at(19, {.operation = charge});
  const ClassId third = callers.at(21, {.operation = charge});
  const RunRecord record = callers.run();
  EXPECT_TRUE(ended_as(record, first, Outcome::error_500));
  EXPECT_TRUE(ended_as(record, second, Outcome::error_500));
  EXPECT_TRUE(ended_as(record, third, Outcome::completed));
}

// --- Redis

// Commands of 2 ms that come at 0, 0 and 1 ms take 2, 4 and 5 ms, whatever else there are cores
// for.
TEST(Redis, ExecutesOneCommandAfterTheOther) {
  Callers callers;
  const std::uint32_t get =
      callers.builder.operation(callers.builder.redis(), {cpu_step(kMs * 1), cpu_step(kMs * 1)});
  const ClassId first = callers.at(0, {.operation = get});
  const ClassId second = callers.at(0, {.operation = get});
  const ClassId third = callers.at(1, {.operation = get});
  const RunRecord record = callers.run();
  EXPECT_EQ(latency_of(record, first), kMs * 2);
  EXPECT_EQ(latency_of(record, second), kMs * 4);
  EXPECT_EQ(latency_of(record, third), kMs * 5);
  EXPECT_EQ(time_in(record.operations[0], WaitState::event_loop), kMs * 5);
}

// KEYS of 50 ms keeps a GET of nothing waiting, and so does a write that waits for the disk.
TEST(Redis, ASlowCommandHoldsUpAllOthers) {
  for (const StepSpec& slow : {cpu_step(kMs * 50), wait_step(kMs * 50)}) {
    Callers callers;
    const ServiceId redis = callers.builder.redis();
    const std::uint32_t keys = callers.builder.operation(redis, {slow});
    const std::uint32_t get = callers.builder.operation(redis, {cpu_step(kMs * 0)});
    callers.at(0, {.operation = keys});
    const ClassId id = callers.at(10, {.operation = get});
    EXPECT_EQ(latency_of(callers.run(), id), kMs * 40);
  }
}

// One command is executed and one waits.
TEST(Redis, RefusesMoreThanItsClients) {
  Callers callers;
  const std::uint32_t get =
      callers.builder.operation(callers.builder.redis(2), {cpu_step(kMs * 2)});
  for (int i = 0; i < 3; ++i) callers.at(0, {.operation = get});
  const RunRecord record = callers.run();
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 2u);
  EXPECT_EQ(calls_that(Outcome::refused, record.operations[0]), 1u);
}

// --- The backends of a PostgreSQL

// Each call has a backend of its own, which needs 3 ms before it can execute 5 ms.
TEST(Postgres, StartsABackendForEachConnection) {
  Callers callers;
  const std::uint32_t read = callers.builder.operation(
      callers.builder.postgres({.connect = CpuTime(3'000'000)}), {cpu_step(kMs * 5)});
  std::vector<ClassId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(callers.at(0, {.operation = read}));
  const RunRecord record = callers.run();
  for (const ClassId id : ids) EXPECT_EQ(latency_of(record, id), kMs * 8);
  EXPECT_EQ(time_in(record.operations[0], WaitState::server_cpu), kMs * 12);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(32'000'000));
}

// Two connections: a third call fails at once instead of waiting, and one that comes when the first
// two have closed theirs succeeds.
TEST(Postgres, RefusesMoreConnectionsThanItMayHave) {
  Callers callers;
  const std::uint32_t read =
      callers.builder.operation(callers.builder.postgres({.backends = 2}), {wait_step(kMs * 10)});
  const ClassId first = callers.at(0, {.operation = read});
  const ClassId second = callers.at(0, {.operation = read});
  const ClassId third = callers.at(5, {.operation = read});
  const ClassId fourth = callers.at(10, {.operation = read});
  const RunRecord record = callers.run();
  EXPECT_TRUE(ended_as(record, first, Outcome::completed));
  EXPECT_TRUE(ended_as(record, second, Outcome::completed));
  EXPECT_TRUE(ended_as(record, third, Outcome::error_500));
  EXPECT_TRUE(ended_as(record, fourth, Outcome::completed));
  EXPECT_EQ(calls_that(Outcome::refused, record.operations[0]), 1u);
}

// The caller gives up at 5 ms and closes its connection. The backend notices when it has executed
// the query, at 20 ms; until then its connection counts.
TEST(Postgres, ABackendFinishesAQueryThatNobodyWaitsFor) {
  Callers callers;
  const std::uint32_t read =
      callers.builder.operation(callers.builder.postgres({.backends = 1}), {cpu_step(kMs * 20)});
  callers.at(0, {.operation = read, .timeout = kMs * 5});
  const ClassId second = callers.at(19, {.operation = read});
  const ClassId third = callers.at(21, {.operation = read});
  const RunRecord record = callers.run();
  EXPECT_TRUE(ended_as(record, second, Outcome::error_500));
  EXPECT_TRUE(ended_as(record, third, Outcome::completed));
}

// --- Locks

// Three transactions of 10 ms on one row take turns in the order in which they came, reads of the
// same table do not.
TEST(Locks, AreHeldByOneAfterTheOther) {
  Callers callers;
  const ServiceId database = callers.builder.postgres();
  const std::uint32_t write = callers.builder.operation(database, {wait_step(kMs * 10)});
  const std::uint32_t read = callers.builder.operation(database, {wait_step(kMs * 10)});
  callers.builder.lock(write, callers.builder.lock_of(database));
  const ClassId first = callers.at(0, {.operation = write});
  const ClassId second = callers.at(2, {.operation = write});
  const ClassId third = callers.at(4, {.operation = write});
  const ClassId reader = callers.at(4, {.operation = read});
  const RunRecord record = callers.run();
  EXPECT_EQ(latency_of(record, first), kMs * 10);
  EXPECT_EQ(latency_of(record, second), kMs * 18);
  EXPECT_EQ(latency_of(record, third), kMs * 26);
  EXPECT_EQ(latency_of(record, reader), kMs * 10);
  EXPECT_EQ(time_in(record.operations[0], WaitState::lock), kMs * 24);
}

// Of different names they have nothing to do with each other, of the same name operations share it.
TEST(Locks, AreSharedByOperationsThatNameThem) {
  for (const bool shared : {false, true}) {
    Callers callers;
    const ServiceId database = callers.builder.postgres();
    const std::uint32_t write = callers.builder.operation(database, {wait_step(kMs * 10)});
    const std::uint32_t erase = callers.builder.operation(database, {wait_step(kMs * 10)});
    const LockId lock = callers.builder.lock_of(database);
    callers.builder.lock(write, lock);
    callers.builder.lock(erase, shared ? lock : callers.builder.lock_of(database));
    callers.at(0, {.operation = write});
    const ClassId id = callers.at(0, {.operation = erase});
    EXPECT_EQ(latency_of(callers.run(), id), shared ? kMs * 20 : kMs * 10);
  }
}

// The second one is given up at 5 ms, while it waits. Its turn comes all the same, at 10 ms, so
// that the third one has to wait for 20 ms.
TEST(Locks, ArePassedOnToTransactionsThatNobodyWaitsFor) {
  Callers callers;
  const ServiceId database = callers.builder.postgres();
  const std::uint32_t write = callers.builder.operation(database, {cpu_step(kMs * 10)});
  callers.builder.lock(write, callers.builder.lock_of(database));
  callers.at(0, {.operation = write});
  callers.at(0, {.operation = write, .timeout = kMs * 5});
  const ClassId third = callers.at(0, {.operation = write});
  EXPECT_EQ(latency_of(callers.run(), third), kMs * 30);
}

}  // namespace
}  // namespace cotenant
