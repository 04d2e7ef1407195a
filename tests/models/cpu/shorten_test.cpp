// SPDX-License-Identifier: Apache-2.0
//
// A task is told to stop soon: it is done after that much more work, once it gets it. The same for
// every scheduler.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "models/cpu/cpu.h"

namespace cotenant {
namespace {

constexpr TaskId kFirst{0};
constexpr TaskId kSecond{1};
constexpr std::array<Duration, 1> kPhases = {Duration(0)};

CpuTime cpu_ms(std::int64_t ms) { return CpuTime(ms * 1'000'000); }
Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

// Two tasks in the root. Idle cores and switches cost nothing.
CpuTopology topology(std::uint32_t cores) {
  CpuTopology topology;
  topology.cores = cores;
  topology.groups.push_back({GroupId::none(), 1024, std::nullopt});
  topology.kernel.switch_cost = Duration(0);
  topology.kernel.idle_wake = IdleWake::none();
  for (int i = 0; i < 2; ++i) {
    CpuTask task;
    task.group = kRootGroup;
    topology.tasks.push_back(task);
  }
  return topology;
}

class Shorten : public ::testing::TestWithParam<SchedulerKind> {
 protected:
  Cpu cpu_on(std::uint32_t cores) const {
    const std::vector<Duration> ticks(cores);
    return Cpu(GetParam(), topology(cores), kPhases, ticks);
  }
};

// The instant and times of the first completion, after which nothing of that task is left.
struct Done {
  Instant at;
  Completion completion;
};
Done first_done(Cpu& cpu) {
  std::vector<Completion> completed;
  for (;;) {
    const Instant at = cpu.next_instant();
    if (at == Instant::never()) return {at, {}};
    cpu.advance(at, completed);
    if (!completed.empty()) return {at, completed.front()};
  }
}

TEST_P(Shorten, EndsARunningTaskAfterWhatIsLeftToIt) {
  Cpu cpu = cpu_on(1);
  cpu.demand(kFirst, cpu_ms(10), Instant());
  cpu.shorten(kFirst, cpu_ms(1), at_ms(3));
  const Done done = first_done(cpu);
  EXPECT_EQ(done.at, at_ms(4));
  EXPECT_EQ(done.completion.task, kFirst);
  EXPECT_EQ(done.completion.times.running, milliseconds(4));
  EXPECT_EQ(cpu.group_usage(kRootGroup, done.at).usage, cpu_ms(4));
}

TEST_P(Shorten, LeavesATaskAloneThatNeedsNoMore) {
  Cpu cpu = cpu_on(1);
  cpu.demand(kFirst, cpu_ms(10), Instant());
  cpu.shorten(kFirst, cpu_ms(8), at_ms(3));
  EXPECT_EQ(first_done(cpu).at, at_ms(10));
}

TEST_P(Shorten, LeavesATaskAloneThatIsDoneAtThatInstant) {
  Cpu cpu = cpu_on(1);
  cpu.demand(kFirst, cpu_ms(10), Instant());
  cpu.shorten(kFirst, CpuTime(1), at_ms(10));
  const Done done = first_done(cpu);
  EXPECT_EQ(done.at, at_ms(10));
  EXPECT_EQ(done.completion.times.running, milliseconds(10));
}

// A task that waits for the core, or shares it, has to get it first: it is not withdrawn.
TEST_P(Shorten, DoesNotLetATaskStopThatHasNotRun) {
  Cpu cpu = cpu_on(1);
  cpu.demand(kFirst, cpu_ms(10), Instant());
  cpu.demand(kSecond, cpu_ms(10), Instant());
  cpu.shorten(kSecond, CpuTime(1), Instant());
  std::vector<Completion> completed;
  for (Instant at = cpu.next_instant(); completed.empty() || completed.back().task != kSecond;
       at = cpu.next_instant()) {
    ASSERT_NE(at, Instant::never());
    cpu.advance(at, completed);
  }
  EXPECT_EQ(completed.back().times.running, Duration(1));
}

TEST_P(Shorten, AppliesToOneOfManyTasks) {
  Cpu cpu = cpu_on(2);
  cpu.demand(kFirst, cpu_ms(10), Instant());
  cpu.demand(kSecond, cpu_ms(10), Instant());
  cpu.shorten(kFirst, cpu_ms(2), at_ms(1));
  EXPECT_EQ(first_done(cpu).at, at_ms(3));
  const Done second = first_done(cpu);
  EXPECT_EQ(second.at, at_ms(10));
  EXPECT_EQ(second.completion.task, kSecond);
}

INSTANTIATE_TEST_SUITE_P(Schedulers, Shorten, ::testing::ValuesIn(kSchedulerKinds),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

}  // namespace
}  // namespace cotenant
