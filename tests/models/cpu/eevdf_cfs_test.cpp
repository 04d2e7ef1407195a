// SPDX-License-Identifier: Apache-2.0
//
// The older CFS on the same tree: turns that shrink with the number of tasks, credit for sleepers,
// the granularity of preemption. Numbers follow from latency 6 ms, granularity 0.75 ms, wake-up 1
// ms and a tick of 1 ms. There are no recordings of such a kernel.
#include <gtest/gtest.h>

#include "models/cpu/eevdf.h"
#include "models/cpu/fluid.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

Host cfs_host(std::uint32_t cores) {
  Host host(cores);
  KernelParameters& kernel = host.topology.kernel;
  kernel.fair_class = FairClass::cfs;
  kernel.tick = milliseconds(1);
  kernel.switch_cost = Duration(0);
  kernel.idle_wake = IdleWake::none();
  return host;
}

// How long the first of `count` spinners runs at a stretch in the long run.
Duration turn_of(int count) {
  Host host = cfs_host(1);
  const auto tasks = host.tasks(count);
  EevdfScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, kEndless, at_ms(0));
  run_until(scheduler, at_ms(500));
  while (scheduler.speed(tasks[0]) != 0) run_until(scheduler, scheduler.next_instant());
  while (scheduler.speed(tasks[0]) == 0) run_until(scheduler, scheduler.next_instant());
  const Instant begin = scheduler.next_instant();
  while (scheduler.speed(tasks[0]) != 0) run_until(scheduler, scheduler.next_instant());
  // Both instants are the tick after the one at which the state changed.
  return scheduler.next_instant() - begin;
}

TEST(Cfs, TurnsAreTheLatencyDividedByTheTasks) {
  // Two: 3 ms each, noticed at the first tick after more than that or at it, once the lead of the
  // one over the other exceeds it. Twelve: 0.75 ms, which is a tick. EEVDF: a tick whatever.
  EXPECT_GE(turn_of(2), milliseconds(3));
  EXPECT_LE(turn_of(2), milliseconds(4));
  EXPECT_GE(turn_of(3), milliseconds(2));
  EXPECT_LE(turn_of(3), milliseconds(3));
  EXPECT_EQ(turn_of(12), milliseconds(1));
}

TEST(Cfs, ALongSleeperPreemptsEvenABegunTurn) {
  // It is put 3 ms before the others, which is more than 1 ms. Under EEVDF it would wait: see
  // Eevdf.ASleeperTakesTheCoreFromASpinnerAndASpinnerDoesNotFromAnother.
  Host host = cfs_host(1);
  host.topology.kernel.tick = milliseconds(4);
  const auto tasks = host.tasks(2);
  EevdfScheduler scheduler(host.topology, host.phases);
  scheduler.demand(tasks[0], kEndless, at_ms(0));
  run_until(scheduler, Instant(4'300'000));
  scheduler.demand(tasks[1], CpuTime(200'000), Instant(4'300'000));
  EXPECT_EQ(scheduler.speed(tasks[1]), kFullSpeed);
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(9)), tasks[1]), 4'500'000);
}

TEST(Cfs, WhoWakesHardlyBehindDoesNotPreempt) {
  // B runs 10.4 to 12.4 ms, blocks, and wakes 0.5 ms later. It was put 3 ms behind when it first
  // woke and has made up for 2: 1 ms is left, A has run 0.5 since. The difference of 1.5 preempts;
  // a wake-up granularity of 2 ms does not let it.
  for (const std::int64_t granularity_ms : {1, 2}) {
    Host host = cfs_host(1);
    host.topology.kernel.cfs.wakeup_granularity = milliseconds(granularity_ms);
    const auto tasks = host.tasks(2);
    EevdfScheduler scheduler(host.topology, host.phases);
    scheduler.demand(tasks[0], kEndless, at_ms(0));
    run_until(scheduler, Instant(10'400'000));
    scheduler.demand(tasks[1], cpu_ms(2), Instant(10'400'000));
    EXPECT_EQ(finish_of(run_until(scheduler, Instant(12'900'000)), tasks[1]), 12'400'000);
    scheduler.demand(tasks[1], cpu_ms(1), Instant(12'900'000));
    EXPECT_EQ(scheduler.speed(tasks[1]), granularity_ms == 1 ? kFullSpeed : 0);
  }
}

TEST(Cfs, SharesFollowWeightsAndGroups) {
  // Over ten seconds within half a per cent of the fluid shares.
  Host host = cfs_host(1);
  const GroupId heavy = host.group(kRootGroup, 3072);
  const GroupId light = host.group(kRootGroup, 1024);
  const std::vector<TaskId> tasks = {host.task(heavy), host.task(heavy, 335), host.task(light),
                                     host.task(light), host.task()};
  EevdfScheduler scheduler(host.topology, host.phases);
  FluidScheduler ideal(host.topology, host.phases);
  for (const TaskId task : tasks) {
    scheduler.demand(task, kEndless, at_ms(0));
    ideal.demand(task, kEndless, at_ms(0));
  }
  run_until(scheduler, at_ms(10'000));
  for (const TaskId task : tasks) {
    const auto ran = scheduler.burst_so_far(task, at_ms(10'000)).running;
    EXPECT_NEAR(static_cast<double>(ran.count()) / 1e10, cores(ideal.speed(task)), 0.005);
  }
}

TEST(Cfs, SpinnersGoRoundBetweenTwoCores) {
  Host host = cfs_host(2);
  const auto tasks = host.tasks(3);
  EevdfScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, kEndless, at_ms(0));
  run_until(scheduler, at_ms(20'000));
  for (const TaskId task : tasks) {
    const auto ran = scheduler.burst_so_far(task, at_ms(20'000)).running;
    EXPECT_NEAR(static_cast<double>(ran.count()) / 2e10, 2.0 / 3, 0.02);
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
