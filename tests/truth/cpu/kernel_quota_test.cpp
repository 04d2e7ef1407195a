// SPDX-License-Identifier: Apache-2.0
//
// CPU quotas of Linux 6.18: rows K4 and K5 of what was measured, and the E12_quotaspin and
// E12_quotaper recordings. Nobody sets the phases of the quota timer and of the tick, and the
// result depends on them: a measured pattern must be among those of 16 phases.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/truth/cpu/capture.h"

namespace cotenant::cpu_test {
namespace {

constexpr int kPhases = 16;

GroupUsage difference(const GroupUsage& later, const GroupUsage& earlier) {
  GroupUsage usage;
  usage.usage = later.usage - earlier.usage;
  usage.nr_periods = later.nr_periods - earlier.nr_periods;
  usage.nr_throttled = later.nr_throttled - earlier.nr_throttled;
  usage.throttled_time = later.throttled_time - earlier.throttled_time;
  usage.nr_bursts = later.nr_bursts - earlier.nr_bursts;
  usage.burst_time = later.burst_time - earlier.burst_time;
  return usage;
}

// Counters between two instants.
GroupUsage usage_between(KernelReplay& run, GroupId group, Duration from, Duration to) {
  run.run_for(from);
  const GroupUsage before = run.scheduler().group_usage(group, run.now());
  run.run_for(to - from);
  return difference(run.scheduler().group_usage(group, run.now()), before);
}

double ms(Duration time) { return static_cast<double>(time.count()) / 1e6; }

TEST(KernelQuota, RecordedSpinnersGetTheirQuotaAndAreThrottledAsLong) {
  for (const char* name : {"E12_quotaspin_q20p100_s1", "E12_quotaspin_q20p100_s2",
                           "E12_quotaspin_q20p100_t4_s1", "E12_quotaspin_q2p10_s1"}) {
    SCOPED_TRACE(name);
    const Capture capture(name);
    const auto& measured = capture.summary["groups"]["a"];
    const double per_period =
        measured["throttled_time"].get<double>() / 1e6 / measured["nr_throttled"].get<double>();
    double cpu = 0;
    double throttled = 0;
    for (int phase = 0; phase < kPhases; ++phase) {
      KernelReplay run = replay(capture, phase, kPhases);
      // The recording's own window, from 0.5 s to 4.8 s.
      const GroupUsage usage =
          usage_between(run, capture.groups[0], milliseconds(500), milliseconds(4800));
      cpu += static_cast<double>(usage.usage.count()) / 4.3e9 / kPhases;
      throttled += ms(usage.throttled_time) / static_cast<double>(usage.nr_throttled) / kPhases;
      EXPECT_EQ(usage.nr_periods, usage.nr_throttled);
      EXPECT_NEAR(static_cast<double>(usage.nr_periods), measured["nr_periods"].get<double>(),
                  measured["nr_periods"].get<double>() * 0.03);
    }
    EXPECT_NEAR(cpu, capture.cpu_of("a"), 0.002);
    EXPECT_NEAR(throttled, per_period, per_period * 0.01);
  }
}

TEST(KernelQuota, RecordedRunsAndGapsAreAmongThoseOfThePhases) {
  for (const char* name : {"E12_quotaspin_q20p100_s1", "E12_quotaspin_q20p100_s2",
                           "E12_quotaspin_q20p100_t4_s1", "E12_quotaspin_q2p10_s1"}) {
    SCOPED_TRACE(name);
    const Capture capture(name);
    const auto& measured = capture.summary["tasks"][0];
    double best = 1e9;
    for (int phase = 0; phase < kPhases; ++phase) {
      KernelReplay run = replay(capture, phase, kPhases);
      run.run_for(milliseconds(5400));
      const TaskId task = capture.first_task.front();
      // Phases are 0.25 ms of a tick apart; the tick's own time shortens runs by 20 us each.
      double worst = 0;
      for (const auto& [quantity, p] : {std::pair{"p50", 0.5}, std::pair{"p90", 0.9}}) {
        worst = std::max(
            {worst,
             std::abs(quantile(run.runs(task), p) - measured["run_us"][quantity].get<double>()),
             std::abs(quantile(run.gaps(task), p) - measured["gap_us"][quantity].get<double>())});
      }
      best = std::min(best, worst);
    }
    EXPECT_LT(best, 600) << "us";
  }
}

TEST(KernelQuota, RecordedPeriodicJobsAndTheirCountersAreFoundAgain) {
  for (const char* name : {"E12_quotaper_C5T50_q20p100_s1", "E12_quotaper_C15T100_q20p100_s1",
                           "E12_quotaper_C40T300_q20p100b20_s1"}) {
    SCOPED_TRACE(name);
    const Capture capture(name);
    const auto& measured = capture.summary["groups"]["a"];
    double least = 1e9;
    double most = 0;
    bool same_counts = false;
    for (int phase = 0; phase < kPhases; ++phase) {
      KernelReplay run = replay(capture, phase, kPhases);
      // Jobs begin at 0.1 s of the replay and 0.05 s of the recording, whose window is 0.5 to 7.8
      // s.
      const GroupUsage usage =
          usage_between(run, capture.groups[0], milliseconds(550), milliseconds(7850));
      run.run_for(seconds(1));
      EXPECT_NEAR(static_cast<double>(usage.usage.count()) / 7.3e9, capture.cpu_of("a"), 0.003);
      const double mean_response = mean(responses(run.jobs(capture.first_task[0])));
      least = std::min(least, mean_response);
      most = std::max(most, mean_response);
      const double periods = measured["nr_periods"].get<double>();
      same_counts = same_counts ||
                    (std::abs(static_cast<double>(usage.nr_periods) - periods) <= 0.03 * periods &&
                     usage.nr_bursts == measured["nr_bursts"].get<std::uint64_t>() &&
                     std::abs(static_cast<double>(usage.burst_time.count()) -
                              measured["burst_time"].get<double>()) <= 15e6 &&
                     usage.nr_throttled <= measured["nr_throttled"].get<std::uint64_t>() + 1);
    }
    EXPECT_TRUE(same_counts);
    const double response = mean(capture.responses());
    EXPECT_LT(least, response + 0.05);
    EXPECT_GT(most, response - 0.05);
  }
}

struct Limits {
  std::int64_t quota_ms;
  std::int64_t period_ms;
  int threads;
  std::uint32_t cores;
};

struct OnOff {
  double cpu = 0;          // of the group
  std::vector<double> on;  // ms, of the first thread
  std::vector<double> off;
};

// Of 30 periods after the first, for one of the phases.
OnOff on_off(const Limits& limits, int phase) {
  Host host(limits.cores);
  like_the_recorder(host);
  const Duration period = milliseconds(limits.period_ms);
  const GroupId group = host.limited_group(
      kRootGroup, 1024, {cpu_ms(limits.quota_ms), period, CpuTime(0)}, period * phase / kPhases);
  const TaskId first = host.tasks(limits.threads, group).front();
  KernelReplay run(host,
                   microseconds(13) + host.topology.kernel.tick * (phase * 7 % kPhases) / kPhases);
  run.run_for(period);
  const CpuTime before = run.scheduler().group_usage(group, run.now()).usage;
  run.run_for(period * 30);
  const CpuTime used = run.scheduler().group_usage(group, run.now()).usage - before;
  OnOff pattern;
  pattern.cpu = static_cast<double>(used.count()) / static_cast<double>((period * 30).count());
  for (const double run_us : run.runs(first)) pattern.on.push_back(run_us / 1e3);
  for (const double gap_us : run.gaps(first)) pattern.off.push_back(gap_us / 1e3);
  return pattern;
}

// Whether in some phase the medians of on and off are those, within a quarter of a tick.
bool seen(const Limits& limits, double on, double off) {
  for (int phase = 0; phase < kPhases; ++phase) {
    const OnOff pattern = on_off(limits, phase);
    if (std::abs(quantile(pattern.on, 0.5) - on) < 1 &&
        std::abs(quantile(pattern.off, 0.5) - off) < 1) {
      return true;
    }
  }
  return false;
}

TEST(KernelQuota, K4OnAndOffAreTickQuantizedAndDebtIsRepaid) {
  // 20/100: 19.3 on and 80.7 off five times, then 23.3 and 76.7. 50/100: 52.1 and 47.9 alternate
  // with 48.1 and 51.9. Lengths differ by whole ticks; the mean is the quota.
  for (const std::int64_t quota : {20, 50}) {
    for (int phase = 0; phase < kPhases; ++phase) {
      SCOPED_TRACE(std::to_string(quota) + " phase " + std::to_string(phase));
      const OnOff pattern = on_off({quota, 100, 1, 1}, phase);
      EXPECT_NEAR(pattern.cpu, static_cast<double>(quota) / 100, 0.005);
      // The first run is longer: the kernel hands out 1 ms more before the first refill.
      const auto [least, most] = std::minmax_element(pattern.on.begin() + 2, pattern.on.end());
      EXPECT_LT(*most - *least, 4.05);
      EXPECT_GT(*most, static_cast<double>(quota) - 0.1);
      EXPECT_LT(*least, static_cast<double>(quota) + 0.1);
    }
  }
  EXPECT_TRUE(seen({20, 100, 1, 1}, 19.3, 80.7));
  EXPECT_TRUE(seen({50, 100, 1, 1}, 48.1, 51.9));
}

TEST(KernelQuota, K4PeriodsShorterThanATickBecomeLonger) {
  EXPECT_TRUE(seen({2, 10, 1, 1}, 4, 16));  // every other period is skipped
  EXPECT_TRUE(seen({1, 10, 1, 1}, 4, 36));
  EXPECT_TRUE(seen({7, 100, 1, 1}, 8, 92));
  for (int phase = 0; phase < kPhases; ++phase) {
    EXPECT_NEAR(on_off({2, 10, 1, 1}, phase).cpu, 0.2, 0.012);
    EXPECT_NEAR(on_off({7, 100, 1, 1}, phase).cpu, 0.070, 0.003);
  }
}

TEST(KernelQuota, K4SeveralThreadsOnTwoCpusShareOnePool) {
  // 100/100 with two threads: 50.4 on, 49.6 off, both at once. 60/100 with four: .6 in all.
  EXPECT_TRUE(seen({100, 100, 2, 2}, 50.4, 49.6));
  double most_off = 0;
  for (int phase = 0; phase < kPhases; ++phase) {
    // Measured again: 4 on and 4 off three or four times, then 68 to 80 off.
    const OnOff several = on_off({60, 100, 4, 2}, phase);
    EXPECT_NEAR(several.cpu, 0.6, 0.01);
    EXPECT_NEAR(quantile(several.on, 0.5), 4, 0.1);
    EXPECT_NEAR(quantile(several.off, 0.5), 4, 0.1);
    EXPECT_NEAR(quantile(several.off, 0.9), 74, 7);
    // 10/100 with four: a thread often sits out a full period or two, off up to 288 ms; mean .103.
    const OnOff few = on_off({10, 100, 4, 2}, phase);
    EXPECT_NEAR(few.cpu, 0.103, 0.006);
    most_off = std::max(most_off, quantile(few.off, 0.9));
  }
  EXPECT_NEAR(most_off, 288, 110);
}

struct Answer {
  double first_on = 0;  // ms until the first stall
  double wall = 0;
  std::uint64_t nr_bursts = 0;
};

// What the program did besides its 90 ms: it read clocks, printed, slept and woke up. Any that is
// not a multiple of the slices of 5 ms in which a CPU fetches quota leaves some of a slice.
constexpr CpuTime kBookkeeping{200'000};

// 90 ms of CPU under 20/100 after a sleep of 0.7 s, five times, as it was measured.
std::vector<Answer> after_idleness(std::int64_t burst_ms, int phase, bool keeps_phase) {
  Host host(1);
  like_the_recorder(host);
  host.topology.kernel.mechanisms.timer_phase = keeps_phase;
  const GroupId group =
      host.limited_group(kRootGroup, 1024, {cpu_ms(20), milliseconds(100), cpu_ms(burst_ms)},
                         milliseconds(100) * phase / kPhases);
  const TaskId task = host.task(group);
  host.topology.tasks[task].charges_continuously = true;
  EevdfScheduler scheduler(host.topology, host.phases);
  std::vector<Answer> answers(5);
  Instant now;
  for (Answer& answer : answers) {
    const Instant begin = now + milliseconds(700);
    run_until(scheduler, begin);
    scheduler.demand(task, cpu_ms(90) + kBookkeeping, begin);
    std::vector<Completion> completed;
    while (completed.empty()) {
      now = scheduler.next_instant();
      const Duration ran = scheduler.burst_so_far(task, now).running;
      scheduler.advance(now, completed);
      if (completed.empty() && answer.first_on == 0 && scheduler.speed(task) == 0) {
        answer.first_on = ms(ran);
      }
    }
    answer.wall = ms(now - begin);
  }
  run_until(scheduler, now + milliseconds(700));
  answers.back().nr_bursts = scheduler.group_usage(group, now + milliseconds(700)).nr_bursts;
  return answers;
}

TEST(KernelQuota, K5WhatIsUnusedIsKeptOnlyAsBurst) {
  // Burst 0: 20.6 to 20.8 ms, then a stall, 400 ms in all, four times of five: the timer keeps its
  // phase, in which the one before ended, and the CPU keeps up to 1 ms of what it had. The first,
  // of a fresh group, got 40.9 ms and 330 ms: a refill came within its run. Burst 20: 40.8 ms at
  // once and 289 to 300 ms, five of five.
  bool straddling = false;
  for (int phase = 0; phase < kPhases; ++phase) {
    SCOPED_TRACE(phase);
    const std::vector<Answer> plain = after_idleness(0, phase, true);
    straddling = straddling || (std::abs(plain.front().first_on - 40.9) < 1.1 &&
                                std::abs(plain.front().wall - 330) < 25);
    for (std::size_t i = 1; i < plain.size(); ++i) {
      EXPECT_NEAR(plain[i].first_on, 20.7, 0.4);
      EXPECT_NEAR(plain[i].wall, 400, 12);
    }
    const std::vector<Answer> burst = after_idleness(20, phase, true);
    for (std::size_t i = 1; i < burst.size(); ++i) {
      EXPECT_NEAR(burst[i].first_on, 40.8, 0.4);
      EXPECT_NEAR(burst[i].wall, 295, 15);
    }
    EXPECT_NEAR(static_cast<double>(burst.back().nr_bursts), 5, 1);
  }
  EXPECT_TRUE(straddling);
}

TEST(KernelQuota, ATimerThatStartedWithTheDemandCouldNotStraddle) {
  // The wrong variant of the above: had the timer no phase of its own, no refill would come early.
  for (int phase = 0; phase < kPhases; ++phase) {
    EXPECT_LT(after_idleness(0, phase, false).front().first_on, 22);
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
