// SPDX-License-Identifier: Apache-2.0
//
// Steps that use files: who is blocked by them in servers of all kinds, for how long, and where the
// time is booked. Servers cost nothing here, and IOs take constant times.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/study/run_text.h"

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
  std::string neighbors = "";
  std::string machine = "";  // besides its disk
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
      test.disk + R"(})" + test.machine + R"(}, "groups": {"limited": {)" + test.group +
      R"(}}, "services": {"web": {"group": "limited"}}, "neighbors": {)" + test.neighbors +
      R"(}}}})";
  return blueprint_of_text(text);
}

RunRecord run_of(const Case& test) { return run_for(seconds(60), blueprint_of(test)); }

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
  EXPECT_EQ(disk_of(run_for(seconds(30), blueprint_of(test))).ios.write, 0u);
  const RunRecord record = run_for(seconds(37), blueprint_of(test));
  EXPECT_EQ(disk_of(record).ios.write, 1u);
  EXPECT_EQ(disk_of(record).bytes.write, 64 << 10);
}

// A gigabyte's worth of them in half a minute, and none is written: whoever deletes his files soon
// enough does not use the disk. Under pressure they are written all the same.
TEST(BufferedWrites, ThatAreDeletedNeverReachTheDisk) {
  Case test{R"({"write": "1MiB", "temporary": true}, {"wait": "100ms"})"};
  test.arrivals = R"("kind": "constant", "rate": "20/s")";
  test.web = R"("server": "gunicorn-sync", "workers": 8)";
  EXPECT_EQ(disk_of(run_of(test)).ios.write, 0u);
  test.disk = R"("kind": "network", "dirty_background": "1MiB", "dirty_limit": "60MiB")";
  EXPECT_GT(disk_of(run_of(test)).ios.write, 100u);
}

// --- Neighbors

Case beside(std::string neighbor, std::string steps = R"({"read": "16KiB"})") {
  Case test{std::move(steps)};
  test.neighbors = R"("noisy": {)" + std::move(neighbor) + "}";
  return test;
}

// Reads take 20 ms: 30 s of each minute at a rate of 25 a second, all of it as soon as one is done,
// and two at a time no more than that.
TEST(NeighborsOfDisks, UseThemAsOftenAsTheySay) {
  const auto reads = [](const std::string& neighbor) {
    const Case test = beside(neighbor, R"({"cpu": "1ms"})");
    return static_cast<double>(disk_of(run_of(test)).ios.read);
  };
  EXPECT_NEAR(reads(R"("files": {"use": {"read": "4KiB"}, "rate": "25/s"})"), 60 * 25, 2);
  EXPECT_NEAR(reads(R"("files": {"use": {"read": "4KiB"}})"), 60 * 50, 2);
  EXPECT_NEAR(reads(R"("threads": 2, "files": {"use": {"read": "4KiB"}})"), 60 * 50, 2);
  // What is late follows.
  EXPECT_NEAR(reads(R"("threads": 2, "files": {"use": {"read": "4KiB"}, "rate": "24/s"})"), 60 * 48,
              3);
}

TEST(NeighborsOfDisks, UseThemDuringTheirBursts) {
  const Case test = beside(R"("files": {"use": {"read": "4KiB"}},
                              "pattern": {"bursts": [["2s", "100ms"], ["1s", "50ms"]]})",
                           R"({"cpu": "1ms"})");
  // Those that have begun are done: five, and three.
  EXPECT_EQ(disk_of(run_of(test)).ios.read, 8u);
  const Case on_off = beside(R"("files": {"use": {"read": "4KiB"}},
                                "pattern": {"on": "100ms", "off": "300ms"})",
                             R"({"cpu": "1ms"})");
  EXPECT_NEAR(static_cast<double>(disk_of(run_of(on_off)).ios.read), 60 * 50 / 4, 20);
}

// With n readers there is one IO before that of the request, or n.
TEST(NeighborsOfDisks, AreServedInTurn) {
  for (const int threads : {1, 4}) {
    const Case test =
        beside(R"("files": {"use": {"read": "4KiB"}}, "threads": )" + std::to_string(threads));
    const std::int64_t latency = file_ms(test);
    EXPECT_GE(latency, 20 * threads) << threads;
    EXPECT_LE(latency, 20 * (threads + 1)) << threads;
  }
}

// The limit is that of the neighbor's group.
TEST(NeighborsOfDisks, AreHeldBackByTheirGroup) {
  Case test = beside(R"("group": "limited", "files": {"use": {"write": "4KiB", "direct": true}})",
                     R"({"cpu": "1ms"})");
  test.group = R"("write_iops": 10)";
  EXPECT_NEAR(static_cast<double>(disk_of(run_of(test)).ios.write), 60 * 10, 3);
}

// Each of 27 ms, as of requests.
TEST(NeighborsOfDisks, WriteDirtyPagesAndUseTheJournal) {
  const Case log =
      beside(R"("files": {"use": {"log": "1KiB", "sync": true}})", R"({"cpu": "1ms"})");
  EXPECT_NEAR(static_cast<double>(disk_of(run_of(log)).ios.write), 3 * 60'000 / 27, 3);
  Case test = beside(R"("files": {"use": {"write": "1MiB"}, "rate": "40/s"})", R"({"cpu": "1ms"})");
  test.disk = R"("kind": "network", "bandwidth": "4MiB/s", "dirty_background": "20MiB",
                 "dirty_limit": "60MiB")";
  const double mib = static_cast<double>(disk_of(run_of(test)).bytes.write) / (1 << 20);
  EXPECT_NEAR(mib, 4 * 60, 10);
}

// --- Log daemons

const LogUsage& log_of(const RunRecord& record) { return record.machines[kHardware].log; }

// 100 lines a second, and a disk that takes 27 ms for each that is synced: whoever logs waits for
// nothing, and what the queue of ten has no room for is lost. Two at a time are nearly enough.
TEST(LogDaemons, LoseWhatTheyCannotWrite) {
  Case test{R"({"log": "200B", "queued": true}, {"cpu": "1ms"})"};
  test.arrivals = R"("kind": "constant", "rate": "100/s")";
  test.machine = R"(, "log_daemon": {"queue": 10, "sync": true})";
  const RunRecord record = run_of(test);
  const auto latencies = latencies_ms(record, 0);
  EXPECT_EQ(*std::max_element(latencies.begin(), latencies.end()), 1);
  EXPECT_NEAR(static_cast<double>(log_of(record).lines), 6000, 1);
  EXPECT_NEAR(static_cast<double>(log_of(record).lost), 6000 - 60'000.0 / 27 - 10, 3);
  test.machine = R"(, "log_daemon": {"queue": 10, "sync": true, "batch": 3})";
  EXPECT_EQ(log_of(run_of(test)).lost, 0u);
  test.machine = R"(, "log_daemon": {"queue": 10})";
  EXPECT_EQ(log_of(run_of(test)).lost, 0u);
}

// Lines in the page cache are lost when the disk stalls: the daemon may not dirty more.
TEST(LogDaemons, WaitForDirtyPages) {
  Case test = beside(R"("files": {"use": {"write": "1MiB"}, "rate": "40/s"})",
                     R"({"log": "100KiB", "queued": true})");
  test.arrivals = R"("kind": "constant", "rate": "40/s")";
  test.machine = R"(, "log_daemon": {"queue": 10})";
  test.disk = R"("kind": "network", "bandwidth": "4MiB/s", "dirty_background": "20MiB",
                 "dirty_limit": "60MiB")";
  EXPECT_GT(log_of(run_of(test)).lost, 100u);
  test.neighbors = "";
  EXPECT_EQ(log_of(run_of(test)).lost, 0u);
}

// --- Guests

RunRecord run_in_guest(const std::string& group, const std::string& disk_of_guest = "") {
  const std::string text =
      R"({"format": 1, "name": "files of a guest", "workload": {"requests": {
          "file": {"service": "web", "arrivals": {"kind": "schedule", "first": "1s", "every": "5s"},
                   "steps": [{"write": "4KiB", "direct": true}, {"log": "1KiB", "sync": true}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"}},
      "setups": {"one": {"machine": {"cores": 2, "scheduler": "fluid", "disk": {)" +
      kDisk + R"(}}, "groups": {"tenant": {)" + group +
      R"(}}, "guests": {"vm": {"group": "tenant", "machine": {"cores": 1, "scheduler": "fluid")" +
      disk_of_guest + R"(}}}, "services": {"web": {"guest": "vm"}},
      "neighbors": {"noisy": {"files": {"use": {"write": "4KiB", "direct": true}}}}}}})";
  return run_text(text, seconds(60));
}

// Four writes and a flush, each behind one of the neighbor; on a disk of its own behind nobody's.
TEST(FilesOfGuests, AreOnTheDiskOfTheirHost) {
  const RunRecord record = run_in_guest("");
  EXPECT_GT(latencies_ms(record, 0).at(3), 4 * 8 + 3 + 3 * 8);
  EXPECT_LE(latencies_ms(record, 0).at(3), 2 * 4 * 8 + 3 + 8);
  const RunRecord alone = run_in_guest("", R"(, "disk": {)" + kDisk + "}");
  EXPECT_EQ(latencies_ms(alone, 0).at(3), 4 * 8 + 3);
}

// On a shared host with IO limits: reads 40 KiB, and then writes as much, once.
std::int64_t ms_on_plan(const std::string& limits, const std::string& first = "1s") {
  const std::string text =
      R"({"format": 1, "name": "plan", "workload": {"requests": {"file": {"service": "web",
          "arrivals": {"kind": "schedule", "first": ")" +
      first + R"("}, "steps": [{"read": "40KiB"}, {"write": "40KiB", "direct": true}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"}},
      "plans": {"site": {"provider": "x", "kind": "shared", "as_of": "unknown", "source": "x",
          "confidence": "low", "vcpus": 1, "cpu": {"kind": "quota"}, "memory": "1GiB",
          "disk": {)" +
      kDisk + R"(}, "limits": {)" + limits + R"(}, "supports": ["wsgi"]}},
      "setups": {"one": {"plan": "site", "neighborhood": "none"}}})";
  return latencies_ms(run_text(text, seconds(60)), 0).at(0);
}

// 40 KiB at 800 kB/s are 51.2 ms. Two limits of its own would let the write pass at once.
TEST(FilesOnPlans, HaveOneLimitOfReadsAndWrites) {
  EXPECT_EQ(ms_on_plan(""), 20 + 8);
  EXPECT_EQ(ms_on_plan(R"("io": "800kB/s")"), 51 + 8);
}

// The write waits until the second ends in which the page was read, whenever that was.
TEST(FilesOnPlans, WaitForTheEndOfTheSecond) {
  EXPECT_EQ(ms_on_plan(R"("iops": 2)"), 20 + 8);
  const std::int64_t at_once = ms_on_plan(R"("iops": 1)");
  EXPECT_GE(at_once, 20 + 8);
  EXPECT_LE(at_once, 1000 + 8);
  const std::int64_t later = ms_on_plan(R"("iops": 1)", "1100ms");
  EXPECT_EQ((at_once - later + 1000) % 1000, 100);
}

// Those of the guest that it is in, for its journal, too: four writes in a second each.
TEST(FilesOfGuests, AreInTheGroupOfTheGuest) {
  const RunRecord record = run_in_guest(R"("write_iops": 1)");
  EXPECT_GT(latencies_ms(record, 0).at(3), 3000);
}

}  // namespace
}  // namespace cotenant
