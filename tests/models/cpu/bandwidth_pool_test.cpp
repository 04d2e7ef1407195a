// SPDX-License-Identifier: Apache-2.0
//
// The pool of a quota by itself: slices, what goes back, refills, debt, the timer that stops and
// keeps its phase, burst. And both ways of throttling through the scheduler.
#include <gtest/gtest.h>

#include "models/cpu/bandwidth.h"
#include "models/cpu/eevdf.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

constexpr std::int64_t kSlice = 5 * kMs;

BandwidthPool pool_of(std::int64_t quota_ms, std::int64_t burst_ms, std::int64_t phase_ms = 0) {
  return BandwidthPool({cpu_ms(quota_ms), milliseconds(100), cpu_ms(burst_ms)},
                       milliseconds(phase_ms), KernelParameters());
}

TEST(BandwidthPool, HandsOutSlicesUntilItIsEmpty) {
  BandwidthPool pool = pool_of(12, 0);
  EXPECT_EQ(pool.next_instant(), Instant::never());
  EXPECT_EQ(pool.fetch(0, kSlice, at_ms(1)), 5 * kMs);
  EXPECT_EQ(pool.next_instant(), at_ms(100));
  EXPECT_EQ(pool.fetch(-1 * kMs, kSlice, at_ms(6)), 5 * kMs);  // 6 of it: the overrun is paid
  EXPECT_EQ(pool.fetch(0, kSlice, at_ms(11)), 1 * kMs);
  EXPECT_TRUE(pool.empty());
  EXPECT_EQ(pool.fetch(-3 * kMs, kSlice, at_ms(15)), -3 * kMs);
}

TEST(BandwidthPool, TakesBackAllButOneMillisecond) {
  BandwidthPool pool = pool_of(12, 0);
  EXPECT_EQ(pool.fetch(0, kSlice, at_ms(1)), 5 * kMs);
  EXPECT_EQ(pool.give_back(4 * kMs, false, at_ms(2)), 1 * kMs);
  EXPECT_EQ(pool.give_back(kMs / 2, false, at_ms(2)), kMs / 2);
  EXPECT_EQ(pool.fetch(0, 50 * kMs, at_ms(3)), 10 * kMs);  // 12 - 5 + 3
}

TEST(BandwidthPool, ABankSavesWhatIsNotUsedWhileNobodyRuns) {
  Bandwidth bandwidth{cpu_ms(10), milliseconds(100), cpu_ms(500)};
  bandwidth.credits = cpu_ms(30);
  BandwidthPool bank(bandwidth, Duration(0), KernelParameters());
  // 30 ms of credits, and the refill at 0.
  EXPECT_EQ(bank.fetch(0, 1'000 * kMs, at_ms(50)), 40 * kMs);
  EXPECT_FALSE(bank.timer_due(at_ms(100), false));  // 10 ms come, and nobody uses them
  EXPECT_FALSE(bank.timer_due(at_ms(200), false));  // 20 ms, and the timer stops
  EXPECT_EQ(bank.next_instant(), Instant::never());
  // 1 s later there were nine more refills; Linux would know of none of them.
  EXPECT_EQ(bank.fetch(0, 1'000 * kMs, at_ms(1'150)), 110 * kMs);
  EXPECT_EQ(bank.next_instant(), at_ms(1'200));
  EXPECT_FALSE(bank.timer_due(at_ms(1'200), false));
  EXPECT_FALSE(bank.timer_due(at_ms(1'300), false));
  // A day of refills does not fit: a quota and a full bank do.
  EXPECT_EQ(bank.fetch(0, 1'000'000 * kMs, at_ms(86'400'000)), 510 * kMs);
}

TEST(BandwidthPool, ABankSaysWhatIsLeftAndTheLeastThatEverWas) {
  Bandwidth bandwidth{cpu_ms(10), milliseconds(100), cpu_ms(500)};
  bandwidth.credits = cpu_ms(30);
  BandwidthPool bank(bandwidth, Duration(0), KernelParameters());
  const auto usage = [&](Instant now) {
    GroupUsage counted;
    bank.count_into(counted, now);
    return counted;
  };
  EXPECT_EQ(bank.fetch(0, 35 * kMs, at_ms(50)), 35 * kMs);  // of 30, and the refill at 0
  EXPECT_EQ(usage(at_ms(60)).credits, cpu_ms(5));
  EXPECT_FALSE(bank.timer_due(at_ms(100), false));
  EXPECT_FALSE(bank.timer_due(at_ms(200), false));  // the timer stops, and they go on growing
  EXPECT_EQ(usage(at_ms(1'050)).credits, cpu_ms(105));
  EXPECT_EQ(usage(at_ms(1'050)).least_credits, cpu_ms(5));
  BandwidthPool limit(Bandwidth{cpu_ms(10), milliseconds(100), cpu_ms(5)}, Duration(0),
                      KernelParameters());
  GroupUsage of_limit;
  limit.count_into(of_limit, at_ms(60));
  EXPECT_FALSE(of_limit.has_credits());
}

TEST(BandwidthPool, ReturnedQuotaIsHandedToThrottledCpusAfterFiveMilliseconds) {
  BandwidthPool pool = pool_of(20, 0);
  EXPECT_EQ(pool.fetch(0, 20 * kMs, at_ms(1)), 20 * kMs);
  EXPECT_EQ(pool.give_back(10 * kMs, true, at_ms(10)), 1 * kMs);
  EXPECT_EQ(pool.next_instant(), at_ms(15));
  EXPECT_TRUE(pool.timer_due(at_ms(15), true));
  EXPECT_EQ(pool.pay_debt(-2 * kMs), 1);
  EXPECT_EQ(pool.next_instant(), at_ms(100));
  // Less than a slice is not worth it, nor is anything shortly before the refill.
  BandwidthPool late = pool_of(20, 0);
  EXPECT_EQ(late.fetch(0, 20 * kMs, at_ms(1)), 20 * kMs);
  EXPECT_EQ(late.give_back(10 * kMs, true, at_ms(95)), 1 * kMs);
  EXPECT_EQ(late.next_instant(), at_ms(100));
}

TEST(BandwidthPool, TheTimerStopsAfterAnIdlePeriodAndKeepsItsPhase) {
  BandwidthPool pool = pool_of(20, 0, 30);
  EXPECT_EQ(pool.fetch(0, kSlice, at_ms(5)), 5 * kMs);
  EXPECT_EQ(pool.next_instant(), at_ms(30));
  EXPECT_FALSE(pool.timer_due(at_ms(30), false));  // used since it was started
  EXPECT_EQ(pool.next_instant(), at_ms(130));
  EXPECT_FALSE(pool.timer_due(at_ms(130), false));  // not used: it stops
  EXPECT_EQ(pool.next_instant(), Instant::never());
  EXPECT_EQ(pool.fetch(0, kSlice, at_ms(777)), 5 * kMs);
  EXPECT_EQ(pool.next_instant(), at_ms(830));
  GroupUsage usage;
  pool.count_into(usage, at_ms(777));
  EXPECT_EQ(usage.nr_periods, 2u);
  EXPECT_EQ(usage.nr_throttled, 0u);
}

TEST(BandwidthPool, ARefillAddsUpToQuotaAndBurst) {
  BandwidthPool pool = pool_of(20, 10);
  EXPECT_EQ(pool.fetch(0, 100 * kMs, at_ms(1)), 30 * kMs);
  EXPECT_TRUE(pool.timer_due(at_ms(100), true));
  EXPECT_EQ(pool.pay_debt(-25 * kMs), -5 * kMs);  // all there is, and it still owes
  EXPECT_TRUE(pool.timer_due(at_ms(200), true));
  EXPECT_EQ(pool.pay_debt(-5 * kMs), 1);
  EXPECT_EQ(pool.fetch(0, 100 * kMs, at_ms(201)), 15 * kMs - 1);
  GroupUsage usage;
  pool.count_into(usage, at_ms(201));
  EXPECT_EQ(usage.nr_periods, 2u);
  EXPECT_EQ(usage.nr_throttled, 2u);
  EXPECT_EQ(usage.nr_bursts, 1u);  // the first period used 10 ms more than the quota
  EXPECT_EQ(usage.burst_time, cpu_ms(10));
}

// A hog of a limited group beside a hog of another, 10 s; the CPU of the limited one in cores.
double limited_beside_hog(ThrottleLevel level, bool nested) {
  Host host(1);
  host.topology.kernel.throttle_level = level;
  host.topology.kernel.idle_wake = IdleWake::none();
  const GroupId limited =
      host.limited_group(kRootGroup, 1024, {cpu_ms(20), milliseconds(100), CpuTime(0)});
  const GroupId inside = nested ? host.group(limited, 300) : limited;
  const auto tasks = host.tasks(3, inside);
  const TaskId other = host.task(host.group(kRootGroup, 1024));
  EevdfScheduler scheduler(host.topology, host.phases);
  for (const TaskId task : tasks) scheduler.demand(task, kEndless, at_ms(0));
  scheduler.demand(other, kEndless, at_ms(0));
  run_until(scheduler, at_ms(10'000));
  const GroupUsage usage = scheduler.group_usage(limited, at_ms(10'000));
  EXPECT_GE(usage.nr_throttled, usage.nr_periods - 1);
  EXPECT_EQ(scheduler.burst_so_far(other, at_ms(10'000)).throttled, Duration(0));
  Duration throttled;
  for (const TaskId task : tasks) {
    throttled += scheduler.burst_so_far(task, at_ms(10'000)).throttled;
  }
  // Each of the three is held back while the queue is: five ticks of its own take 36 or 40 ms
  // beside the hog, so 64 or 60 of 100 ms.
  EXPECT_NEAR(static_cast<double>(throttled.count()) / 3, 6.2e9, 2.5e8);
  return static_cast<double>(usage.usage.count()) / 1e10;
}

TEST(BandwidthThrottling, TasksAndQueuesAreStoppedAlike) {
  for (const bool nested : {false, true}) {
    EXPECT_NEAR(limited_beside_hog(ThrottleLevel::task, nested), 0.2, 0.002);
    EXPECT_NEAR(limited_beside_hog(ThrottleLevel::queue, nested), 0.2, 0.002);
  }
}

TEST(BandwidthThrottling, AChildStopsWithItsParentAndCountsForItself) {
  // The child may use 50, the parent 20 of 100 ms: the parent is throttled, the child never.
  Host host(1);
  const GroupId parent =
      host.limited_group(kRootGroup, 1024, {cpu_ms(20), milliseconds(100), CpuTime(0)});
  const GroupId child =
      host.limited_group(parent, 1024, {cpu_ms(50), milliseconds(100), CpuTime(0)});
  const TaskId task = host.task(child);
  EevdfScheduler scheduler(host.topology, host.phases);
  scheduler.demand(task, kEndless, at_ms(0));
  run_until(scheduler, at_ms(5'000));
  EXPECT_NEAR(static_cast<double>(scheduler.group_usage(child, at_ms(5'000)).usage.count()) / 5e9,
              0.2, 0.003);
  EXPECT_GE(scheduler.group_usage(parent, at_ms(5'000)).nr_throttled, 48u);
  EXPECT_EQ(scheduler.group_usage(child, at_ms(5'000)).nr_throttled, 0u);
}

TEST(BandwidthThrottling, ContinuousChargingEndsAtTheQuotaAndTicksDoNot) {
  // From 0 with ticks at 4, 8, ...: 18 ms of quota end at 18 ms if the task reads its clock all the
  // time, and at the tick at 20 ms if not. The wake-up of the idle core is free here.
  for (const bool continuous : {true, false}) {
    Host host(1);
    host.topology.kernel.idle_wake = IdleWake::none();
    const GroupId group = host.limited_group(
        kRootGroup, 1024, {cpu_ms(18), milliseconds(100), CpuTime(0)}, milliseconds(90));
    const TaskId task = host.task(group);
    host.topology.tasks[task].charges_continuously = continuous;
    EevdfScheduler scheduler(host.topology, host.phases);
    scheduler.demand(task, kEndless, at_ms(0));
    run_until(scheduler, at_ms(89));
    EXPECT_EQ(scheduler.burst_so_far(task, at_ms(89)).running, milliseconds(continuous ? 18 : 20));
    EXPECT_EQ(scheduler.burst_so_far(task, at_ms(89)).throttled,
              milliseconds(continuous ? 71 : 69));
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
