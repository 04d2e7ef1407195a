// SPDX-License-Identifier: Apache-2.0
//
// How Linux 6.18 splits CPUs between spinners: rows K1 to K3 of what was measured, and the
// E12_split recordings. Shares of an unshielded row are compared relative to their sum: other work
// took the rest of the machine.
#include <gtest/gtest.h>

#include <tuple>

#include "tests/truth/cpu/capture.h"

namespace cotenant::cpu_test {
namespace {

Host recorder_host(std::uint32_t cores) {
  Host host(cores);
  like_the_recorder(host);
  return host;
}

// Groups of one level: shares and number of spinners.
struct Party {
  std::int64_t shares;
  int threads;
};

// The CPU of each spinner after 20 s, in cores.
std::vector<double> spin(std::uint32_t cores, const std::vector<Party>& parties) {
  Host host = recorder_host(cores);
  std::vector<TaskId> tasks;
  for (const Party& party : parties) {
    const GroupId group = host.group(kRootGroup, party.shares);
    for (const TaskId task : host.tasks(party.threads, group)) tasks.push_back(task);
  }
  KernelReplay replay(host);
  replay.run_for(seconds(20));
  std::vector<double> cpu;
  for (const TaskId task : tasks) cpu.push_back(replay.cpu_seconds(task) / 20);
  return cpu;
}

double sum(const std::vector<double>& values, std::size_t first, std::size_t count) {
  double total = 0;
  for (std::size_t i = first; i < first + count; ++i) total += values[i];
  return total;
}

TEST(KernelSplit, K1SpinnersTakeTurnsOfOneTick) {
  // Measured: run 3.97 to 3.98 ms, off 4.0, 12.0 and 28.0 ms for 2, 4 and 8 spinners. The switch
  // and the tick's own time, 20 us, are not part of a run as the spinner sees it.
  for (const int spinners : {2, 4, 8}) {
    SCOPED_TRACE(spinners);
    Host host = recorder_host(1);
    const TaskId first = host.tasks(spinners).front();
    KernelReplay replay(host, microseconds(1234));
    replay.run_for(seconds(3));
    EXPECT_NEAR(quantile(replay.runs(first), 0.5), 3975, 50);
    EXPECT_NEAR(quantile(replay.gaps(first), 0.5), (spinners - 1) * 4000, 50);
    EXPECT_NEAR(replay.cpu_seconds(first) / 3, 1.0 / spinners, 0.003);
  }
}

TEST(KernelSplit, K3NiceValuesSplitByWeight) {
  // nice 0 against 5: .740 and .243; against 19: .982 and .020, where the grain is one tick.
  for (const auto& [weight, share, tolerance] :
       {std::tuple{335, 0.740 / 0.983, 0.005}, std::tuple{15, 0.982 / 1.002, 0.007}}) {
    Host host = recorder_host(1);
    const TaskId heavy = host.task();
    host.task(kRootGroup, weight);
    KernelReplay replay(host);
    replay.run_for(seconds(6));
    EXPECT_NEAR(replay.cpu_seconds(heavy) / 6, share, tolerance) << weight;
  }
}

TEST(KernelSplit, K2OneCpuIsSplitByGroup) {
  const auto a = spin(1, {{1024, 1}, {3072, 1}});  // measured .248 and .749
  EXPECT_NEAR(a[0], 0.248, 0.004);
  EXPECT_NEAR(a[1], 0.749, 0.004);
  const auto b = spin(1, {{1024, 1}, {1024, 3}});  // measured .498 and .503
  EXPECT_NEAR(b[0], 0.498, 0.004);
  EXPECT_NEAR(sum(b, 1, 3), 0.503, 0.004);
  // 2 against 1024: measured .004 and .487 with half of the CPU elsewhere. Theory is 1:512; the
  // grain is one tick in two seconds, of which the measurement caught a few.
  const auto g = spin(1, {{2, 1}, {1024, 1}});
  EXPECT_NEAR(g[0] / (g[0] + g[1]), 0.004 / 0.491, 0.007);
  EXPECT_GT(g[0], 0.001);
}

TEST(KernelSplit, K2TwoCpusAreSplitByGroupAndPerCpu) {
  // 1:3 with a thread each: both get a CPU (measured .87 and .99, the rest other work).
  const auto c = spin(2, {{1024, 1}, {3072, 1}});
  EXPECT_GT(c[0], 0.99);
  EXPECT_GT(c[1], 0.99);
  // Equal shares, 1 against 2 and 7 threads: .93 and .98, .87 and 1.00.
  const auto d = spin(2, {{1024, 1}, {1024, 2}});
  EXPECT_NEAR(d[0] / sum(d, 1, 2), 0.93 / 0.98, 0.06);
  const auto e = spin(2, {{1024, 1}, {1024, 7}});
  EXPECT_NEAR(e[0] / sum(e, 1, 7), 0.87 / 1.00, 0.14);
  // 1:3 with two threads each: .467 and 1.412.
  const auto f = spin(2, {{1024, 2}, {3072, 2}});
  EXPECT_NEAR(sum(f, 0, 2) / sum(f, 2, 2), 0.467 / 1.412, 0.01);
}

TEST(KernelSplit, K2SpinnersGoRoundBetweenTwoCpus) {
  // Three spinners: .60 to .63 each; five: .366 to .381. Not 1, .5, .5.
  const auto three = spin(2, {{1024, 3}});
  for (const double cpu : three) EXPECT_NEAR(cpu / sum(three, 0, 3), 0.333, 0.009);
  const auto five = spin(2, {{1024, 5}});
  for (const double cpu : five) EXPECT_NEAR(cpu / sum(five, 0, 5), 0.2, 0.004);
}

TEST(KernelSplit, RecordedSplitsAreFoundAgain) {
  for (const char* name : {"E12_split_1024_4096_s1", "E12_split_1024x1_1024x1_s1",
                           "E12_split_1024x1_1024x4_s1", "E12_split_same_group_4_s1"}) {
    SCOPED_TRACE(name);
    const Capture capture(name);
    KernelReplay run = replay(capture, 5, 16);
    run.run_for(milliseconds(5400));
    for (std::size_t g = 0; g < capture.groups.size(); ++g) {
      const CpuTime usage = run.scheduler().group_usage(capture.groups[g], run.now()).usage;
      EXPECT_NEAR(static_cast<double>(usage.count()) / 5.4e9,
                  capture.cpu_of(capture.group_names[g]), 0.003);
    }
    for (std::size_t t = 0; t < capture.first_task.size(); ++t) {
      const auto& measured = capture.summary["tasks"][t];
      EXPECT_NEAR(quantile(run.runs(capture.first_task[t]), 0.5),
                  measured["run_us"]["p50"].get<double>(), 50);
      EXPECT_NEAR(quantile(run.gaps(capture.first_task[t]), 0.5),
                  measured["gap_us"]["p50"].get<double>(), 50);
    }
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
