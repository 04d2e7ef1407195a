// SPDX-License-Identifier: Apache-2.0
//
// A recorder on a tree of files and with a clock of the test: what changes between two samples is
// in the bundle, whatever happens to the application.
#include "validation/capture/recorder/recorder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/validation/capture/kernel_tree.h"
#include "validation/capture/read_capture.h"
#include "validation/capture/recorder/running_counters.h"

namespace cotenant {
namespace {

using test::KernelTree;

constexpr Duration kStarted = seconds(1'795'338'000);  // 2026-11-22T09:00:00Z

const std::string kFolder = "sys/fs/cgroup/system.slice/shop.service/";

// Events happen while the recorder sleeps.
class RecorderTest : public ::testing::Test {
 protected:
  RecorderTest() {
    options_.root = tree_.root();
    options_.bundle = directory_.path() / "b";
    options_.name = "shop";
    options_.origin = "a test";
    options_.search.port = 8000;
    options_.length = seconds(3);
  }

  void at(Duration when, std::function<void()> event) { events_[when] = std::move(event); }

  Capture record() {
    const FoundApplication found = find_application(tree_.root(), options_.search);
    EXPECT_TRUE(found.application) << found.why_not;
    RecorderClock clock;
    clock.steady = [&] { return now_; };
    clock.wall = [&] { return kStarted + now_ + clock_set_; };
    clock.own_cpu = [&] { return CpuTime(now_.count() / 200); };
    clock.sleep_until = [&](Duration until) {
      while (!events_.empty() && events_.begin()->first <= until) {
        const auto event = events_.extract(events_.begin());
        event.mapped()();
      }
      now_ = until;
    };
    ApplicationRecorder recorder(options_, clock, *found.application);
    recorder.run(stop_, [](const RecordingStatus&) {});
    const Checked<Capture> capture = read_capture(options_.bundle);
    EXPECT_TRUE(capture.ok()) << render(capture.diagnostics(), "b");
    return *capture;
  }

  void set_cpu(std::int64_t us) {
    tree_.write(kFolder + "cpu.stat", "usage_usec " + std::to_string(us) + "\n");
  }
  void log(const std::string& line) {
    std::ofstream(directory_.path() / "log", std::ios::app) << line << '\n';
  }

  KernelTree tree_ = test::cgroup_v2_tree();
  TemporaryDirectory directory_;
  RecordingOptions options_;
  std::map<Duration, std::function<void()>> events_;
  Duration now_, clock_set_;
  std::atomic<bool> stop_{false};
};

TEST_F(RecorderTest, SaysWhatItFound) {
  const Capture capture = record();
  EXPECT_TRUE(capture.complete);
  EXPECT_EQ(capture.started, "2026-11-22T09:00:00Z");
  EXPECT_EQ(capture.machine.cores, 2);
  EXPECT_EQ(capture.machine.memory, Bytes(1024) * 2'048'000);
  EXPECT_EQ(capture.machine.processor, "AMD EPYC 7763");
  EXPECT_EQ(capture.machine.kernel, "6.1.0-18-amd64");
  EXPECT_EQ(capture.server.kind, "gunicorn-sync");
  EXPECT_EQ(capture.server.workers, 2);
  EXPECT_EQ(capture.server.timeout, seconds(20));
  EXPECT_EQ(capture.server.group, "system.slice/shop.service");
  EXPECT_EQ(capture.groups[0].group.cpu_quota, milliseconds(50));
  EXPECT_EQ(capture.groups.size(), 1u);
  EXPECT_TRUE(capture.remarks.empty()) << capture.remarks[0];
  ASSERT_TRUE(capture.cost);
  EXPECT_EQ(capture.cost->cpu, CpuTime(15'000'000));  // 0.5 % of 3 s
}

TEST_F(RecorderTest, TakesSamplesAtASteadyPaceFromZeroOn) {
  at(milliseconds(450), [&] { set_cpu(2'600'000); });
  const Capture capture = record();
  const std::vector<GroupSample>& samples = capture.groups[0].samples;
  ASSERT_EQ(samples.size(), 31u);
  EXPECT_EQ(samples[4].at, milliseconds(400));
  EXPECT_EQ(samples[4].cpu, CpuTime());
  EXPECT_EQ(samples[5].cpu, CpuTime(100'000'000));
  EXPECT_EQ(samples[5].accept_queue, 3);
  EXPECT_EQ(samples[5].memory, Bytes(104'857'600));
  ASSERT_EQ(capture.host.size(), 31u);
  EXPECT_EQ(capture.host[3].busy, CpuTime());
  EXPECT_EQ(capture.host[3].cpu_some, Duration());
}

TEST_F(RecorderTest, GoesOnWhenTheApplicationIsStartedAnew) {
  at(milliseconds(950), [&] {
    set_cpu(2'700'000);
    for (const char* file : {"proc/100/stat", "proc/101/stat", "proc/102/stat"}) tree_.remove(file);
    std::filesystem::remove_all(tree_.root() / "proc/100");
    std::filesystem::remove_all(tree_.root() / "proc/101");
    std::filesystem::remove_all(tree_.root() / "proc/102");
    tree_.write(kFolder + "cgroup.procs", "");
  });
  at(milliseconds(1550), [&] {
    tree_.add_process(200, 1, "/usr/bin/gunicorn -w 1 shop:app");
    tree_.add_process(201, 200, "/usr/bin/gunicorn -w 1 shop:app");
    tree_.write("proc/200/cgroup", "0::/system.slice/shop.service\n");
    std::filesystem::create_directories(tree_.root() / "proc/200/fd");
    std::filesystem::create_symlink("socket:[5555]", tree_.root() / "proc/200/fd/3");
    tree_.write(kFolder + "cgroup.procs", "200\n201\n");
    set_cpu(40'000);  // a group of the same name, which counts from 0
  });
  const Capture capture = record();
  ASSERT_EQ(capture.remarks.size(), 3u);
  EXPECT_EQ(capture.remarks[0], "1.0 s: the application ended");
  EXPECT_EQ(capture.remarks[1], "1.6 s: a counter of system.slice/shop.service went back");
  EXPECT_EQ(capture.remarks[2], "2.0 s: the application was started anew with 1 workers");
  // 200 ms of the first, 40 ms of the second.
  EXPECT_EQ(capture.groups[0].samples.back().cpu, CpuTime(240'000'000));
}

TEST_F(RecorderTest, AddsUpTheProcessesWhereOthersAreInTheGroup) {
  tree_.write(kFolder + "cgroup.procs", "1\n100\n101\n102\n");
  at(milliseconds(500), [&] {
    tree_.add_process(101, 100, "/usr/bin/python3 /usr/bin/gunicorn -w 2 --timeout=20 shop:app",
                      230);
  });
  const Capture capture = record();
  ASSERT_EQ(capture.groups.size(), 2u);
  EXPECT_EQ(capture.server.group, "application");
  EXPECT_EQ(capture.groups[0].group.name, "application");
  EXPECT_EQ(capture.groups[0].group.cpu_quota, milliseconds(50));
  EXPECT_EQ(capture.groups[0].samples.back().cpu, CpuTime(300'000'000));  // 30 ticks
  EXPECT_EQ(capture.groups[0].samples.back().processes, 3);
  EXPECT_EQ(capture.groups[1].group.name, "system.slice/shop.service");
  EXPECT_EQ(capture.remarks.size(), 1u);
}

TEST_F(RecorderTest, NoticesThatLimitsWereChanged) {
  options_.length = seconds(12);
  at(seconds(2), [&] { tree_.write(kFolder + "cpu.max", "max 100000\n"); });
  const Capture capture = record();
  EXPECT_FALSE(capture.groups[0].group.cpu_quota);
  EXPECT_EQ(capture.remarks.front(),
            "10.0 s: the limits of system.slice/shop.service were changed; the manifest has the "
            "last ones");
}

TEST_F(RecorderTest, NoticesThatTheClockWasSet) {
  at(milliseconds(1500), [&] { clock_set_ = seconds(-3600); });
  EXPECT_EQ(record().remarks.front(), "2.0 s: the clock was set by -3600.000 s");
}

// Lines are "class milliseconds-since-start duration-in-milliseconds".
std::optional<LogEntry> read_line(std::string_view line) {
  if (!line.starts_with("GET")) return std::nullopt;
  next_word(line);
  const std::int64_t done = *number_in(next_word(line)), took = *number_in(next_word(line));
  LogEntry entry;
  entry.class_name = "GET";
  entry.request.done = kStarted + milliseconds(done);
  entry.request.arrival = entry.request.done - milliseconds(took);
  return entry;
}

TEST_F(RecorderTest, FollowsTheLogAcrossRotation) {
  log("GET 1 1");  // before it began
  options_.log = directory_.path() / "log";
  options_.read_line = read_line;
  options_.log_resolution = milliseconds(1);
  at(milliseconds(500), [&] { log("GET 500 20\nGET 510 15"); });
  at(milliseconds(1500), [&] {
    log("GET 1500 5");
    std::filesystem::rename(directory_.path() / "log", directory_.path() / "log.1");
    log("GET 1501 5\nnoise");
  });
  at(milliseconds(2950), [&] { log("GET 2949 1"); });
  const Capture capture = record();
  ASSERT_EQ(capture.requests.size(), 5u);
  EXPECT_EQ(capture.requests[0].arrival, milliseconds(480));
  EXPECT_EQ(capture.requests[0].done, milliseconds(500));
  EXPECT_EQ(capture.requests[4].done, milliseconds(2949));
  EXPECT_EQ(capture.remarks,
            (std::vector<std::string>{"2.0 s: the log was rotated",
                                      "1 lines of the log were not in its format"}));
}

TEST_F(RecorderTest, KnowsBetterThanStampsOfWholeSeconds) {
  log("");
  options_.log = directory_.path() / "log";
  options_.read_line = read_line;
  options_.log_resolution = seconds(1);
  at(milliseconds(1640), [&] { log("GET 1000 20"); });
  at(milliseconds(2500), [&] { log("GET 0 20"); });  // much later than it ended
  const Capture capture = record();
  ASSERT_EQ(capture.requests.size(), 2u);
  EXPECT_EQ(capture.resolution, milliseconds(100));
  EXPECT_EQ(capture.requests[0].done, milliseconds(500));
  EXPECT_EQ(capture.requests[1].done, milliseconds(1650));  // seen at 1.7 s
  EXPECT_EQ(capture.requests[1].arrival, milliseconds(1630));
  EXPECT_EQ(capture.remarks.back(),
            "1 requests were logged late: when they ended is known to the second only");
}

TEST(FindApplication, ByProcessPortGroupAndUnit) {
  const KernelTree tree = test::cgroup_v2_tree();
  std::vector<ApplicationSearch> searches(5);
  searches[0].process = 100;
  searches[1].process = 102;  // a worker
  searches[2].port = 8000;
  searches[3].group = "/system.slice/shop.service";
  searches[4].unit = "shop";
  for (const ApplicationSearch& search : searches) {
    const FoundApplication found = find_application(tree.root(), search);
    ASSERT_TRUE(found.application) << found.why_not;
    EXPECT_EQ(found.application->master.id, 100);
    EXPECT_EQ(found.application->workers, 2);
    EXPECT_EQ(found.application->port, 8000);
    EXPECT_TRUE(found.application->is_alone);
  }
}

TEST(FindApplication, SaysWhyNot) {
  const KernelTree tree = test::cgroup_v2_tree();
  ApplicationSearch search;
  search.port = 81;
  EXPECT_EQ(find_application(tree.root(), search).why_not,
            "no process that can be seen listens on port 81 (the processes of other users can be "
            "seen by root only)");
  search = {};
  search.process = 4242;
  EXPECT_EQ(find_application(tree.root(), search).why_not, "there is no process 4242");
  search = {};
  search.unit = "shop.socket";
  EXPECT_EQ(find_application(tree.root(), search).why_not,
            "there is no control group /system.slice/shop.socket");
}

TEST(RunningCounters, GoOnWhereTheKernelsBeginAnew) {
  RunningCounters counters;
  const auto turned = [&](std::int64_t cpu, std::optional<std::int64_t> throttled) {
    GroupSample sample;
    sample.cpu = CpuTime(cpu);
    sample.nr_throttled = throttled;
    counters.turn(sample);
    return std::pair(sample.cpu.count(), sample.nr_throttled);
  };
  using Pair = std::pair<std::int64_t, std::optional<std::int64_t>>;
  EXPECT_EQ(turned(1000, std::nullopt), Pair(0, std::nullopt));
  EXPECT_EQ(turned(1500, 7), Pair(500, 0));
  EXPECT_EQ(turned(1600, 9), Pair(600, 2));
  EXPECT_EQ(turned(30, std::nullopt), Pair(630, std::nullopt));  // back
  EXPECT_EQ(turned(50, 12), Pair(650, 5));
  counters.start_anew();
  EXPECT_EQ(turned(80, 20), Pair(730, 25));
}

}  // namespace
}  // namespace cotenant
