// SPDX-License-Identifier: Apache-2.0
//
// What requests feel of a lack of memory, in servers of all kinds: pages that are read again from
// swap, others' that are written there first, sleeps for memory.high, and files that the page cache
// has no room for. Servers cost nothing here, and IOs take constant times.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

// Reads take 20 ms, writes 8 ms, one after the other.
constexpr const char* kDisk =
    R"("disk": {"kind": "network", "queue_depth": 1, "read_latency": "20ms",
                "write_latency": "8ms"})";

struct Case {
  std::string web = R"("server": "gunicorn-sync", "workers": 1, "overhead": "none")";
  std::string memory = R"("base": "64KiB", "working_set": "64KiB")";
  std::string group = R"("memory_max": "96KiB")";
  std::string machine = std::string(R"(, "swap": {"size": "1GiB"}, )") + kDisk;
  // Of the machine's host, which has the disk, if it is a guest of that.
  std::string host_group;
  std::string steps = R"({"cpu": "1ms"})";
  std::string arrivals = R"("kind": "schedule", "first": "1s")";
  std::string other = R"("server": "gunicorn-sync", "workers": 1, "overhead": "none",
                         "memory": {"base": "64KiB", "working_set": "64KiB"})";
};

std::string setup_of(const Case& test) {
  const std::string cores = R"("machine": {"cores": 2, "scheduler": "fluid")";
  const std::string machine =
      cores + test.machine + R"(}, "groups": {"pod": {)" + test.group + "}}";
  if (test.host_group.empty()) {
    return machine + R"(, "services": {"web": {"group": "pod"}, "other": {"group": "pod"}})";
  }
  return cores + ", " + kDisk + R"(}, "groups": {"tenant": {)" + test.host_group +
         R"(}}, "guests": {"vm": {"group": "tenant", )" + machine +
         R"(}}, "services": {"web": {"guest": "vm", "group": "pod"},
                             "other": {"guest": "vm", "group": "pod"}})";
}

RunRecord run_of(const Case& test, Duration horizon = seconds(60)) {
  const std::string text =
      R"({"format": 1, "name": "reclaim", "workload": {"requests": {
          "page": {"service": "web", "arrivals": {)" +
      test.arrivals + R"(}, "steps": [)" + test.steps + R"(]},
          "late": {"service": "other", "arrivals": {"kind": "schedule", "first": "90s"},
                   "steps": [{"cpu": "1ms"}]}}},
      "application": {"web": {)" +
      test.web + R"(, "memory": {)" + test.memory + R"(}}, "other": {)" + test.other + R"(}},
      "setups": {"one": {)" +
      setup_of(test) + "}}}";
  return run_text(text, horizon);
}

std::int64_t in_ms(Duration time) { return (time.count() + 500'000) / 1'000'000; }
std::int64_t spent_ms(const RunRecord& record, WaitState state) {
  return in_ms(record.attribution.total().times[static_cast<std::size_t>(state)]);
}
std::int64_t first_ms(const RunRecord& record) {
  return in_ms(record.requests.at(0).end - record.requests.at(0).arrival);
}
const MemoryRecord& memory_of(const RunRecord& record) {
  return record.machines[kHardware].memory[GroupId(1)];
}

// 64 KiB each, of which 96 fit: of the first process, half went when the second came. To read that
// again, 20 ms, half of the second is written, 8 ms.
class SwapOfAServer : public ::testing::TestWithParam<const char*> {};

TEST_P(SwapOfAServer, BlocksWhoeverServesTheRequest) {
  Case test;
  test.web = GetParam();
  const RunRecord record = run_of(test);
  EXPECT_EQ(first_ms(record), 29);
  EXPECT_EQ(spent_ms(record, WaitState::reclaim), 8);
  EXPECT_EQ(spent_ms(record, WaitState::swap_in), 20);
  EXPECT_EQ(in_ms(memory_of(record).pressure_some), 28);
  EXPECT_EQ(in_ms(memory_of(record).pressure_full), 28);  // nobody else has anything to do
  EXPECT_EQ(record.machines[kHardware].disk.bytes.read, 32 << 10);
  EXPECT_EQ(record.machines[kHardware].disk.bytes.write, 64 << 10);
  EXPECT_EQ(record.services[ServiceId(0)].oom_kills, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SwapOfAServer,
    ::testing::Values(
        R"("server": "gunicorn-sync", "workers": 1, "overhead": "none")",
        R"("server": "gunicorn-gthread", "workers": 1, "threads": 2, "gil": false, "overhead": "none")",
        R"("server": "uvicorn", "workers": 1, "gil": false, "overhead": "none")",
        R"("server": "uwsgi", "workers": 1, "threads": 2, "gil": false, "overhead": "none")",
        R"("server": "gunicorn-gevent", "workers": 1, "overhead": "none")"),
    [](const auto& each) { return "Server" + std::to_string(each.index); });

// A guest swaps to the disk of its host, and is in its own group there, whose limit holds back even
// what is written for it: 64 KiB take 4 s, and the request comes after one.
TEST(SwapOfAGuest, IsOnTheDiskOfItsHost) {
  Case test;
  test.machine = R"(, "swap": {"size": "1GiB"})";
  test.host_group = R"("read_iops": 1000)";
  RunRecord record = run_of(test);
  EXPECT_EQ(first_ms(record), 29);
  EXPECT_EQ(spent_ms(record, WaitState::reclaim), 8);
  EXPECT_EQ(spent_ms(record, WaitState::swap_in), 20);
  EXPECT_EQ(record.machines[kHardware].disk.bytes.read, 32 << 10);
  EXPECT_EQ(record.machines[kHardware].disk.bytes.write, 64 << 10);
  test.host_group = R"("write_bps": "16KiB/s")";
  record = run_of(test);
  EXPECT_NEAR(static_cast<double>(spent_ms(record, WaitState::reclaim)), 3000, 150);
}

// The second request finds all of it in memory.
TEST(SwapIn, IsOnlyOfWhatIsMissing) {
  Case test;
  test.arrivals = R"("kind": "schedule", "first": "1s", "every": "40s")";
  const RunRecord record = run_of(test);
  EXPECT_EQ(spent_ms(record, WaitState::swap_in), 20);
}

// 256 KiB that are missing are eight clusters of 32 KiB, one after the other.
TEST(SwapIn, ReadsAClusterAtATime) {
  Case test;
  test.memory = R"("base": "512KiB", "working_set": "512KiB")";
  test.group = R"("memory_max": "768KiB")";
  test.other = R"("server": "gunicorn-sync", "workers": 1, "overhead": "none",
                  "memory": {"base": "512KiB", "working_set": "512KiB"})";
  const RunRecord record = run_of(test);
  EXPECT_EQ(spent_ms(record, WaitState::swap_in), 8 * 20);
  EXPECT_EQ(record.machines[kHardware].disk.ios.read, 8u);
}

// Half way through its reads another request takes more than there is, with its swap: the larger
// one, which waits, is killed, and what it had is free for the other.
TEST(SwapIn, EndsWithItsProcess) {
  Case test;
  test.web = R"("server": "gunicorn-sync", "workers": 2, "overhead": "none", "import": "1ms")";
  test.memory = R"("base": "512KiB", "working_set": "512KiB")";
  test.group = R"("memory_max": "768KiB", "swap_max": "768KiB")";
  test.steps = R"({"hold": "300KiB"}, {"cpu": "1ms"})";
  test.arrivals = R"("kind": "schedule", "first": "1s", "every": "30ms")";
  const RunRecord record = run_of(test, seconds(20));
  EXPECT_GT(record.services[ServiceId(0)].oom_kills + record.services[ServiceId(1)].oom_kills, 0u);
}

// memory.high at 64 KiB, of which 25,600 KiB more are asked for: 2 s, at each request. No disk is
// needed for it.
TEST(MemoryHighOfAGroup, LetsRequestsSleep) {
  Case test;
  test.machine = "";
  test.group = R"("memory_high": "128KiB")";
  test.steps = R"({"hold": "25MiB"}, {"cpu": "1ms"})";
  for (const char* web :
       {R"("server": "gunicorn-sync", "workers": 1, "overhead": "none")",
        R"("server": "gunicorn-gthread", "workers": 1, "threads": 2, "overhead": "none")",
        R"("server": "uvicorn", "workers": 1, "overhead": "none")"}) {
    test.web = web;
    const RunRecord record = run_of(test);
    EXPECT_EQ(first_ms(record), 2001) << web;
    EXPECT_EQ(spent_ms(record, WaitState::reclaim), 2000) << web;
    EXPECT_EQ(in_ms(memory_of(record).pressure_some), 2000) << web;
    EXPECT_EQ(in_ms(memory_of(record).pressure_full), 2000) << web;
  }
}

Case with_files(const char* size, const char* limit, const char* more = "") {
  Case test;
  test.machine = R"(, "disk": {"kind": "network", "read_latency": "5ms"})";
  test.group = std::string(R"("memory_max": ")") + limit + '"';
  test.web += std::string(R"(, "files": {"size": ")") + size + '"' + more + "}";
  test.steps = R"({"read": "16KiB"})";
  test.arrivals = R"("kind": "poisson", "rate": "20/s")";
  return test;
}

double missed(const RunRecord& record) {
  const double requests = static_cast<double>(record.classes[ClassId(0)].latency.count());
  return static_cast<double>(record.machines[kHardware].disk.ios.read) / requests;
}

// Of 100 MiB, 40 - 1/8 find room: 60 % of 6000 reads go to the disk, and nobody is killed. The
// standard deviation of such a share is 0.6 %.
TEST(FilesInThePageCache, MissByWhatDoesNotFit) {
  const RunRecord record = run_of(with_files("100MiB", "40MiB"), seconds(300));
  EXPECT_NEAR(missed(record), 0.601, 0.02);
  EXPECT_EQ(record.services[ServiceId(0)].oom_kills, 0u);
  EXPECT_EQ(memory_of(record).peak, Bytes(40 << 20));
}

TEST(FilesInThePageCache, AreReadOnceWhereTheyFit) {
  EXPECT_EQ(missed(run_of(with_files("30MiB", "40MiB"), seconds(60))), 0);
  // From a cold start each of the 64 parts is read about once.
  const RunRecord cold = run_of(with_files("1MiB", "40MiB", R"(, "cold": true)"), seconds(300));
  EXPECT_EQ(cold.machines[kHardware].disk.ios.read, 64u);
}

TEST(FilesInThePageCache, ThatAreReadInOrderMissAllOrNothing) {
  const char* order = R"(, "order": "sequential")";
  EXPECT_EQ(missed(run_of(with_files("41MiB", "40MiB", order), seconds(60))), 1);
  EXPECT_EQ(missed(run_of(with_files("39MiB", "40MiB", order), seconds(60))), 0);
}

}  // namespace
}  // namespace cotenant
