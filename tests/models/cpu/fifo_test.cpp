// SPDX-License-Identifier: Apache-2.0
//
// First come, first served: order, cores, supply, withdrawal, and a station compared with Lindley's
// recursion.
#include "models/cpu/fifo.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

constexpr CoreId kCore0{0};
constexpr CoreId kCore1{1};

TEST(Fifo, ServesInTheOrderOfDemandAndToTheEnd) {
  Host host(1);
  const auto tasks = host.tasks(3);
  FifoScheduler scheduler(host.topology);
  scheduler.demand(tasks[2], cpu_ms(10), at_ms(0));
  scheduler.demand(tasks[0], cpu_ms(1), at_ms(2));
  scheduler.demand(tasks[1], cpu_ms(1), at_ms(2));
  EXPECT_EQ(scheduler.speed(tasks[2]), kFullSpeed);
  EXPECT_EQ(scheduler.speed(tasks[0]), 0u);
  const auto finishes = run_until(scheduler, at_ms(20));
  EXPECT_EQ(finish_of(finishes, tasks[2]), 10 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[0]), 11 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[1]), 12 * kMs);
  EXPECT_EQ(finishes[2].times.queued, milliseconds(9));
  EXPECT_EQ(finishes[2].times.running, milliseconds(1));
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
}

TEST(Fifo, AQueueOnTwoCoresGoesToTheCoreThatIsFreeFirst) {
  // 10 and 4 ms start at once; the third (7 ms) takes the second core at 4, the fourth the first
  // at 10.
  Host host(2);
  const auto tasks = host.tasks(4);
  FifoScheduler scheduler(host.topology);
  const std::int64_t work[] = {10, 4, 7, 5};
  for (std::size_t i = 0; i < 4; ++i) scheduler.demand(tasks[i], cpu_ms(work[i]), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(20));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 10 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[1]), 4 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[2]), 11 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[3]), 15 * kMs);
}

TEST(Fifo, WaitsFollowLindleysRecursion) {
  // One server, single arrivals: wait(n+1) = max(0, wait(n) + work(n) - gap(n)).
  Host host(1);
  const auto tasks = host.tasks(64);
  FifoScheduler scheduler(host.topology);
  std::vector<Finish> finishes;
  std::vector<std::int64_t> waits;
  std::int64_t arrival = 0;
  std::int64_t wait = 0;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const auto work = static_cast<std::int64_t>(1 + mix64(i) % 1000);
    const auto gap = static_cast<std::int64_t>(1 + mix64(~std::uint64_t{i}) % 1100);
    for (const Finish& finish : run_until(scheduler, Instant(arrival))) finishes.push_back(finish);
    scheduler.demand(tasks[i % tasks.size()], CpuTime(work), Instant(arrival));
    waits.push_back(wait);
    wait = std::max<std::int64_t>(0, wait + work - gap);
    arrival += gap;
  }
  for (const Finish& finish : run_until(scheduler, Instant::never() - Duration(1))) {
    finishes.push_back(finish);
  }
  ASSERT_EQ(finishes.size(), waits.size());
  for (std::size_t i = 0; i < waits.size(); ++i) {
    EXPECT_EQ(finishes[i].times.queued, Duration(waits[i])) << "customer " << i;
  }
}

TEST(Fifo, WhatACoreIsNotSuppliedIsStolenFromItsTask) {
  // 10 ms at half speed from 0 to 10 (5 done), nothing until 30, full speed for the last 5.
  Host host(1);
  const auto tasks = host.tasks(2);
  FifoScheduler scheduler(host.topology);
  scheduler.set_supply(kCore0, kFullSpeed / 2, at_ms(0));
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(10), at_ms(0));
  scheduler.set_supply(kCore0, 0, at_ms(10));
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
  scheduler.set_supply(kCore0, kFullSpeed, at_ms(30));
  const auto finishes = run_until(scheduler, at_ms(100));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 35 * kMs);
  EXPECT_EQ(finishes[0].times.stolen, milliseconds(25));
  EXPECT_EQ(finishes[0].times.running, milliseconds(10));
  EXPECT_EQ(finish_of(finishes, tasks[1]), 45 * kMs);
  EXPECT_EQ(finishes[1].times.queued, milliseconds(35));
  EXPECT_EQ(finishes[1].times.stolen, Duration(0));
}

TEST(Fifo, ANewTaskTakesTheBestSuppliedIdleCoreAndStaysThere) {
  Host host(2);
  const auto tasks = host.tasks(2);
  FifoScheduler scheduler(host.topology);
  scheduler.set_supply(kCore0, kFullSpeed / 4, at_ms(0));
  scheduler.demand(tasks[0], cpu_ms(10), at_ms(0));
  EXPECT_EQ(scheduler.speed(tasks[0]), kFullSpeed);
  scheduler.set_supply(kCore1, 0, at_ms(1));
  EXPECT_EQ(scheduler.speed(tasks[0]), 0u);
  scheduler.demand(tasks[1], cpu_ms(10), at_ms(1));
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(100)), tasks[1]), 41 * kMs);
}

TEST(Fifo, AnEndlessTaskHoldsItsCoreUntilItIsWithdrawn) {
  Host host(1);
  const auto tasks = host.tasks(2);
  FifoScheduler scheduler(host.topology);
  scheduler.demand(tasks[0], kEndless, at_ms(0));
  scheduler.demand(tasks[1], cpu_ms(3), at_ms(0));
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
  EXPECT_EQ(scheduler.withdraw(tasks[0], at_ms(50)).running, milliseconds(50));
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(100)), tasks[1]), 53 * kMs);
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(100)).usage, cpu_ms(53));
}

TEST(Fifo, WithdrawingFromTheMiddleOfTheQueueLeavesTheOrder) {
  Host host(1);
  const auto tasks = host.tasks(5);
  FifoScheduler scheduler(host.topology);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(10), at_ms(0));
  EXPECT_EQ(scheduler.withdraw(tasks[2], at_ms(1)).queued, milliseconds(1));
  EXPECT_EQ(scheduler.withdraw(tasks[4], at_ms(2)).queued, milliseconds(2));
  scheduler.demand(tasks[2], cpu_ms(10), at_ms(3));
  const auto finishes = run_until(scheduler, at_ms(100));
  ASSERT_EQ(finishes.size(), 4u);
  EXPECT_EQ(finishes[1].task, tasks[1]);
  EXPECT_EQ(finishes[2].task, tasks[3]);
  EXPECT_EQ(finishes[3].task, tasks[2]);
  EXPECT_EQ(finishes[3].at, at_ms(40));
}

TEST(Fifo, ATaskThatIsDoneAtTheInstantOfAnotherEventIsNotLost) {
  Host host(1);
  const auto tasks = host.tasks(3);
  FifoScheduler scheduler(host.topology);
  scheduler.demand(tasks[0], cpu_ms(10), at_ms(0));
  scheduler.demand(tasks[1], cpu_ms(10), at_ms(10));  // the end of the first is not handled yet
  EXPECT_EQ(scheduler.next_instant(), at_ms(10));
  EXPECT_EQ(scheduler.speed(tasks[1]), kFullSpeed);
  EXPECT_EQ(scheduler.burst_so_far(tasks[0], at_ms(10)).running, milliseconds(10));
  const auto finishes = run_until(scheduler, at_ms(19));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 10 * kMs);
  // Killed at the instant at which it is done: not reported as well.
  EXPECT_EQ(scheduler.withdraw(tasks[1], at_ms(20)).running, milliseconds(10));
  EXPECT_TRUE(run_until(scheduler, at_ms(30)).empty());
}

TEST(Fifo, OneLongAdvanceEqualsManyShortOnes) {
  Host host(3);
  const auto tasks = host.tasks(40);
  FifoScheduler stepped(host.topology);
  stepped.set_supply(kCore1, 1'234'567, Instant(0));
  for (const TaskId task : tasks) {
    stepped.demand(task, CpuTime(static_cast<std::int64_t>(1 + mix64(task.index()) % 50)),
                   Instant(5));
  }
  FifoScheduler jumped = stepped;
  const auto finishes = run_until(stepped, at_ms(1));
  std::vector<Completion> completed;
  jumped.advance(at_ms(1), completed);
  ASSERT_EQ(completed.size(), finishes.size());
  for (std::size_t i = 0; i < completed.size(); ++i) {
    EXPECT_EQ(completed[i].task, finishes[i].task);
    EXPECT_EQ(elapsed(completed[i].times), finishes[i].at - Instant(5));
  }
  Hasher a;
  Hasher b;
  stepped.hash_into(a);
  jumped.hash_into(b);
  EXPECT_EQ(a.value(), b.value());
}

TEST(Fifo, RefusesWhatItDoesNotHave) {
  Host grouped(1);
  grouped.task(grouped.group(kRootGroup, 100));
  EXPECT_THROW(FifoScheduler{grouped.topology}, Bug);
  Host weighted(1);
  weighted.task(kRootGroup, 1024);
  weighted.task(kRootGroup, 335);
  EXPECT_THROW(FifoScheduler{weighted.topology}, Bug);
}

}  // namespace
}  // namespace cotenant::cpu_test
