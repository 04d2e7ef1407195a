// SPDX-License-Identifier: Apache-2.0
//
// The CPU of a machine is the scheduler that was asked for, and nothing else.
#include "models/cpu/cpu.h"

#include <gtest/gtest.h>

#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

TEST(Cpu, NamesAreFoundAgain) {
  for (const SchedulerKind kind : kSchedulerKinds) {
    EXPECT_EQ(scheduler_kind_named(name_of(kind)), kind);
  }
  EXPECT_EQ(scheduler_kind_named("fluid"), SchedulerKind::fluid);
  EXPECT_EQ(scheduler_kind_named("cfq"), std::nullopt);
}

TEST(Cpu, EachKindSharesInItsOwnWay) {
  // 10 ms at 0 and 10 ms at 5 on one core: fair sharing ends them at 15 and 20, FIFO at 10 and 20.
  // EEVDF with a tick of 4 ms: B takes the core when it wakes at 5, and then they take turns at 8,
  // 12 and 16; A is done at 17.
  Host host(1);
  host.topology.kernel.switch_cost = Duration(0);
  host.topology.kernel.idle_wake = IdleWake::none();
  const TaskId a = host.task();
  const TaskId b = host.task();
  struct Expected {
    SchedulerKind kind;
    Speed speed_of_b;
    std::int64_t finish_of_a_ms;
  };
  for (const Expected& expected :
       {Expected{SchedulerKind::fluid, kFullSpeed / 2, 15}, Expected{SchedulerKind::fifo, 0, 10},
        Expected{SchedulerKind::eevdf, kFullSpeed, 17},
        Expected{SchedulerKind::cfs, kFullSpeed, 17}}) {
    const SchedulerKind kind = expected.kind;
    SCOPED_TRACE(name_of(kind));
    Cpu cpu(kind, host.topology, host.phases);
    EXPECT_EQ(cpu.kind(), kind);
    cpu.demand(a, cpu_ms(10), at_ms(0));
    cpu.demand(b, cpu_ms(10), at_ms(5));
    EXPECT_EQ(cpu.speed(b), expected.speed_of_b);
    EXPECT_EQ(elapsed(cpu.burst_so_far(a, at_ms(7))), milliseconds(7));
    Cpu copy = cpu;
    const auto finishes = run_until(cpu, at_ms(30));
    EXPECT_EQ(finish_of(finishes, a), expected.finish_of_a_ms * kMs);
    EXPECT_EQ(finish_of(finishes, b), 20 * kMs);
    EXPECT_EQ(cpu.group_usage(kRootGroup, at_ms(30)).usage, cpu_ms(20));
    copy.set_supply(CoreId(0), 0, at_ms(7));
    EXPECT_EQ(copy.next_instant(), Instant::never());
    EXPECT_EQ(elapsed(copy.withdraw(a, at_ms(9))), milliseconds(9));
    Hasher one;
    Hasher other;
    cpu.hash_into(one);
    copy.hash_into(other);
    EXPECT_NE(one.value(), other.value());
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
