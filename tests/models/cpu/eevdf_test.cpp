// SPDX-License-Identifier: Apache-2.0
//
// The EEVDF scheduler by hand: instants computed from the rules, on one or two cores. Waking and
// switching cost nothing here unless a test says so; ticks come at 4, 8, 12 ms.
#include "models/cpu/eevdf.h"

#include <gtest/gtest.h>

#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

constexpr CoreId kCore0{0};
constexpr CoreId kCore1{1};

Host free_host(std::uint32_t cores) {
  Host host(cores);
  host.topology.kernel.switch_cost = Duration(0);
  host.topology.kernel.idle_wake = IdleWake::none();
  return host;
}

EevdfScheduler make(const Host& host) { return EevdfScheduler(host.topology, host.phases); }

TEST(Eevdf, ATaskAloneRunsItsWorkExactly) {
  Host host = free_host(1);
  const TaskId task = host.task();
  EevdfScheduler scheduler = make(host);
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
  scheduler.demand(task, CpuTime(9'000'001), Instant(17));
  EXPECT_EQ(scheduler.speed(task), kFullSpeed);
  const auto finishes = run_until(scheduler, at_ms(100));
  ASSERT_EQ(finishes.size(), 1u);
  EXPECT_EQ(finishes[0].at, Instant(9'000'018));
  EXPECT_EQ(finishes[0].times.running, Duration(9'000'001));
  EXPECT_EQ(elapsed(finishes[0].times), Duration(9'000'001));
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
}

TEST(Eevdf, SlicesEndAtTicksOnly) {
  // Two equal tasks: the base slice of 0.7 ms is over long before the tick at 4 ms, but only the
  // tick notices. So 6 ms of work each: A 0-4, B 4-8, A 8-10, B 10-12.
  Host host = free_host(1);
  const auto tasks = host.tasks(2);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(6), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(50));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 10 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[1]), 12 * kMs);
  EXPECT_EQ(finishes[0].times.queued, milliseconds(4));
  EXPECT_EQ(finishes[1].times.queued, milliseconds(6));
}

TEST(Eevdf, WhoGoesOnAtTheSameInstantHasNotSlept) {
  // A wants 1 ms and then at once another: it keeps the core although B waits. Had it slept for no
  // time, B would have got the core at 1 ms.
  Host host = free_host(1);
  const auto tasks = host.tasks(2);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(1), at_ms(0));
  std::vector<Completion> completed;
  scheduler.advance(at_ms(1), completed);
  ASSERT_EQ(completed.size(), 1u);
  EXPECT_EQ(completed[0].task, tasks[0]);
  EXPECT_EQ(scheduler.next_instant(), at_ms(1));  // B has to be let in, unless A goes on
  EevdfScheduler other = scheduler;
  scheduler.demand(tasks[0], cpu_ms(1), at_ms(1));
  EXPECT_EQ(scheduler.speed(tasks[0]), kFullSpeed);
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(9)), tasks[0]), 2 * kMs);
  EXPECT_EQ(finish_of(run_until(other, at_ms(9)), tasks[1]), 2 * kMs);
}

TEST(Eevdf, ASleeperTakesTheCoreFromASpinnerAndASpinnerDoesNotFromAnother) {
  // The sleeper wakes at 5 ms with lag zero and the shorter wait: its deadline is V + slice, that
  // of the spinner was renewed at the tick at 4 ms. The spinner's slice of 0.7 ms is over at 4.7.
  Host host = free_host(1);
  const auto tasks = host.tasks(2);
  EevdfScheduler scheduler = make(host);
  scheduler.demand(tasks[0], kEndless, at_ms(0));
  run_until(scheduler, at_ms(5));
  scheduler.demand(tasks[1], CpuTime(200'000), at_ms(5));
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(9)), tasks[1]), 5'200'000);
  // One that wakes 0.3 ms after the tick finds the slice protected and waits for the next tick.
  Host again = free_host(1);
  const auto both = again.tasks(2);
  EevdfScheduler second = make(again);
  second.demand(both[0], kEndless, at_ms(0));
  run_until(second, Instant(4'300'000));
  second.demand(both[1], CpuTime(200'000), Instant(4'300'000));
  EXPECT_EQ(finish_of(run_until(second, at_ms(20)), both[1]), 8'200'000);
}

TEST(Eevdf, BatchAndIdleTasksDoNotPreempt) {
  for (const SchedulingPolicy policy : {SchedulingPolicy::batch, SchedulingPolicy::idle}) {
    Host host = free_host(1);
    const auto tasks = host.tasks(2);
    host.topology.tasks[tasks[1]].policy = policy;
    EevdfScheduler scheduler = make(host);
    scheduler.demand(tasks[0], kEndless, at_ms(0));
    run_until(scheduler, at_ms(5));
    scheduler.demand(tasks[1], CpuTime(200'000), at_ms(5));
    EXPECT_EQ(scheduler.speed(tasks[1]), 0u);
    EXPECT_GE(finish_of(run_until(scheduler, at_ms(4000)), tasks[1]), 8'200'000);
  }
}

TEST(Eevdf, AnIdleTaskYieldsToANormalOneAtOnce) {
  Host host = free_host(1);
  const auto tasks = host.tasks(2);
  host.topology.tasks[tasks[0]].policy = SchedulingPolicy::idle;
  EevdfScheduler scheduler = make(host);
  scheduler.demand(tasks[0], kEndless, at_ms(0));
  run_until(scheduler, Instant(4'300'000));  // its slice is protected, but not from normal tasks
  scheduler.demand(tasks[1], cpu_ms(300), Instant(4'300'000));
  EXPECT_EQ(scheduler.speed(tasks[1]), kFullSpeed);
  // Weight 3 against 1024: it gets a tick about every 1.4 s.
  run_until(scheduler, at_ms(300));
  EXPECT_LE(scheduler.burst_so_far(tasks[0], at_ms(300)).running, milliseconds(9));
}

TEST(Eevdf, WakingAnIdleCoreAndSwitchingTakeTime) {
  // Idle for long: 80 us. After 0.2 ms: 28 us. B follows A on a busy core after 3 us, which its
  // group pays.
  Host host(1);
  const GroupId group = host.group(kRootGroup, 1024);
  const TaskId a = host.task();
  const TaskId b = host.task(group);
  EevdfScheduler scheduler = make(host);
  scheduler.demand(a, cpu_ms(1), at_ms(0));
  EXPECT_EQ(scheduler.speed(a), 0u);
  scheduler.demand(b, cpu_ms(1), at_ms(0));
  auto finishes = run_until(scheduler, at_ms(3));
  EXPECT_EQ(finish_of(finishes, a), 1'080'000);
  EXPECT_EQ(finishes[0].times.queued, microseconds(80));
  EXPECT_EQ(finish_of(finishes, b), 2'083'000);
  EXPECT_EQ(finishes[1].times.queued, microseconds(1'083));
  EXPECT_EQ(scheduler.group_usage(group, at_ms(3)).usage, CpuTime(1'003'000));
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(3)).usage, CpuTime(2'003'000));
  EevdfScheduler fresh = make(host);
  fresh.demand(a, cpu_ms(1), at_ms(0));
  run_until(fresh, Instant(1'280'000));
  fresh.demand(a, cpu_ms(1), Instant(1'280'000));
  EXPECT_EQ(finish_of(run_until(fresh, at_ms(5)), a), 2'308'000);
}

TEST(Eevdf, AStoppedCoreStealsFromWhoIsOnIt) {
  // 10 ms: 3 at full speed, stopped until 20, then half speed.
  Host host = free_host(1);
  const TaskId task = host.task();
  EevdfScheduler scheduler = make(host);
  scheduler.demand(task, cpu_ms(10), at_ms(0));
  scheduler.set_supply(kCore0, 0, at_ms(3));
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
  EXPECT_EQ(scheduler.speed(task), 0u);
  scheduler.set_supply(kCore0, kFullSpeed / 2, at_ms(20));
  const auto finishes = run_until(scheduler, at_ms(100));
  EXPECT_EQ(finish_of(finishes, task), 34 * kMs);
  EXPECT_EQ(finishes[0].times.stolen, milliseconds(24));
  EXPECT_EQ(finishes[0].times.queued, Duration(0));
}

TEST(Eevdf, TasksGoToIdleCoresAndIdleCoresFetchTasks) {
  // Three tasks of 10 ms on two cores: A and B get a core each; C waits where it started until the
  // tick and shares; whoever ends first leaves its core to the one that waits.
  Host host = free_host(2);
  const auto tasks = host.tasks(3);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(10), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(100));
  ASSERT_EQ(finishes.size(), 3u);
  // 30 ms of work on two cores without a gap is 15 ms each, unless the last two end together.
  EXPECT_LE(finishes[2].at, at_ms(18));
  EXPECT_GE(finishes[2].at, at_ms(15));
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(100)).usage, cpu_ms(30));
}

TEST(Eevdf, ACpusetIsAHardLimit) {
  Host host = free_host(2);
  const auto tasks = host.tasks(2);
  host.topology.cpusets.push_back({kCore1});
  for (const TaskId task : tasks) host.topology.tasks[task].cpus = CpuSetId(0);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(6), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(50));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 10 * kMs);  // as on a single core
  EXPECT_EQ(finish_of(finishes, tasks[1]), 12 * kMs);
}

TEST(Eevdf, WithdrawalLeavesNothingBehind) {
  Host host = free_host(1);
  const auto tasks = host.tasks(3);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, kEndless, at_ms(0));
  run_until(scheduler, at_ms(5));
  EXPECT_EQ(scheduler.withdraw(tasks[1], at_ms(5)).running, milliseconds(1));  // it is running
  EXPECT_EQ(scheduler.withdraw(tasks[2], at_ms(5)).queued, milliseconds(5));   // it waits
  run_until(scheduler, at_ms(20));
  EXPECT_EQ(scheduler.burst_so_far(tasks[0], at_ms(20)).running, milliseconds(19));
  EXPECT_EQ(scheduler.withdraw(tasks[0], at_ms(20)).running, milliseconds(19));
  std::vector<Completion> none;
  scheduler.advance(at_ms(21), none);
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
}

TEST(Eevdf, ACompletionOfTheInstantOfSomethingElseIsNotLost) {
  Host host = free_host(1);
  const auto tasks = host.tasks(2);
  EevdfScheduler scheduler = make(host);
  scheduler.demand(tasks[0], cpu_ms(3), at_ms(0));
  scheduler.demand(tasks[1], cpu_ms(3), at_ms(3));  // at the instant of the completion
  EXPECT_EQ(scheduler.next_instant(), at_ms(3));
  const auto finishes = run_until(scheduler, at_ms(20));
  EXPECT_EQ(finish_of(finishes, tasks[0]), 3 * kMs);
  EXPECT_EQ(finish_of(finishes, tasks[1]), 6 * kMs);
}

TEST(Eevdf, WaitAndPressureAreCounted) {
  // Two tasks of a group share a core for 12 ms: one always waits. The other group does not notice.
  Host host = free_host(1);
  const GroupId group = host.group(kRootGroup, 1024);
  const GroupId other = host.group(kRootGroup, 1024);
  const auto tasks = host.tasks(2, group);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(6), at_ms(0));
  run_until(scheduler, at_ms(50));
  const GroupUsage usage = scheduler.group_usage(group, at_ms(50));
  EXPECT_EQ(usage.pressure_some, milliseconds(10));   // A ends at 10 ms
  EXPECT_EQ(usage.run_queue_wait, milliseconds(10));  // 4 and 6
  EXPECT_EQ(scheduler.group_usage(other, at_ms(50)).pressure_some, Duration(0));
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(50)).run_queue_wait, milliseconds(10));
}

TEST(Eevdf, AnIdleCoreUsesNothing) {
  // Nothing tells the scheduler that time passes while it has nothing to do, as at the end of a
  // run.
  Host host = free_host(1);
  const auto tasks = host.tasks(1);
  EevdfScheduler scheduler = make(host);
  scheduler.demand(tasks[0], cpu_ms(3), at_ms(0));
  std::vector<Completion> completed;
  scheduler.advance(at_ms(3), completed);
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(100)).usage, cpu_ms(3));
}

TEST(Eevdf, ThousandsOfTasksOnOneQueueTakeTurns) {
  // 4,000 tasks of 1 ms each demand at once: all are served, in 4 s, none twice before all once.
  Host host = free_host(1);
  const auto tasks = host.tasks(4'000);
  EevdfScheduler scheduler = make(host);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(1), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(4'000));
  EXPECT_EQ(finishes.size(), tasks.size());
  EXPECT_EQ(finishes.back().at, at_ms(4'000));
}

}  // namespace
}  // namespace cotenant::cpu_test
