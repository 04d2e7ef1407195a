// SPDX-License-Identifier: Apache-2.0
//
// Supply of cores by the layer below, stolen time, and the order of things that coincide at one
// instant.
#include <gtest/gtest.h>

#include "models/cpu/fluid.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

constexpr CoreId kCore0{0};
constexpr CoreId kCore1{1};

TEST(FluidSupply, HalfACoreDoublesALoneJobAndTheOtherHalfIsStolen) {
  // steal-50: 30 ms at half a core are 60 ms.
  Host host(1);
  const TaskId task = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.set_supply(kCore0, kFullSpeed / 2, at_ms(0));
  scheduler.demand(task, cpu_ms(30), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(100));
  EXPECT_EQ(finish_of(finishes, task), 60 * kMs);
  EXPECT_EQ(finishes[0].times.running, milliseconds(30));
  EXPECT_EQ(finishes[0].times.stolen, milliseconds(30));
  EXPECT_EQ(finishes[0].times.queued, Duration(0));
}

TEST(FluidSupply, SupplyThatDividesNothingEvenlyStillAddsUp) {
  // A speed that is no neat fraction: the job ends at the first whole nanosecond with enough
  // service, and the fraction of it counts as stolen, not as queueing for a core that nobody else
  // wanted.
  Host host(1);
  const TaskId task = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.set_supply(kCore0, 1'234'567'891, at_ms(0));  // 0.2874... of a core
  scheduler.demand(task, CpuTime(1'000'003), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(100));
  ASSERT_EQ(finishes.size(), 1u);
  // ceil(1000003 * 2^32 / 1234567891)
  EXPECT_EQ(finishes[0].at, Instant(3'478'934));
  EXPECT_EQ(finishes[0].times.stolen, Duration(3'478'934 - 1'000'003));
  EXPECT_EQ(finishes[0].times.queued, Duration(0));
}

TEST(FluidSupply, NoSupplyStopsEverythingUntilItComesBack) {
  Host host(1);
  const auto tasks = host.tasks(2);
  FluidScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(10), at_ms(0));
  scheduler.set_supply(kCore0, 0, at_ms(4));
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
  EXPECT_EQ(scheduler.speed(tasks[0]), 0u);
  scheduler.set_supply(kCore0, kFullSpeed, at_ms(1004));
  // 2 ms each were done by 4; the rest of 8 ms each takes 16 ms.
  const auto finishes = run_until(scheduler, at_ms(2000));
  EXPECT_EQ(finish_of(finishes, tasks[1]), 1020 * kMs);
  EXPECT_EQ(finishes[1].times.stolen, milliseconds(1000));
  EXPECT_EQ(finishes[1].times.queued, milliseconds(10));
}

TEST(FluidSupply, ATaskCannotGatherPartsOfSeveralCores) {
  // 0.75 + 0.25 of two cores: a lone task runs on the better one. The missing share of the machine
  // is half, but only a quarter of this task's time was lost by it.
  Host host(2);
  const auto tasks = host.tasks(2);
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.set_supply(kCore0, kFullSpeed / 4, at_ms(0));
  scheduler.set_supply(kCore1, kFullSpeed / 4 * 3, at_ms(0));
  scheduler.demand(tasks[0], cpu_ms(30), at_ms(0));
  EXPECT_EQ(scheduler.speed(tasks[0]), kFullSpeed / 4 * 3);
  const auto finishes = run_until(scheduler, at_ms(40));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 40 * kMs);
  EXPECT_EQ(finishes[0].times.stolen, milliseconds(10));
  // Two tasks share the sum.
  scheduler.demand(tasks[0], kEndless, at_ms(40));
  scheduler.demand(tasks[1], kEndless, at_ms(40));
  EXPECT_EQ(scheduler.speed(tasks[0]), kFullSpeed / 2);
}

TEST(FluidSupply, TwoTasksCannotUseThreePartialCores) {
  // 1 + 0.25 + 0.25: two tasks are on two cores at a time, so they get 1.25 between them, not 1.5.
  Host host(3);
  const auto tasks = host.tasks(2);
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.set_supply(kCore0, kFullSpeed / 4, at_ms(0));
  scheduler.set_supply(kCore1, kFullSpeed / 4, at_ms(0));
  for (const TaskId task : tasks) scheduler.demand(task, kEndless, at_ms(0));
  EXPECT_EQ(scheduler.speed(tasks[0]), kFullSpeed / 8 * 5);
}

TEST(FluidSupply, ThrottledTimeIsNotStolen) {
  // Quota 10/100 on half a core: 10 ms of work take 20 ms, then throttled to 100, the rest of 5 ms
  // takes 10 ms.
  Host host(1);
  const TaskId task =
      host.task(host.limited_group(kRootGroup, 1024, {cpu_ms(10), milliseconds(100), CpuTime(0)}));
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.set_supply(kCore0, kFullSpeed / 2, at_ms(0));
  scheduler.demand(task, cpu_ms(15), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(200));
  EXPECT_EQ(finish_of(finishes, task), 110 * kMs);
  EXPECT_EQ(finishes[0].times.running, milliseconds(15));
  EXPECT_EQ(finishes[0].times.stolen, milliseconds(15));
  EXPECT_EQ(finishes[0].times.throttled, milliseconds(80));
  EXPECT_EQ(finishes[0].times.queued, Duration(0));
}

TEST(FluidCoincidence, ATaskThatIsDoneDoesNotRunOnWhenSomethingElseIsHandledFirst) {
  // At 10 ms task a is done; the demand of b at the same instant comes before the advance.
  Host host(1);
  const TaskId a = host.task();
  const TaskId b = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(a, cpu_ms(10), at_ms(0));
  scheduler.demand(b, cpu_ms(1), at_ms(10));
  EXPECT_EQ(scheduler.next_instant(), at_ms(10));
  EXPECT_EQ(scheduler.speed(a), 0u);
  EXPECT_EQ(scheduler.speed(b), kFullSpeed);
  EXPECT_EQ(scheduler.burst_so_far(a, at_ms(10)).running, milliseconds(10));
  const auto finishes = run_until(scheduler, at_ms(20));
  ASSERT_EQ(finishes.size(), 2u);
  EXPECT_EQ(finish_of(finishes, a), 10 * kMs);
  EXPECT_EQ(finish_of(finishes, b), 11 * kMs);
}

TEST(FluidCoincidence, ATaskKilledAtTheInstantItIsDoneIsNotReported) {
  Host host(1);
  const TaskId task = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(task, cpu_ms(10), at_ms(0));
  EXPECT_EQ(scheduler.withdraw(task, at_ms(10)).running, milliseconds(10));
  EXPECT_TRUE(run_until(scheduler, at_ms(20)).empty());
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(20)).usage, cpu_ms(10));
}

TEST(FluidCoincidence, TiesAreReportedByTaskIdAcrossGroups) {
  Host host(4);
  const GroupId a = host.group(kRootGroup, 100);
  const TaskId first = host.task(kRootGroup);
  const TaskId second = host.task(a);
  const TaskId third = host.task(kRootGroup, 2048);
  FluidScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : {third, second, first}) scheduler.demand(task, cpu_ms(1), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(1));
  ASSERT_EQ(finishes.size(), 3u);
  EXPECT_EQ(finishes[0].task, first);
  EXPECT_EQ(finishes[1].task, second);
  EXPECT_EQ(finishes[2].task, third);
}

TEST(FluidMisuse, IsRefused) {
  Host host(1);
  const TaskId task = host.task();
  FluidScheduler scheduler(host.topology, host.phases);
  EXPECT_THROW(scheduler.withdraw(task, at_ms(0)), Bug);
  EXPECT_THROW(scheduler.demand(task, CpuTime(0), at_ms(0)), Bug);
  scheduler.demand(task, cpu_ms(10), at_ms(0));
  EXPECT_THROW(scheduler.demand(task, cpu_ms(1), at_ms(1)), Bug);  // it is runnable already
  EXPECT_THROW(scheduler.withdraw(task, at_ms(11)), Bug);          // the end at 10 was missed
  EXPECT_THROW(scheduler.set_supply(kCore0, kFullSpeed + 1, at_ms(2)), Bug);
}

}  // namespace
}  // namespace cotenant::cpu_test
