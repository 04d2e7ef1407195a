// SPDX-License-Identifier: Apache-2.0
//
// A virtual machine: its virtual CPU is a task of the host that demands without end while the guest
// has something to run, and the speed of that task is the supply of the guest's core.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/cpu/fluid.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

// Host with one core: a neighbor beside the virtual CPU; guest with one core and one task.
struct Machine {
  static Host lower() {
    Host host(1);
    host.task(host.limited_group(kRootGroup, 1024, {cpu_ms(40), milliseconds(100), CpuTime(0)}));
    host.task();
    return host;
  }
  static Host upper() {
    Host host(1);
    host.task();
    return host;
  }

  Host lower_layout = lower();
  Host upper_layout = upper();
  FluidScheduler host{lower_layout.topology, lower_layout.phases};
  FluidScheduler guest{upper_layout.topology, upper_layout.phases};
  TaskId vcpu{0};
  TaskId neighbor{1};
  TaskId inside{0};
  Instant now;

  void supply() { guest.set_supply(CoreId(0), host.speed(vcpu), now); }

  void guest_demand(CpuTime work) {
    host.demand(vcpu, kEndless, now);
    guest.demand(inside, work, now);
    supply();
  }

  // Runs both to `until`; the guest's completions, by which the virtual CPU goes idle.
  std::vector<Finish> run(Instant until) {
    std::vector<Finish> finishes;
    std::vector<Completion> completed;
    while (std::min(host.next_instant(), guest.next_instant()) <= until) {
      now = std::min(host.next_instant(), guest.next_instant());
      completed.clear();
      host.advance(now, completed);
      completed.clear();
      guest.advance(now, completed);
      for (const Completion& done : completed) {
        finishes.push_back({done.task, now, done.times});
        host.withdraw(vcpu, now);
      }
      supply();
    }
    now = until;
    std::vector<Completion> none;
    host.advance(now, none);
    guest.advance(now, none);
    return finishes;
  }
};

TEST(FluidGuest, ThrottlingAndNeighborsOfTheHostAreStealInTheGuest) {
  // The guest's job of 50 ms: alone on the host from 0 to 10 (10 ms done). Then the neighbor runs
  // for ever: half a core each, until the quota of 40 ms is used up at 70. Throttled until 100. The
  // last 10 ms at half speed: 120. So 50 of 120 ms were executed, and 70 were not supplied.
  Machine machine;
  machine.guest_demand(cpu_ms(50));
  machine.run(at_ms(10));
  machine.host.demand(machine.neighbor, kEndless, at_ms(10));
  machine.supply();
  EXPECT_EQ(machine.guest.speed(machine.inside), kFullSpeed / 2);
  const auto finishes = machine.run(at_ms(200));
  EXPECT_EQ(finish_of(finishes, machine.inside), 120 * kMs);
  EXPECT_EQ(finishes[0].times.running, milliseconds(50));
  EXPECT_EQ(finishes[0].times.stolen, milliseconds(70));
  EXPECT_EQ(finishes[0].times.queued, Duration(0));
  EXPECT_EQ(finishes[0].times.throttled, Duration(0));  // in the guest, nobody throttles
  // Both sides of the border book the same amount.
  EXPECT_EQ(machine.host.group_usage(GroupId(1), at_ms(200)).usage, cpu_ms(50));
  EXPECT_EQ(machine.guest.group_usage(kRootGroup, at_ms(200)).usage, cpu_ms(50));
}

TEST(FluidGuest, WithdrawingTheVirtualCpuTellsWhereItsTimeWent) {
  Machine machine;
  machine.host.demand(machine.neighbor, kEndless, at_ms(0));
  machine.host.demand(machine.vcpu, kEndless, at_ms(0));
  std::vector<Completion> completed;
  machine.host.advance(at_ms(80), completed);
  EXPECT_TRUE(completed.empty());
  machine.host.advance(at_ms(90), completed);
  // 80 ms at half speed are the 40 ms of quota, then it is throttled for 10 ms.
  const BurstTimes times = machine.host.withdraw(machine.vcpu, at_ms(90));
  EXPECT_EQ(times.running, milliseconds(40));
  EXPECT_EQ(times.queued, milliseconds(40));
  EXPECT_EQ(times.throttled, milliseconds(10));
  EXPECT_EQ(elapsed(times), milliseconds(90));
}

}  // namespace
}  // namespace cotenant::cpu_test
