// SPDX-License-Identifier: Apache-2.0
//
// Random hosts, demands, withdrawals, quotas and supplies against the nanosecond-by-nanosecond
// reference, and the laws that hold whatever happens. A failure names its seed; two deliberately
// wrong variants must be told apart from the right one.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "models/cpu/fluid.h"
#include "tests/models/cpu/fluid_reference.h"

namespace cotenant::cpu_test {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  // 0 <= result < sides. The bias of the remainder is of no interest here.
  std::uint64_t roll(std::uint64_t sides) { return mix64(state_ += 0x9e3779b97f4a7c15u) % sides; }
  bool chance(std::uint64_t one_in) { return roll(one_in) == 0; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(roll(static_cast<std::uint64_t>(high - low + 1)));
  }

 private:
  std::uint64_t state_;
};

// So that thousands of quota periods fit into a run that the reference can follow.
constexpr std::int64_t kTiny = 1;

constexpr std::int64_t kWeights[] = {1, 15, 335, 1024, 1024, 1024, 3121, 88761};

// `unit` ns: periods are tens of it.
Host random_host(Dice& dice, std::int64_t unit) {
  Host host(static_cast<std::uint32_t>(dice.between(1, 4)));
  const std::int64_t groups = dice.between(0, 4);
  for (std::int64_t i = 0; i < groups; ++i) {
    const GroupId parent(static_cast<std::uint32_t>(dice.roll(host.topology.groups.size())));
    const std::int64_t weight = kWeights[dice.roll(std::size(kWeights))];
    if (dice.chance(2)) {
      host.group(parent, weight);
      continue;
    }
    const Duration period(unit * dice.between(2, 90));
    const CpuTime quota(unit * dice.between(1, 40));
    const CpuTime burst(dice.chance(2) ? 0 : unit * dice.between(1, 60));
    host.limited_group(parent, weight, {quota, period, burst},
                       Duration(dice.between(0, period.count() - 1)));
  }
  const std::int64_t tasks = dice.between(1, 9);
  for (std::int64_t i = 0; i < tasks; ++i) {
    host.task(GroupId(static_cast<std::uint32_t>(dice.roll(host.topology.groups.size()))),
              kWeights[dice.roll(std::size(kWeights))]);
  }
  return host;
}

CpuTime random_work(Dice& dice) {
  if (dice.chance(8)) return kEndless;
  return CpuTime(dice.chance(3) ? dice.between(1, 3) : dice.between(1, 120));
}

Speed random_supply(Dice& dice) {
  const std::uint64_t kind = dice.roll(4);
  if (kind == 0) return 0;
  if (kind == 1) return kFullSpeed;
  return kind == 2 ? kFullSpeed / 2 : dice.roll(kFullSpeed + 1);
}

bool same(const BurstTimes& a, const BurstTimes& b) {
  return a.running == b.running && a.queued == b.queued && a.throttled == b.throttled &&
         a.stolen == b.stolen;
}

std::uint64_t hash_of(const FluidScheduler& scheduler) {
  Hasher hasher;
  scheduler.hash_into(hasher);
  return hasher.value();
}

// Drives a scheduler for `host` and a reference for `truth` through the same random history. The
// result is empty when nothing differs.
class Comparison {
 public:
  Comparison(const Host& host, const Host& truth, std::uint64_t seed, bool change_supply)
      : host_(host),
        scheduler_(host.topology, host.phases),
        reference_(truth),
        dice_(seed),
        change_supply_(change_supply) {}

  std::string run(std::int64_t until) {
    while (difference_.empty() && reference_.now() < until) {
      expected_ = reference_.now() == 0 ? std::vector<Completion>() : last_step_;
      const bool advance_first = dice_.chance(2);
      if (advance_first) advance();
      if (dice_.chance(6)) act();
      advance();
      check();
      last_step_ = reference_.step();
    }
    return difference_;
  }

 private:
  Instant now() const { return Instant(reference_.now()); }

  void differ(const std::string& what) {
    if (!difference_.empty()) return;
    std::ostringstream text;
    text << what << " at " << reference_.now() << " ns";
    difference_ = text.str();
  }

  void advance() {
    if (scheduler_.next_instant() > now()) {
      if (!expected_.empty()) differ("a completion is missing");
      return;
    }
    std::vector<Completion> completed;
    scheduler_.advance(now(), completed);
    if (completed.size() != expected_.size()) return differ("number of completions");
    for (std::size_t i = 0; i < completed.size(); ++i) {
      if (completed[i].task != expected_[i].task) differ("who is done");
      if (!same(completed[i].times, expected_[i].times)) differ("times of a completed burst");
    }
    expected_.clear();
  }

  // Either side could be first when the task is done at this very instant.
  void act() {
    if (change_supply_ && dice_.chance(8)) {
      const CoreId core(static_cast<std::uint32_t>(dice_.roll(host_.topology.cores)));
      const Speed speed = random_supply(dice_);
      scheduler_.set_supply(core, speed, now());
      reference_.set_supply(core, speed);
      return;
    }
    const TaskId task(static_cast<std::uint32_t>(dice_.roll(host_.topology.tasks.size())));
    const auto done = std::find_if(expected_.begin(), expected_.end(),
                                   [&](const Completion& c) { return c.task == task; });
    if (done != expected_.end()) {
      if (!same(scheduler_.withdraw(task, now()), done->times)) differ("times of a late kill");
      expected_.erase(done);
    } else if (!reference_.runnable(task)) {
      const CpuTime work = random_work(dice_);
      scheduler_.demand(task, work, now());
      reference_.demand(task, work);
    } else if (dice_.chance(3)) {
      if (!same(scheduler_.withdraw(task, now()), reference_.withdraw(task))) {
        differ("times of a withdrawn burst");
      }
    }
  }

  void check() {
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < host_.topology.tasks.size(); ++i) {
      const TaskId task(i);
      const Speed speed = scheduler_.speed(task);
      total += speed;
      if (speed > reference_.fastest()) differ("a task is faster than a core");
      if (speed != (reference_.runnable(task) ? reference_.speed(task) : 0)) differ("speed");
      if (!reference_.runnable(task)) continue;
      const BurstTimes times = scheduler_.burst_so_far(task, now());
      if (!same(times, reference_.burst_so_far(task))) differ("times of a burst in progress");
    }
    if (total > reference_.usable()) differ("more than the capacity is given out");
    // One unit per task and per group is lost by rounding down.
    const std::uint64_t lost = host_.topology.tasks.size() + host_.topology.groups.size();
    if (total + lost < reference_.usable()) differ("capacity is idle though a task could use it");
    check_groups();
  }

  void check_groups() {
    for (std::uint32_t i = 0; i < host_.topology.groups.size(); ++i) {
      const GroupUsage usage = scheduler_.group_usage(GroupId(i), now());
      const GroupUsage expected = reference_.counters(GroupId(i));
      if (usage.nr_periods != expected.nr_periods) differ("nr_periods");
      if (usage.nr_throttled != expected.nr_throttled) differ("nr_throttled");
      if (usage.throttled_time != expected.throttled_time) differ("throttled_time");
      // The scheduler drops a fraction of a nanosecond per bucket, of which there is at most one
      // per task.
      const auto served = static_cast<std::int64_t>(reference_.served(GroupId(i)) >> 32);
      const auto tasks = static_cast<std::int64_t>(host_.topology.tasks.size());
      if (usage.usage.count() > served || usage.usage.count() + tasks < served) differ("usage");
    }
  }

  const Host& host_;
  FluidScheduler scheduler_;
  FluidReference reference_;
  Dice dice_;
  bool change_supply_;
  std::vector<Completion> expected_;
  std::vector<Completion> last_step_;
  std::string difference_;
};

TEST(FluidProperty, AgreesWithTheReferenceToTheLastBit) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Dice dice(seed);
    const Host host = random_host(dice, kTiny);
    Comparison comparison(host, host, seed, seed % 2 == 0);
    EXPECT_EQ(comparison.run(2'000), "") << "seed " << seed;
  }
}

// Two wrong schedulers; each must be found out by some seed.
TEST(FluidProperty, ASchedulerWithoutGroupWeightsIsFoundOut) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    const Host truth = random_host(dice, kTiny);
    Host wrong = truth;
    for (CpuGroup& group : wrong.topology.groups) group.weight = 1024;
    found += Comparison(wrong, truth, seed, false).run(500).empty() ? 0 : 1;
  }
  EXPECT_GT(found, 0);
}

TEST(FluidProperty, ASchedulerThatForgetsBurstIsFoundOut) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    const Host truth = random_host(dice, kTiny);
    Host wrong = truth;
    for (CpuGroup& group : wrong.topology.groups) {
      if (group.bandwidth) group.bandwidth->burst = CpuTime(0);
    }
    found += Comparison(wrong, truth, seed, false).run(500).empty() ? 0 : 1;
  }
  EXPECT_GT(found, 0);
}

// Demands at the odd instant, for schedulers that are compared with each other.
void demand_idle_tasks(FluidScheduler& scheduler, const Host& host, Dice& dice, Instant now) {
  for (std::uint32_t i = 0; i < host.topology.tasks.size(); ++i) {
    const CpuTime work(dice.between(1, 5'000'000));
    scheduler.demand(TaskId(i), work, now);
  }
}

TEST(FluidProperty, OneLongAdvanceEqualsManyShortOnes) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Dice dice(seed);
    const Host host = random_host(dice, kTiny);
    FluidScheduler stepped(host.topology, host.phases);
    demand_idle_tasks(stepped, host, dice, Instant(3));
    FluidScheduler jumped = stepped;
    const Instant until(60'000);
    const auto finishes = run_until(stepped, until);
    std::vector<Completion> completed;
    jumped.advance(until, completed);
    ASSERT_EQ(completed.size(), finishes.size()) << "seed " << seed;
    for (std::size_t i = 0; i < completed.size(); ++i) {
      EXPECT_EQ(completed[i].task, finishes[i].task) << "seed " << seed;
      EXPECT_TRUE(same(completed[i].times, finishes[i].times)) << "seed " << seed;
    }
    EXPECT_EQ(hash_of(stepped), hash_of(jumped)) << "seed " << seed;
  }
}

TEST(FluidProperty, ACopyLivesItsOwnLife) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    const Host host = random_host(dice, kTiny);
    FluidScheduler original(host.topology, host.phases);
    demand_idle_tasks(original, host, dice, Instant(3));
    const std::uint64_t before = hash_of(original);
    FluidScheduler copy = original;
    run_until(copy, Instant(60'000));
    EXPECT_EQ(hash_of(original), before) << "seed " << seed;
    EXPECT_NE(hash_of(copy), before) << "seed " << seed;
    run_until(original, Instant(60'000));
    EXPECT_EQ(hash_of(original), hash_of(copy)) << "seed " << seed;
  }
}

TEST(FluidProperty, BurstTimesSumToTheElapsedTimeAtRealisticScales) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Dice dice(seed);
    const Host host = random_host(dice, 1'000);
    FluidScheduler scheduler(host.topology, host.phases);
    scheduler.set_supply(CoreId(0), random_supply(dice), Instant(0));
    demand_idle_tasks(scheduler, host, dice, Instant(3));
    for (const Finish& finish : run_until(scheduler, Instant(3'000'000))) {
      EXPECT_EQ(elapsed(finish.times), finish.at - Instant(3)) << "seed " << seed;
      EXPECT_GE(finish.times.queued, Duration(0)) << "seed " << seed;
      EXPECT_GE(finish.times.stolen, Duration(0)) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
