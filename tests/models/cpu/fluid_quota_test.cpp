// SPDX-License-Identifier: Apache-2.0
//
// CPU quotas of the fluid scheduler against closed forms. The names in comments are rows of the
// oracle group cpu-quota. The rows about distributions are checked through their law at the phases
// where it has its extremes, and at every phase in LoneJobFollowsTheLawAtEveryPhase.
#include <gtest/gtest.h>

#include "models/cpu/fluid.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

Bandwidth per_period(std::int64_t quota_us, std::int64_t period_us, std::int64_t burst_us = 0) {
  return {CpuTime(quota_us * 1'000), microseconds(period_us), CpuTime(burst_us * 1'000)};
}

struct LoneJob {
  Instant finish;
  BurstTimes times;
  GroupUsage usage;
};

// `threads` tasks that need `work` each and start together at 0 on as many cores; the first refill
// comes at `phase`.
LoneJob run_lone_job(int threads, CpuTime work, Bandwidth bandwidth, Duration phase) {
  Host host(static_cast<std::uint32_t>(threads));
  const GroupId group = host.limited_group(kRootGroup, 1024, bandwidth, phase);
  const auto tasks = host.tasks(threads, group);
  FluidScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, work, Instant(0));
  const Instant end(60'000 * kMs);
  const auto finishes = run_until(scheduler, end);
  EXPECT_EQ(finishes.size(), tasks.size());
  return {finishes.back().at, finishes.back().times, scheduler.group_usage(group, end)};
}

struct QuotaRow {
  const char* name;
  std::int64_t cpu_us, quota_us, period_us;
  std::int64_t max_us, min_us;
  std::uint64_t throttled_periods;
};

// The rows quota-*-max, -min and -throttled-periods-max.
constexpr QuotaRow kRows[] = {
    {"quota-50-20-100", 50'000, 20'000, 100'000, 210'000, 130'000, 2},
    {"quota-60-20-100", 60'000, 20'000, 100'000, 220'000, 140'000, 2},
    {"quota-200-40-100", 200'000, 40'000, 100'000, 440'000, 380'000, 4},
    {"quota-35-10-50", 35'000, 10'000, 50'000, 155'000, 115'000, 3},
    {"quota-150-50-100", 150'000, 50'000, 100'000, 250'000, 200'000, 2},
    {"quota-7-2.5-10", 7'000, 2'500, 10'000, 22'000, 14'500, 2},
    {"quota-1000-400-1000", 1'000'000, 400'000, 1'000'000, 2'200'000, 1'600'000, 2},
};

TEST(FluidQuota, ALoneJobThatStartsWithThePeriodWaitsLongest) {
  for (const QuotaRow& row : kRows) {
    SCOPED_TRACE(row.name);
    const LoneJob job = run_lone_job(1, CpuTime(row.cpu_us * 1'000),
                                     per_period(row.quota_us, row.period_us), Duration(0));
    EXPECT_EQ(job.finish, Instant(row.max_us * 1'000));
    EXPECT_EQ(job.usage.nr_throttled, row.throttled_periods);
    // One period more is active than throttled: the job ends within its quota.
    EXPECT_EQ(job.usage.nr_periods, row.throttled_periods + 1);
    EXPECT_EQ(job.usage.usage, CpuTime(row.cpu_us * 1'000));
    EXPECT_EQ(job.times.running, microseconds(row.cpu_us));
    EXPECT_EQ(job.times.throttled, microseconds(row.max_us - row.cpu_us));
    EXPECT_EQ(job.usage.throttled_time, job.times.throttled);
    EXPECT_EQ(job.times.queued, Duration(0));
  }
}

TEST(FluidQuota, ALoneJobThatStartsOneQuotaBeforeARefillWaitsLeast) {
  // At phase p - q of the period the refill comes just when the pool runs dry: no throttling there.
  for (const QuotaRow& row : kRows) {
    SCOPED_TRACE(row.name);
    const LoneJob job =
        run_lone_job(1, CpuTime(row.cpu_us * 1'000), per_period(row.quota_us, row.period_us),
                     microseconds(row.quota_us));
    EXPECT_EQ(job.finish, Instant(row.min_us * 1'000));
    EXPECT_EQ(job.usage.nr_throttled, row.throttled_periods - 1);
  }
}

// The law: m = ceil(c/q) - 1, s = c - mq, d = p - q; the job starts u after a refill.
std::int64_t law(std::int64_t c, std::int64_t q, std::int64_t p, std::int64_t u) {
  if (c <= q) return c;
  const std::int64_t m = (c + q - 1) / q - 1;
  const std::int64_t s = c - m * q;
  const std::int64_t d = p - q;
  if (u <= d) return c + m * d - u;
  return p - u < s ? c + m * d : c + (m - 1) * d;
}

TEST(FluidQuota, LoneJobFollowsTheLawAtEveryPhase) {
  for (const std::int64_t cpu_ms_wanted : {7, 20, 21, 50, 60}) {
    for (std::int64_t u = 0; u < 100; ++u) {
      const LoneJob job = run_lone_job(1, cpu_ms(cpu_ms_wanted), per_period(20'000, 100'000),
                                       milliseconds((100 - u) % 100));
      EXPECT_EQ(job.finish, at_ms(law(cpu_ms_wanted, 20, 100, u))) << cpu_ms_wanted << ' ' << u;
    }
  }
}

TEST(FluidQuota, TwoHundredMillisecondsAtFortyPercentTakeFourHundredAndForty) {
  // quota-indeed-440: 40 ms in each of the periods starting at 0, 100, 200, 300 and 400.
  EXPECT_EQ(run_lone_job(1, cpu_ms(200), per_period(40'000, 100'000), Duration(0)).finish,
            at_ms(440));
}

TEST(FluidQuota, ParallelThreadsUseUpTheQuotaTogether) {
  // quota-par-4-80-50-100-max: 4 x 20 ms; each has 12.5 ms by 12.5 and the other 7.5 from 100 on.
  EXPECT_EQ(run_lone_job(4, cpu_ms(20), per_period(50'000, 100'000), Duration(0)).finish,
            Instant(107'500'000));
  // quota-par-10-200-50-100-max: 10 x 20 ms, 5 ms each per period: four periods.
  EXPECT_EQ(run_lone_job(10, cpu_ms(20), per_period(50'000, 100'000), Duration(0)).finish,
            at_ms(305));
  // quota-par-8-40-20-100-max: 8 x 5 ms, 2.5 ms each per period.
  EXPECT_EQ(run_lone_job(8, cpu_ms(5), per_period(20'000, 100'000), Duration(0)).finish,
            Instant(102'500'000));
}

TEST(FluidQuota, UnusedQuotaBecomesBurst) {
  const Bandwidth bandwidth = per_period(20'000, 100'000, 30'000);
  // quota-burst: idle long before, so 20 + 30 ms are there: 50 ms run at a stretch.
  const LoneJob within = run_lone_job(1, cpu_ms(50), bandwidth, Duration(0));
  EXPECT_EQ(within.finish, at_ms(50));
  EXPECT_EQ(within.usage.nr_throttled, 0u);
  // quota-burst-2: 50 in the first period, then 20 at 100 and 20 at 200.
  EXPECT_EQ(run_lone_job(1, cpu_ms(90), bandwidth, Duration(0)).finish, at_ms(220));
}

TEST(FluidQuota, BurstFillsUpWhileIdleByOneQuotaPerPeriod) {
  // The first job empties the pool of 20 + 30 ms at 50. The refills at 100 and 200 bring 40 ms; so
  // a job of 60 ms at 250 runs 40 ms to 290, waits for 300 and ends at 320.
  Host host(1);
  const TaskId task =
      host.task(host.limited_group(kRootGroup, 1024, per_period(20'000, 100'000, 30'000)));
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(task, cpu_ms(50), at_ms(0));
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(250)), task), 50 * kMs);
  scheduler.demand(task, cpu_ms(60), at_ms(250));
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(1000)), task), 320 * kMs);
}

TEST(FluidQuota, TwoJobsDrainOnePool) {
  // quota-2jobs: on one core they have 10 ms each at 20, the rest of 5 ms each runs from 100 to
  // 110. quota-2jobs-2cores: they have 10 ms each at 10, the rest runs from 100 to 105.
  for (const std::uint32_t core_count : {1u, 2u}) {
    Host host(core_count);
    const GroupId group = host.limited_group(kRootGroup, 1024, per_period(20'000, 100'000));
    const auto tasks = host.tasks(2, group);
    FluidScheduler scheduler(host.topology, host.phases);
    for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(15), at_ms(0));
    const auto finishes = run_until(scheduler, at_ms(500));
    const Instant expected = core_count == 1 ? at_ms(110) : at_ms(105);
    ASSERT_EQ(finishes.size(), 2u);
    for (const Finish& finish : finishes) {
      EXPECT_EQ(finish.at, expected);
      EXPECT_EQ(finish.times.running, milliseconds(15));
      EXPECT_EQ(finish.times.throttled, milliseconds(core_count == 1 ? 80 : 90));
      EXPECT_EQ(finish.times.queued, milliseconds(core_count == 1 ? 15 : 0));
    }
    EXPECT_EQ(scheduler.group_usage(group, at_ms(500)).nr_throttled, 1u);
  }
}

TEST(FluidQuota, WhatALimitedGroupMayNotUseGoesToTheOthers) {
  // quota-2groups: 2 cores, A may use 50 ms per 100 ms, B is free; four hogs each. In a second A
  // gets 0.5 s and B all the rest, 1.5 s; less the rounding of 8 shares of a core to 2^-32.
  Host host(2);
  const GroupId a = host.limited_group(kRootGroup, 1024, per_period(50'000, 100'000));
  const GroupId b = host.group(kRootGroup, 1024);
  host.tasks(4, a);
  host.tasks(4, b);
  FluidScheduler scheduler(host.topology, host.phases);
  for (std::uint32_t i = 0; i < 8; ++i) scheduler.demand(TaskId(i), kEndless, at_ms(0));
  run_until(scheduler, Instant(1'000 * kMs - 1));
  EXPECT_EQ(scheduler.group_usage(a, at_ms(1'000)).usage, cpu_ms(500));
  EXPECT_EQ(scheduler.group_usage(b, at_ms(1'000)).usage, cpu_ms(1'500));
  // It has one core for 50 ms, then it is held back for 50 ms, in each of ten periods.
  EXPECT_EQ(scheduler.group_usage(a, at_ms(1'000)).nr_periods, 10u);
  EXPECT_EQ(scheduler.group_usage(a, at_ms(1'000)).nr_throttled, 10u);
  EXPECT_EQ(scheduler.group_usage(a, at_ms(1'000)).throttled_time, milliseconds(500));
  EXPECT_EQ(scheduler.group_usage(b, at_ms(1'000)).nr_periods, 0u);
}

TEST(FluidQuota, QuotasLeaveTheCoreIdleEvenIfBothWantMore) {
  // quota-over: 30 + 40 ms per 100 ms on one core. A has half the core until 60, B has 30 by then
  // and runs alone to 70; after that nobody may run.
  Host host(1);
  const GroupId a = host.limited_group(kRootGroup, 1024, per_period(30'000, 100'000));
  const GroupId b = host.limited_group(kRootGroup, 1024, per_period(40'000, 100'000));
  const TaskId in_a = host.task(a);
  const TaskId in_b = host.task(b);
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(in_a, kEndless, at_ms(0));
  scheduler.demand(in_b, kEndless, at_ms(0));
  EXPECT_EQ(scheduler.next_instant(), at_ms(60));
  run_until(scheduler, at_ms(60));
  EXPECT_EQ(scheduler.speed(in_a), 0u);
  EXPECT_EQ(scheduler.speed(in_b), kFullSpeed);
  EXPECT_EQ(scheduler.next_instant(), at_ms(70));
  run_until(scheduler, at_ms(70));
  EXPECT_EQ(scheduler.speed(in_b), 0u);
  EXPECT_EQ(scheduler.next_instant(), at_ms(100));
  run_until(scheduler, Instant(1'000 * kMs - 1));
  EXPECT_EQ(scheduler.group_usage(kRootGroup, at_ms(1'000)).usage, cpu_ms(700));
}

TEST(FluidQuota, SaturatedThroughputIsTheQuota) {
  // quota-sat-thr: 20 ms per 100 ms and jobs of 5 ms, always four in line: 40 jobs a second.
  Host host(1);
  const GroupId group = host.limited_group(kRootGroup, 1024, per_period(20'000, 100'000));
  const auto tasks = host.tasks(4, group);
  FluidScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, cpu_ms(5), at_ms(0));
  int finished = 0;
  std::vector<Completion> completed;
  while (scheduler.next_instant() < at_ms(10'000)) {
    const Instant now = scheduler.next_instant();
    completed.clear();
    scheduler.advance(now, completed);
    for (const Completion& done : completed) {
      ++finished;
      scheduler.demand(done.task, cpu_ms(5), now);
    }
  }
  EXPECT_EQ(finished, 400);
}

TEST(FluidQuota, AChildStopsWhenAnyAncestorIsOut) {
  // Child 50/100 in a parent of 20/100: the parent's pool is empty at 20. Held back by the parent,
  // the child counts no throttling of its own, but its task does.
  Host host(1);
  const GroupId parent = host.limited_group(kRootGroup, 1024, per_period(20'000, 100'000));
  const GroupId child = host.limited_group(parent, 1024, per_period(50'000, 100'000));
  const TaskId task = host.task(child);
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(task, cpu_ms(30), at_ms(0));
  const auto finishes = run_until(scheduler, at_ms(200));
  EXPECT_EQ(finish_of(finishes, task), 110 * kMs);
  EXPECT_EQ(finishes[0].times.throttled, milliseconds(80));
  EXPECT_EQ(scheduler.group_usage(parent, at_ms(200)).throttled_time, milliseconds(80));
  EXPECT_EQ(scheduler.group_usage(parent, at_ms(200)).nr_throttled, 1u);
  EXPECT_EQ(scheduler.group_usage(child, at_ms(200)).throttled_time, Duration(0));
  EXPECT_EQ(scheduler.group_usage(child, at_ms(200)).nr_throttled, 0u);
  EXPECT_EQ(scheduler.group_usage(child, at_ms(200)).nr_periods, 2u);
}

TEST(FluidQuota, AnEmptyPoolWithNothingRunnableIsNotThrottled) {
  // The job ends just when the pool does; a second one at 50 finds it empty and waits until 100.
  Host host(1);
  const GroupId group = host.limited_group(kRootGroup, 1024, per_period(20'000, 100'000));
  const TaskId task = host.task(group);
  FluidScheduler scheduler(host.topology, host.phases);
  scheduler.demand(task, cpu_ms(20), at_ms(0));
  EXPECT_EQ(finish_of(run_until(scheduler, at_ms(50)), task), 20 * kMs);
  EXPECT_EQ(scheduler.group_usage(group, at_ms(50)).nr_throttled, 0u);
  EXPECT_EQ(scheduler.next_instant(), Instant::never());
  scheduler.demand(task, cpu_ms(1), at_ms(50));
  EXPECT_EQ(scheduler.group_usage(group, at_ms(50)).nr_throttled, 1u);
  const auto finishes = run_until(scheduler, at_ms(200));
  EXPECT_EQ(finish_of(finishes, task), 101 * kMs);
  EXPECT_EQ(finishes[0].times.throttled, milliseconds(50));
}

// A bank that begins with 30 ms: so much at once, then a quota of 10 ms at each refill. 70 ms of
// work need those at 100, 200, 300 and 400 ms, a nanosecond earlier.
TEST(FluidQuota, ABankBeginsWithItsCreditsAndFillsWhileNobodyRuns) {
  Bandwidth bank = per_period(10'000, 100'000, 500'000);
  bank.credits = CpuTime(30'000'000);
  EXPECT_EQ(run_lone_job(1, CpuTime(70'000'000), bank, Duration(100'000'000 - 1)).finish,
            Instant(410'000'000 - 1));
  // A burst is full at the start.
  EXPECT_EQ(run_lone_job(1, CpuTime(70'000'000), per_period(10'000, 100'000, 500'000), Duration(0))
                .finish,
            Instant(70'000'000));
}

}  // namespace
}  // namespace cotenant::cpu_test
