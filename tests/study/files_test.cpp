// SPDX-License-Identifier: Apache-2.0
//
// Steps that use files: who is blocked by them in servers of all kinds, for how long, and where the
// time is booked. Servers cost nothing here, and IOs take constant times.
#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/step.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"

namespace cotenant {
namespace {

// Reads take 20 ms, writes 8 ms, a flush 3 ms more, and one IO after the other.
const std::string kDisk = R"("kind": "network", "queue_depth": 1, "read_latency": "20ms",
                             "write_latency": "8ms", "flush": "3ms")";

struct Case {
  std::string steps;
  std::string web = R"("server": "gunicorn-sync", "workers": 1)";
  std::string arrivals = R"("kind": "schedule", "first": "1s")";
  std::string disk = kDisk;
  std::string group = "";
  std::string others = "";  // services
};

Blueprint blueprint_of(const Case& test) {
  const std::string text =
      R"({"format": 1, "name": "files", "workload": {"requests": {
          "file": {"service": "web", "arrivals": {)" +
      test.arrivals + R"(}, "steps": [)" + test.steps + R"(]},
          "quick": {"service": "web", "arrivals": {"kind": "schedule", "first": "1005ms"},
                    "steps": [{"cpu": "1ms"}]}}},
      "application": {"web": {)" +
      test.web + R"(, "overhead": "none"})" + test.others + R"(},
      "setups": {"one": {"machine": {"cores": 2, "scheduler": "fluid", "disk": {)" +
      test.disk + R"(}}, "groups": {"limited": {)" + test.group +
      R"(}}, "services": {"web": {"group": "limited"}}}}})";
  const Checked<Scenario> scenario = decode(text);
  if (!scenario.ok()) throw std::runtime_error(render(scenario.diagnostics(), "test"));
  return compile(*scenario, ".")->front();
}

RunRecord run_of(const Case& test) {
  RunOptions options;
  options.recorder.horizon = Instant() + seconds(60);
  options.recorder.log_requests = true;
  return run(blueprint_of(test), options);
}

// Of the requests of a source, in the order of their ends; threads begin a few nanoseconds late.
std::vector<std::int64_t> latencies_ms(const RunRecord& record, std::uint32_t source) {
  std::vector<std::int64_t> latencies;
  for (const LoggedRequest& each : record.requests) {
    if (each.source != SourceId(source)) continue;
    latencies.push_back(((each.end - each.arrival).count() + 500'000) / 1'000'000);
  }
  return latencies;
}
std::int64_t file_ms(const Case& test) { return latencies_ms(run_of(test), 0).at(0); }
std::int64_t quick_ms(const Case& test) { return latencies_ms(run_of(test), 1).at(0); }

std::int64_t spent_ms(const RunRecord& record, WaitState state) {
  const Duration time = record.attribution.total().times[static_cast<std::size_t>(state)];
  return (time.count() + 500'000) / 1'000'000;
}

const DiskUsage& disk_of(const RunRecord& record) { return record.machines[kHardware].disk; }

Case with(std::string web, std::string steps = R"({"read": "16KiB"})") {
  Case test{std::move(steps)};
  test.web = std::move(web);
  return test;
}

const std::vector<std::string> kOneAtATime = {
    R"("server": "gunicorn-sync", "workers": 1)", R"("server": "uwsgi", "workers": 1)",
    R"("server": "passenger", "workers": 1)",
    // The loop is blocked: there is no asynchronous way to use a file.
    R"("server": "uvicorn", "workers": 1)", R"("server": "hypercorn", "workers": 1)",
    R"("server": "gunicorn-gevent", "workers": 1)"};

TEST(Files, HoldTheirWorkerOrBlockItsLoop) {
  for (const std::string& web : kOneAtATime) {
    EXPECT_EQ(file_ms(with(web)), 20) << web;
    EXPECT_EQ(quick_ms(with(web)), 20 - 5 + 1) << web;
    const RunRecord record = run_of(with(web));
    EXPECT_EQ(spent_ms(record, WaitState::disk_service), 20) << web;
  }
}

// The lock is free while the thread waits for the disk.
TEST(Files, LetOtherThreadsRun) {
  for (const std::string web : {R"("server": "gunicorn-gthread", "workers": 1, "threads": 2)",
                                R"("server": "uwsgi", "workers": 1, "threads": 2)",
                                R"("server": "mod-wsgi", "workers": 1, "threads": 2)"}) {
    EXPECT_EQ(file_ms(with(web)), 20) << web;
    EXPECT_EQ(quick_ms(with(web)), 1) << web;
  }
}

TEST(Files, OfSyncHandlersBlockAThreadAndNotTheLoop) {
  Case test = with(R"("server": "uvicorn", "workers": 1, "thread_pool": 2)");
  test.arrivals += R"(}, "handler": "sync", "response_body": {"law": "constant", "value": "0B")";
  EXPECT_EQ(file_ms(test), 20);
  EXPECT_EQ(quick_ms(test), 1);
}

TEST(Files, ThatThePageCacheHasTakeNoTime) {
  EXPECT_EQ(file_ms({R"({"read": "16KiB", "cache_hit": 1}, {"cpu": "2ms"})"}), 2);
  Case half{R"({"read": "16KiB", "cache_hit": 0.5})"};
  half.arrivals = R"("kind": "constant", "rate": "20/s")";
  const RunRecord record = run_of(half);
  EXPECT_NEAR(static_cast<double>(disk_of(record).ios.read), 600, 75);
}

// 128 KiB are read ahead; what is read directly goes in IOs of 1 MiB.
TEST(Files, AreReadInPieces) {
  EXPECT_EQ(file_ms({R"({"read": "300KiB"})"}), 3 * 20);
  EXPECT_EQ(file_ms({R"({"read": "3MiB", "direct": true})"}), 3 * 20);
  EXPECT_EQ(file_ms({R"({"write": "2MiB", "direct": true})"}), 2 * 8);
}

TEST(Files, AreOnTheDiskAfterFsync) {
  EXPECT_EQ(file_ms({R"({"fsync": "8KiB"})"}), 8 + 3);
  EXPECT_EQ(file_ms({R"({"fsync": "0B"})"}), 3);
}

// The data, the transaction, and the block that commits it.
TEST(Files, ThatGrowNeedTheJournal) {
  const Case test{R"({"log": "1KiB", "sync": true})"};
  EXPECT_EQ(file_ms(test), 8 + 8 + 8 + 3);
  EXPECT_EQ(disk_of(run_of(test)).ios.write, 3u);
  EXPECT_EQ(file_ms({R"({"log": "1KiB"}, {"cpu": "1ms"})"}), 1);
}

// Five write their data one after the other, the first commits, the others join the next one.
TEST(Files, ShareTheCommitsOfTheJournal) {
  Case test{R"({"log": "1KiB", "sync": true})"};
  test.web = R"("server": "gunicorn-sync", "workers": 8)";
  test.arrivals = R"("kind": "schedule", "first": "1s", "batch": {"size": 5})";
  test.disk = R"("kind": "network", "queue_depth": 8, "write_latency": "8ms", "flush": "3ms")";
  const RunRecord record = run_of(test);
  EXPECT_EQ(latencies_ms(record, 0), (std::vector<std::int64_t>{27, 46, 46, 46, 46}));
  EXPECT_EQ(disk_of(record).ios.write, 5u + 2 * 2);
  EXPECT_EQ(spent_ms(record, WaitState::disk_queue), 4 * 19);
}

// The limit is of the group; the journal is in none.
TEST(Files, OfAGroupAreHeldBackByItsLimits) {
  Case test{R"({"write": "64KiB", "direct": true})"};
  test.group = R"("write_iops": 10)";
  test.web = R"("server": "gunicorn-sync", "workers": 4)";
  test.arrivals = R"("kind": "schedule", "first": "1s", "batch": {"size": 4})";
  const RunRecord record = run_of(test);
  const auto latencies = latencies_ms(record, 0);
  EXPECT_EQ(latencies[0], 8);
  EXPECT_GE(latencies[1], 100);
  EXPECT_GE(latencies[3], 300);
  EXPECT_GT(spent_ms(record, WaitState::disk_throttled), 500);

  Case log{R"({"log": "1KiB", "sync": true})"};
  log.group = R"("write_iops": 10)";
  EXPECT_EQ(file_ms(log), 8 + 8 + 8 + 3);
}

TEST(Files, WaitForOthersAtTheDisk) {
  Case test{R"({"read": "16KiB"})"};
  test.web = R"("server": "gunicorn-sync", "workers": 3)";
  test.arrivals = R"("kind": "schedule", "first": "1s", "batch": {"size": 3})";
  const RunRecord record = run_of(test);
  EXPECT_EQ(latencies_ms(record, 0), (std::vector<std::int64_t>{20, 40, 60}));
  EXPECT_EQ(spent_ms(record, WaitState::disk_queue), 20 + 40);
  EXPECT_EQ(disk_of(record).busy, milliseconds(60));
}

TEST(Files, OfDatabasesAndTasksBlockWhoUsesThem) {
  Case test{R"({"call": "db.write"})"};
  test.others = R"(, "db": {"server": "postgres", "connect": "0s", "operations": {
      "write": {"steps": [{"cpu": "1ms"}, {"fsync": "8KiB"}]}}})";
  EXPECT_EQ(file_ms(test), 1 + 8 + 3);
  test.others = R"(, "db": {"server": "redis", "operations": {
      "write": {"steps": [{"cpu": "1ms"}, {"fsync": "8KiB"}]}}})";
  EXPECT_EQ(file_ms(test), 1 + 8 + 3);

  Case task{R"({"send": "db.write"})"};
  for (const std::string broker : {R"("server": "celery", "concurrency": 1)",
                                   R"("server": "poller", "workers": 1, "visit_cpu": "0s",
                                      "visit": "1ms", "pause": "1ms")"}) {
    task.others = R"(, "db": {)" + broker + R"(, "operations": {
        "write": {"steps": [{"read": "16KiB"}]}}})";
    EXPECT_EQ(disk_of(run_of(task)).ios.read, 1u) << broker;
  }
}

// Killed while it waits: the disk does what it was asked for, and nobody hears of it.
TEST(Files, OfAKilledWorkerAreForgotten) {
  Case test{R"({"read": "16KiB"})"};
  test.web = R"("server": "gunicorn-sync", "workers": 1, "timeout": "2s", "preload": true)";
  test.disk = R"("kind": "network", "queue_depth": 1, "read_latency": "7s")";
  const RunRecord record = run_of(test);
  EXPECT_EQ(record.classes[ClassId(0)].outcomes[static_cast<std::size_t>(Outcome::reset)], 1u);
  EXPECT_EQ(disk_of(record).ios.read, 1u);
  EXPECT_EQ(record.services[ServiceId(0)].timeouts, 1u);
}

// --- Buffered writes

// 4 MiB/s is written, 20 MiB/s are dirtied: after half of what may be dirty who writes is slowed
// down to what the disk does.
TEST(BufferedWrites, AreAsFastAsMemoryUntilThereIsTooMuchOfThem) {
  Case test{R"({"write": "1MiB"})"};
  test.arrivals = R"("kind": "constant", "rate": "20/s")";
  test.web = R"("server": "gunicorn-sync", "workers": 4)";
  test.disk = R"("kind": "network", "bandwidth": "4MiB/s", "dirty_background": "20MiB",
                 "dirty_limit": "60MiB")";
  const RunRecord record = run_of(test);
  const auto latencies = latencies_ms(record, 0);
  // 40 MiB may be dirty before anybody waits: 2 s at least.
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(latencies[i], 0) << i;
  EXPECT_GT(spent_ms(record, WaitState::disk_throttled), 1000);
  // What is served is what the disk writes, and 60 MiB at most that it has not written.
  const double mib = static_cast<double>(record.services[ServiceId(0)].served);
  EXPECT_LT(mib, 60 * 4 + 60 + 5);
  EXPECT_GT(mib, 60 * 4 * 0.8);
}

// A little is left alone for 30 s, and found by the next look, every 5 s.
TEST(BufferedWrites, ReachTheDiskAfterHalfAMinute) {
  const Case test{R"({"write": "64KiB"})"};
  RunOptions options;
  options.recorder.horizon = Instant() + seconds(30);
  EXPECT_EQ(disk_of(run(blueprint_of(test), options)).ios.write, 0u);
  options.recorder.horizon = Instant() + seconds(37);
  const RunRecord record = run(blueprint_of(test), options);
  EXPECT_EQ(disk_of(record).ios.write, 1u);
  EXPECT_EQ(disk_of(record).bytes.write, 64 << 10);
}

}  // namespace
}  // namespace cotenant
