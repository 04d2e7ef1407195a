// SPDX-License-Identifier: Apache-2.0
//
// Databases that the kernel kills for lack of memory, from the text of a scenario on: who sees
// what, for how long, and that everything goes on afterwards.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

constexpr ServiceId kStore{1};

// Pages that call the store, on a machine of 100 MiB. Nothing takes CPU unless it says so.
struct Case {
  std::string arrivals, operation, store;
  Duration horizon;
  std::string web = R"("server": "gunicorn-sync", "workers": 20)";
  std::string machine = R"("machine": {"cores": 2, "scheduler": "fluid", "memory": "100MiB"})";
  std::string placement = "";
};

RunRecord record_of(const Case& run) {
  const std::string text =
      R"({"format": 1, "name": "killed", "workload": {"requests": {"page": {"service": "web",
          "arrivals": {)" +
      run.arrivals + R"(}, "steps": [{"call": "store.ask"}]}}},
      "application": {
          "web": {)" +
      run.web + R"(, "overhead": "none"},
          "store": {)" +
      run.store + R"(, "operations": {"ask": {)" + run.operation + R"(}}}},
      "setups": {"one": {)" +
      run.machine + R"(, "services": {"store": {)" + run.placement + R"(}}}}})";
  return run_text(text, run.horizon);
}

std::uint64_t count_in(const ClassRecord& record, Outcome outcome) {
  return record.outcomes[static_cast<std::size_t>(outcome)];
}
std::uint64_t pages(const RunRecord& record, Outcome outcome) {
  return count_in(record.classes[ClassId(0)], outcome);
}
std::uint64_t calls(const RunRecord& record, Outcome outcome) {
  return count_in(record.operations[0].calls, outcome);
}

// --- Redis: 20 MiB, and 1 MiB more with each command. There is room for 80 of them.

const Case kGrowing = {.arrivals = R"("kind": "constant", "rate": "10/s")",
                       .operation = R"("steps": [{"leak": "1MiB"}])",
                       .store = R"("server": "redis", "memory": {"base": "20MiB"})",
                       .horizon = seconds(16)};

TEST(KilledRedis, IsAwayForGoodIfNobodyStartsIt) {
  const RunRecord record = record_of(kGrowing);
  ASSERT_TRUE(record.first_oom_kill);
  EXPECT_EQ(record.first_oom_kill->victim, kStore);
  EXPECT_EQ(record.services[kStore].oom_kills, 1u);
  EXPECT_EQ(record.services[kStore].outages, 1u);
  EXPECT_EQ(calls(record, Outcome::completed), 80u);
  EXPECT_EQ(calls(record, Outcome::oom_killed), 1u);
  EXPECT_NEAR(static_cast<double>(calls(record, Outcome::refused)), 79, 1);  // until the end
  EXPECT_NEAR(in_seconds(record.services[kStore].down), 16 - 8.1, 0.11);
}

// Docker starts a container after 0.1 s, which takes 0.57 s: six or seven calls are refused.
TEST(KilledRedis, IsStartedAgainAndIsEmpty) {
  Case run = kGrowing;
  run.placement = R"("restart": {"preset": "docker"})";
  const RunRecord record = record_of(run);
  EXPECT_EQ(record.services[kStore].outages, 1u);
  EXPECT_EQ(calls(record, Outcome::oom_killed), 1u);
  EXPECT_NEAR(static_cast<double>(calls(record, Outcome::refused)), 6.5, 1);
  EXPECT_EQ(record.services[kStore].down, milliseconds(670));
  EXPECT_GT(calls(record, Outcome::completed), 150u);  // 80 before it, and room for 80 after it
}

TEST(KilledRedis, TakesItsQueueAlong) {
  const RunRecord record = record_of(
      {.arrivals = R"("kind": "schedule", "first": "1s", "every": "1h", "batch": {"size": 10})",
       .operation = R"("steps": [{"cpu": "10ms"}, {"leak": "40MiB"}])",
       .store = R"("server": "redis", "memory": {"base": "10MiB"})",
       .horizon = seconds(2)});
  EXPECT_EQ(calls(record, Outcome::completed), 2u);
  EXPECT_EQ(calls(record, Outcome::oom_killed), 8u);
}

// --- PostgreSQL: 30 MiB for each backend, so the fourth has no room. Queries take 100 ms.

const Case kFourAtOnce = {
    .arrivals = R"("kind": "schedule", "first": "1s", "every": "4s", "batch": {"size": 4})",
    .operation = R"("steps": [{"wait": "100ms"}])",
    .store = R"("server": "postgres", "connect": "0s", "recovery": "2s",
                "memory": {"base": "30MiB"})",
    .horizon = seconds(10)};

TEST(KilledBackend, EndsAllOthersAndNobodyConnectsUntilTheLogIsReplayed) {
  const RunRecord record = record_of(kFourAtOnce);  // at 1, 5 and 9 s
  EXPECT_EQ(record.services[kStore].outages, 3u);
  EXPECT_EQ(record.services[kStore].oom_kills, 3u);
  EXPECT_EQ(calls(record, Outcome::oom_killed), 12u);
  EXPECT_EQ(pages(record, Outcome::error_500), 12u);
  EXPECT_EQ(record.services[kStore].down, seconds(5));  // the third lasts until the end
  Case fewer = kFourAtOnce;
  fewer.arrivals = R"("kind": "schedule", "first": "1s", "every": "4s", "batch": {"size": 3})";
  EXPECT_EQ(calls(record_of(fewer), Outcome::completed), 9u);
}

TEST(KilledBackend, RefusesWhoeverConnectsMeanwhile) {
  Case run = kFourAtOnce;
  run.arrivals = R"("kind": "schedule", "first": "1s", "every": "1s", "batch": {"size": 4})";
  const RunRecord record = record_of(run);
  EXPECT_EQ(calls(record, Outcome::oom_killed) % 4, 0u);
  EXPECT_GE(calls(record, Outcome::refused), 4u);
  EXPECT_EQ(calls(record, Outcome::oom_killed) + calls(record, Outcome::refused), 36u);
}

// It goes down again and again, and is as well as before each time: nobody waits for ever.
void expect_recovery(const RunRecord& record) {
  EXPECT_GT(record.services[kStore].outages, 3u);
  EXPECT_GT(calls(record, Outcome::completed), 100u);
  EXPECT_LT(pages(record, Outcome::censored), 5u);
}

// Whoever had a lock, or waited for it, has left nothing behind that would hold up others.
TEST(KilledBackend, LetsGoOfItsLocks) {
  Case run = kFourAtOnce;
  run.arrivals = R"("kind": "poisson", "rate": "8/s")";
  run.operation = R"("lock": "row", "steps": [{"wait": "100ms"}])";
  run.horizon = seconds(200);
  expect_recovery(record_of(run));
}

// Threads of one process share a pool: it loses its idle connections with the database, and opens
// others.
TEST(KilledBackend, TakesTheConnectionsOfPoolsAlong) {
  Case run = kFourAtOnce;
  run.web = R"("server": "gunicorn-gthread", "workers": 1, "threads": 20, "pools": {"store": {}})";
  run.arrivals = R"("kind": "poisson", "rate": "8/s")";
  run.horizon = seconds(200);
  const RunRecord record = record_of(run);
  expect_recovery(record);
  EXPECT_GT(calls(record, Outcome::refused), 10u);
}

// On another computer: queries that are on their way over a connection of the pool find it closed.
TEST(KilledBackend, ResetsWhatIsOnItsWay) {
  Case run = kFourAtOnce;
  run.web = R"("server": "gunicorn-gthread", "workers": 1, "threads": 20, "pools": {"store": {}})";
  run.arrivals = R"("kind": "poisson", "rate": "8/s")";
  run.horizon = seconds(400);
  run.machine = R"("network_rtt": "50ms", "machine": {"cores": 2, "scheduler": "fluid"},
      "nodes": {"far": {"machine": {"cores": 2, "scheduler": "fluid", "memory": "100MiB"}}})";
  run.placement = R"("node": "far")";
  const RunRecord record = record_of(run);
  expect_recovery(record);
  EXPECT_GT(calls(record, Outcome::reset), 0u);
}

// It keeps its clients, and has connections for them again after the recovery.
TEST(KilledBackend, IsHiddenByNoPgbouncer) {
  Case run = kFourAtOnce;
  run.store = R"("server": "postgres", "connect": "0s", "recovery": "2s",
                 "memory": {"base": "30MiB"}, "pgbouncer": {"pool_size": 4})";
  run.arrivals = R"("kind": "poisson", "rate": "15/s")";
  run.horizon = seconds(200);
  const RunRecord record = record_of(run);
  expect_recovery(record);
  EXPECT_GT(calls(record, Outcome::refused), 10u);
  run.store = R"("server": "postgres", "connect": "0s", "recovery": "2s",
                 "memory": {"base": "30MiB"}, "pgbouncer": {"pool_size": 3})";
  EXPECT_EQ(record_of(run).services[kStore].outages, 0u);  // which is the cure
}

// With its main process somebody has to start it again, before it recovers.
TEST(KilledBackend, DiesWithItsGroup) {
  Case run = kFourAtOnce;
  run.arrivals = R"("kind": "schedule", "first": "1s", "every": "1h", "batch": {"size": 4})";
  run.machine = R"("machine": {"cores": 2, "scheduler": "fluid", "memory": "1GiB"},
      "groups": {"box": {"memory_max": "100MiB", "oom_group": true}})";
  run.placement = R"("group": "box", "restart": {"preset": "docker"})";
  const RunRecord record = record_of(run);
  EXPECT_EQ(record.services[kStore].outages, 1u);
  EXPECT_EQ(record.services[kStore].down, milliseconds(2'670));
}

}  // namespace
}  // namespace cotenant
