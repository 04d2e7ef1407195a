// SPDX-License-Identifier: Apache-2.0
//
// Schedulers allocate when they are made and never again.
#include <gtest/gtest.h>

#include "models/cpu/cpu.h"
#include "tests/models/cpu/rig.h"
#include "tests/support/allocations.h"

namespace cotenant::cpu_test {
namespace {

// Thousands of demands, completions, throttlings, kills, coincidences and changes of supply.
void exercise(Cpu& cpu, const std::vector<TaskId>& tasks, std::vector<Completion>& completed) {
  for (const TaskId task : tasks) cpu.demand(task, CpuTime(1'000 + task.index()), Instant(0));
  for (std::int64_t i = 0; i < 5'000; ++i) {
    const Instant now = cpu.next_instant();
    ASSERT_NE(now, Instant::never());
    const auto dice = mix64(static_cast<std::uint64_t>(i));
    if (dice % 7 == 0) cpu.set_supply(CoreId(0), kFullSpeed / (1 + dice % 5), now);
    completed.clear();
    cpu.advance(now, completed);
    for (const Completion& done : completed) {
      cpu.demand(done.task, CpuTime(static_cast<std::int64_t>(1 + dice % 4'000)), now);
      if (dice % 11 != 0) continue;
      cpu.withdraw(done.task, now);
      cpu.demand(done.task, CpuTime(5), now);
    }
  }
}

TEST(SteadyState, NothingIsAllocated) {
  for (const SchedulerKind kind : kSchedulerKinds) {
    SCOPED_TRACE(name_of(kind));
    Host host(2);
    const GroupId group =
        kind != SchedulerKind::fifo
            ? host.limited_group(kRootGroup, 1024, {CpuTime(9'000), microseconds(10), CpuTime(100)})
            : kRootGroup;
    auto tasks = host.tasks(20);
    for (const TaskId task : host.tasks(20, group)) tasks.push_back(task);
    Cpu cpu(kind, host.topology, host.phases);
    std::vector<Completion> completed;
    completed.reserve(tasks.size());
    const std::uint64_t before = allocations_so_far();
    exercise(cpu, tasks, completed);
    EXPECT_EQ(allocations_so_far(), before);
    // The counter counts.
    const std::vector<int> something(1);
    EXPECT_EQ(allocations_so_far(), before + something.size());
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
