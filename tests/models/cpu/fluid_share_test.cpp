// SPDX-License-Identifier: Apache-2.0
//
// Shares of fluid scheduling that can be worked out by hand. The names in comments are rows of the
// oracle group fair-share-deterministic. Speeds are multiples of 2^-32 core, so shares agree to
// 2.4e-10 of a core; the rows ask for 1e-9.
#include <gtest/gtest.h>

#include "models/cpu/fluid.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

constexpr double kResolution = 1e-9;

// Demands without end for all tasks and gives the speed of each in cores.
std::vector<double> hog_shares(const Host& host) {
  FluidScheduler scheduler(host.topology, host.phases);
  std::vector<double> shares;
  for (std::uint32_t i = 0; i < host.topology.tasks.size(); ++i) {
    scheduler.demand(TaskId(i), kEndless, Instant(0));
  }
  for (std::uint32_t i = 0; i < host.topology.tasks.size(); ++i) {
    shares.push_back(cores(scheduler.speed(TaskId(i))));
  }
  return shares;
}

TEST(FluidShare, TwoJobsShareOneCoreWhileBothAreThere) {
  // ps-two-jobs: A alone 0-5 ms, both at half speed 5-15 (A has its 10), B alone 15-20.
  Host host(1);
  const TaskId a = host.task();
  const TaskId b = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(a, cpu_ms(10), at_ms(0));
  auto finishes = run_until(scheduler, at_ms(5));
  EXPECT_TRUE(finishes.empty());
  scheduler.demand(b, cpu_ms(10), at_ms(5));
  finishes = run_until(scheduler, at_ms(100));
  EXPECT_EQ(finish_of(finishes, a), 15 * kMs);
  EXPECT_EQ(finish_of(finishes, b), 20 * kMs);
  // Each of them ran for 10 ms and waited for the 5 ms that the other one got meanwhile.
  for (const Finish& finish : finishes) {
    EXPECT_EQ(finish.times.running, milliseconds(10));
    EXPECT_EQ(finish.times.queued, milliseconds(5));
    EXPECT_EQ(finish.times.throttled, Duration(0));
    EXPECT_EQ(finish.times.stolen, Duration(0));
  }
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
}

TEST(FluidShare, ALoneTaskRunsAtFullSpeedToTheNanosecond) {
  Host host(1);
  const TaskId task = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(task, CpuTime(123'456'789), Instant(7));
  EXPECT_EQ(scheduler.next_instant(), Instant(123'456'796));
}

TEST(FluidShare, OneNanosecondOfWorkAmongManyTakesTurnsWithAll) {
  // Three tasks of 1 ns on one core: 3 ns in theory; a third of a core is rounded down to
  // floor(2^32 / 3) / 2^32, so that after 3 ns each lacks 2^-32 ns and the fourth completes it.
  Host host(1);
  const auto tasks = host.tasks(3);
  FluidScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, CpuTime(1), Instant(0));
  const auto finishes = run_until(scheduler, Instant(100));
  ASSERT_EQ(finishes.size(), 3u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(finishes[i].task, TaskId(i));
    EXPECT_EQ(finishes[i].at, Instant(4));
  }
  // They are charged what they asked for, not what the last nanosecond could have given.
  EXPECT_EQ(scheduler.group_usage(kRootGroup, Instant(100)).usage, CpuTime(3));
}

TEST(FluidShare, NiceValuesShareByTheirKernelWeights) {
  // ps-weights: nice 0 is 1024 and nice 5 is 335 in sched_prio_to_weight: 1024/1359 and 335/1359.
  Host nice(1);
  nice.task(kRootGroup, 1024);
  nice.task(kRootGroup, 335);
  EXPECT_NEAR(hog_shares(nice)[0], 0.753495217071376, kResolution);
  EXPECT_NEAR(hog_shares(nice)[1], 0.246504782928624, kResolution);
  // ps-weights-neg: nice -5 is 3121: 3121/4145.
  Host negative(1);
  negative.task(kRootGroup, 3121);
  negative.task(kRootGroup, 1024);
  EXPECT_NEAR(hog_shares(negative)[0], 0.752955367913148, kResolution);
  EXPECT_NEAR(hog_shares(negative)[1], 0.247044632086852, kResolution);
}

TEST(FluidShare, ATaskUsesOneCoreAtMost) {
  // wf-3on2: 3/5 of 2 cores is more than a task can use.
  Host two(2);
  for (const int weight : {3, 1, 1}) two.task(kRootGroup, weight);
  const auto on_two = hog_shares(two);
  EXPECT_EQ(on_two, (std::vector<double>{1.0, 0.5, 0.5}));
  // wf-4on3: 8 and 4 are capped one after the other, the last core is split 2:1.
  Host three(3);
  for (const int weight : {8, 4, 2, 1}) three.task(kRootGroup, weight);
  const auto on_three = hog_shares(three);
  EXPECT_EQ(on_three[0], 1.0);
  EXPECT_EQ(on_three[1], 1.0);
  EXPECT_NEAR(on_three[2], 2.0 / 3, kResolution);
  EXPECT_NEAR(on_three[3], 1.0 / 3, kResolution);
}

TEST(FluidShare, FewerTasksThanCoresLeaveCoresIdle) {
  Host host(4);
  host.tasks(3);
  EXPECT_EQ(hog_shares(host), (std::vector<double>{1.0, 1.0, 1.0}));
}

TEST(FluidShare, AGroupDoesNotGainByHavingMoreTasks) {
  // group-2: A with 3 tasks and B with one, equal weights: half each; a task of A has a third of
  // it.
  Host host(1);
  const GroupId a = host.group(kRootGroup, 100);
  const GroupId b = host.group(kRootGroup, 100);
  host.tasks(3, a);
  host.task(b);
  const auto shares = hog_shares(host);
  EXPECT_NEAR(shares[0], 1.0 / 6, kResolution);
  EXPECT_NEAR(shares[2], 1.0 / 6, kResolution);
  EXPECT_EQ(shares[3], 0.5);
}

TEST(FluidShare, NestedGroupsDivideWhatTheirParentGot) {
  // group-nested: A(300){A1(100), A2(200)}, B(100): 3/4 to A, of which 1/3 and 2/3.
  Host host(1);
  const GroupId a = host.group(kRootGroup, 300);
  const GroupId b = host.group(kRootGroup, 100);
  host.task(host.group(a, 100));
  host.task(host.group(a, 200));
  host.task(b);
  const auto shares = hog_shares(host);
  EXPECT_NEAR(shares[0], 0.25, kResolution);
  EXPECT_NEAR(shares[1], 0.5, kResolution);
  EXPECT_NEAR(shares[2], 0.25, kResolution);
}

TEST(FluidShare, TasksCompeteWithTheGroupsBesideThem) {
  // A task of the root with weight 1024 against a group of 2048 with one task: 1/3 and 2/3.
  Host host(1);
  host.task(kRootGroup, 1024);
  host.task(host.group(kRootGroup, 2048));
  const auto shares = hog_shares(host);
  EXPECT_NEAR(shares[0], 1.0 / 3, kResolution);
  EXPECT_NEAR(shares[1], 2.0 / 3, kResolution);
}

TEST(FluidShare, AGroupWithOneTaskCannotUseTwoCores) {
  // A has 9/10 of the weight, but one task: it gets one core, and B's four tasks share the other.
  Host host(2);
  host.task(host.group(kRootGroup, 900));
  host.tasks(4, host.group(kRootGroup, 100));
  const auto shares = hog_shares(host);
  EXPECT_EQ(shares[0], 1.0);
  EXPECT_EQ(shares[1], 0.25);
}

TEST(FluidShare, AnIdleGroupLeavesItsShare) {
  Host host(1);
  const TaskId a = host.task(host.group(kRootGroup, 900));
  const TaskId b = host.task(host.group(kRootGroup, 100));
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(b, kEndless, Instant(0));
  EXPECT_EQ(scheduler.speed(b), kFullSpeed);
  scheduler.demand(a, cpu_ms(9), Instant(0));
  EXPECT_NEAR(cores(scheduler.speed(b)), 0.1, kResolution);
  // 9 ms at 0.9 of a core take 10 ms, and one nanosecond because 0.9 was rounded down.
  const auto finishes = run_until(scheduler, at_ms(11));
  EXPECT_EQ(finish_of(finishes, a), 10 * kMs + 1);
  EXPECT_EQ(scheduler.speed(b), kFullSpeed);
  EXPECT_EQ(scheduler.speed(a), 0u);
}

TEST(FluidShare, UsageOfAParentIsTheSumOfItsChildren) {
  Host host(1);
  const GroupId a = host.group(kRootGroup, 300);
  const GroupId a1 = host.group(a, 7);
  const GroupId a2 = host.group(a, 13);
  host.task(a1);
  host.task(a2);
  host.task(a);
  host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  for (std::uint32_t i = 0; i < 4; ++i) scheduler.demand(TaskId(i), kEndless, Instant(0));
  for (const std::int64_t at : {1, 10, 999, 1'000'003}) {
    const auto usage = [&](GroupId group) {
      return scheduler.group_usage(group, Instant(at)).usage;
    };
    const CpuTime own_of_a = usage(a) - usage(a1) - usage(a2);
    const CpuTime own_of_root = usage(kRootGroup) - usage(a);
    // Weights 7 : 13 : 1024 within A; A has 300 of 1324.
    EXPECT_NEAR(static_cast<double>(own_of_a.count()),
                static_cast<double>(at) * 300 / 1324 * 1024 / 1044, 1.0);
    EXPECT_NEAR(static_cast<double>(own_of_root.count()), static_cast<double>(at) * 1024 / 1324,
                1.0);
    EXPECT_LE(usage(kRootGroup), CpuTime(at));
    EXPECT_GE(usage(kRootGroup), CpuTime(at - 4));  // one rounding per bucket
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
