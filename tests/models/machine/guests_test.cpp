// SPDX-License-Identifier: Apache-2.0
//
// Virtual machines get what their host gives their virtual CPUs, and see the rest as steal. On
// ideal fluid hosts it can be computed by hand; Linux hosts and guests must come near that.
#include "models/machine/guests.h"

#include <gtest/gtest.h>

#include "models/world.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr MachineId kGuest{1};

Duration time_in(const RunRecord& record, WaitState state) {
  return record.attribution.total().times[static_cast<std::size_t>(state)];
}

// One core; a guest with one virtual CPU in a group of its own, and the worker of a service in it.
struct Host {
  explicit Host(SchedulerKind host_kind = SchedulerKind::fluid,
                SchedulerKind guest_kind = SchedulerKind::fluid,
                std::optional<Bandwidth> limit = std::nullopt)
      : builder(1, host_kind),
        vm(builder.group(1024, limit)),
        others(builder.group(1024)),
        guest(builder.guest(1, guest_kind, vm)),
        service(builder.service({.machine = guest})) {}

  ClassId compute(Duration work, Instant at = Instant()) {
    return builder.request(at, service, {cpu_step(work)});
  }

  BlueprintBuilder builder;
  GroupId vm, others;
  MachineId guest;
  ServiceId service;
};

TEST(Guests, AloneOnTheirHostLoseNothing) {
  for (const SchedulerKind kind : {SchedulerKind::fluid, SchedulerKind::fifo}) {
    Host host(SchedulerKind::fluid, kind);
    const ClassId request = host.compute(milliseconds(10));
    const RunRecord record = run_to(host.builder.build(), milliseconds(100));
    EXPECT_EQ(latency_of(record, request), milliseconds(10));
    EXPECT_EQ(record.machines[kGuest].steal, Duration(0));
    EXPECT_EQ(record.machines[kGuest].cpu_used(), CpuTime(10'000'000));
    EXPECT_EQ(record.machines[kHardware].groups[host.vm].usage, CpuTime(10'000'000));
  }
}

TEST(Guests, LoseToNeighborsWhatTheyThenSeeAsSteal) {
  Host host;
  const ClassId request = host.compute(milliseconds(10));
  host.builder.neighbor(SpinPattern{}, 4, host.others);
  const RunRecord record = run_to(host.builder.build(), milliseconds(100));
  // Two groups of equal weight: half of the core each while the guest has something to run.
  EXPECT_EQ(latency_of(record, request), milliseconds(20));
  EXPECT_EQ(time_in(record, WaitState::stolen), milliseconds(10));
  EXPECT_EQ(time_in(record, WaitState::run_queue), Duration(0));
  EXPECT_EQ(record.machines[kGuest].steal, milliseconds(10));
  EXPECT_EQ(record.machines[kHardware].groups[host.others].usage, CpuTime(90'000'000));
}

TEST(Guests, HeldBackByTheirHostsQuotaSeeStealAndNoThrottling) {
  Host host(SchedulerKind::fluid, SchedulerKind::fluid,
            Bandwidth{CpuTime(20'000'000), milliseconds(100), CpuTime(0)});
  const ClassId request = host.compute(milliseconds(50));
  const RunRecord record = run_to(host.builder.build(), seconds(1));
  // Runs in [0, 20), [100, 120) and [200, 210) ms.
  EXPECT_EQ(latency_of(record, request), milliseconds(210));
  EXPECT_EQ(time_in(record, WaitState::stolen), milliseconds(160));
  EXPECT_EQ(time_in(record, WaitState::throttled), Duration(0));
  EXPECT_EQ(record.machines[kGuest].steal, milliseconds(160));
  EXPECT_EQ(record.machines[kHardware].groups[host.vm].nr_throttled, 2u);
}

TEST(Guests, ThrottleTheirOwnGroupsOnTheTimeOfTheHost) {
  BlueprintBuilder builder;
  const MachineId guest = builder.guest(1);
  const GroupId box = builder.group(
      1024, Bandwidth{CpuTime(10'000'000), milliseconds(100), CpuTime(0)}, kRootGroup, guest);
  const ServiceId service = builder.service({.group = box, .machine = guest});
  const ClassId request = builder.request(Instant(), service, {cpu_step(milliseconds(15))});
  builder.neighbor(SpinPattern{});
  const RunRecord record = run_to(builder.build(), seconds(1));
  // Half of the core: the quota is gone after 20 ms and comes back at 100 ms, when 5 ms are left.
  EXPECT_EQ(latency_of(record, request), milliseconds(110));
  EXPECT_EQ(time_in(record, WaitState::throttled), milliseconds(80));
  EXPECT_EQ(time_in(record, WaitState::stolen), milliseconds(15));
  // The host is asked for nothing while the guest has nothing that may run.
  EXPECT_EQ(record.machines[guest].steal, milliseconds(15));
}

// Two levels of sharing multiply: half of the host's core, and a third of that inside.
TEST(Guests, ShareWhatTheyGetAmongTheirOwnTasks) {
  BlueprintBuilder builder;
  const MachineId guest = builder.guest(1);
  const ServiceId service = builder.service({.machine = guest});
  const ClassId request = builder.request(Instant(), service, {cpu_step(milliseconds(10))});
  builder.neighbor(SpinPattern{}, 2, kRootGroup, guest);
  builder.neighbor(SpinPattern{});
  const RunRecord record = run_to(builder.build(), milliseconds(100));
  // A third is rounded down to 2^-32 of a core.
  EXPECT_NEAR(static_cast<double>(latency_of(record, request).count()), 60e6, 1);
  EXPECT_EQ(time_in(record, WaitState::cpu), milliseconds(10));
  EXPECT_EQ(record.machines[guest].steal, milliseconds(50));
  EXPECT_NEAR(static_cast<double>(record.machines[guest].cpu_used().count()), 50e6, 1);
}

TEST(Guests, WithMoreVirtualCpusThanCoresStealFromThemselves) {
  BlueprintBuilder builder;
  const MachineId guest = builder.guest(2);
  const ServiceId service = builder.service({.workers = 2, .machine = guest});
  const ClassId a = builder.request(Instant(), service, {cpu_step(milliseconds(10))});
  const ClassId b = builder.request(Instant(), service, {cpu_step(milliseconds(10))});
  const RunRecord record = run_to(builder.build(), milliseconds(100));
  EXPECT_EQ(latency_of(record, a), milliseconds(20));
  EXPECT_EQ(latency_of(record, b), milliseconds(20));
  EXPECT_EQ(record.machines[guest].steal, milliseconds(20));
  EXPECT_EQ(time_in(record, WaitState::stolen), milliseconds(20));
}

TEST(Guests, OfAnOversubscribedHostShareIt) {
  BlueprintBuilder builder(2);
  for (int g = 0; g < 3; ++g) builder.neighbor(SpinPattern{}, 1, kRootGroup, builder.guest(1));
  const RunRecord record = run_to(builder.build(), seconds(3));
  for (std::uint32_t g = 1; g <= 3; ++g) {
    const MachineRecord& guest = record.machines[MachineId(g)];
    // Two cores among three; shares are rounded down to 2^-32 of a core.
    EXPECT_NEAR(static_cast<double>(guest.cpu_used().count()), 2e9, 2) << g;
    EXPECT_NEAR(static_cast<double>(guest.steal.count()), 1e9, 2) << g;
  }
  EXPECT_NEAR(static_cast<double>(record.machines[kHardware].cpu_used().count()), 6e9, 6);
}

TEST(Guests, DoNotWaitForTheirHostWhileTheyWaitForSomethingElse) {
  BlueprintBuilder builder;
  const MachineId guest = builder.guest(1);
  const ServiceId service = builder.service({.machine = guest});
  const ClassId request = builder.request(
      Instant(), service,
      {cpu_step(milliseconds(5)), wait_step(milliseconds(30)), cpu_step(milliseconds(5))});
  builder.neighbor(SpinPattern{});
  const RunRecord record = run_to(builder.build(), milliseconds(200));
  EXPECT_EQ(latency_of(record, request), milliseconds(50));
  EXPECT_EQ(record.machines[guest].steal, milliseconds(10));
}

TEST(Guests, AreCopiedWithTheWorld) {
  Host host(SchedulerKind::eevdf, SchedulerKind::eevdf);
  for (int i = 0; i < 20; ++i) host.compute(milliseconds(3), Instant() + milliseconds(7) * i);
  host.builder.neighbor(SpinPattern{}, 2, host.others);
  const Blueprint blueprint = host.builder.build();
  World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1), 100, {}});
  for (int i = 0; i < 40; ++i) step(world, blueprint, recorder);
  World copy = world;
  Recorder copied_recorder = recorder;
  EXPECT_EQ(copy.hash(), world.hash());
  for (int i = 0; i < 40; ++i) step(world, blueprint, recorder);
  EXPECT_NE(copy.hash(), world.hash());
  for (int i = 0; i < 40; ++i) step(copy, blueprint, copied_recorder);
  EXPECT_EQ(copy.hash(), world.hash());
}

// --- Linux on Linux

// What fluid gives exactly, Linux gives up to a tick at either level.
TEST(LinuxGuests, GetTheirShareOfALinuxHost) {
  Host host(SchedulerKind::eevdf, SchedulerKind::eevdf);
  const ClassId request = host.compute(milliseconds(400));
  host.builder.neighbor(SpinPattern{}, 3, host.others);
  host.builder.kernel().idle_wake = IdleWake::none();
  const RunRecord record = run_to(host.builder.build(), seconds(2));
  const double latency = static_cast<double>(latency_of(record, request).count()) / 1e6;
  EXPECT_NEAR(latency, 800, 8);
  const double stolen = static_cast<double>(time_in(record, WaitState::stolen).count()) / 1e6;
  EXPECT_NEAR(stolen, 400, 8);
  // Nearly all of the steal happened to the request: there is nobody else in the guest.
  EXPECT_NEAR(static_cast<double>(record.machines[kGuest].steal.count()) / 1e6, stolen, 0.1);
}

// The guest is stopped for whole ticks of the host, however short its own slices are.
TEST(LinuxGuests, AreStoppedForTicksOfTheHost) {
  Host host(SchedulerKind::eevdf, SchedulerKind::eevdf);
  std::vector<ClassId> requests;
  for (int i = 0; i < 100; ++i) {
    requests.push_back(host.compute(milliseconds(1), Instant() + milliseconds(10) * i));
  }
  host.builder.neighbor(SpinPattern{}, 1, host.others);
  host.builder.kernel().tick = milliseconds(10);
  host.builder.kernel(kGuest).tick = milliseconds(1);
  const RunRecord record = run_to(host.builder.build(), seconds(2));
  Duration longest;
  for (const ClassId request : requests) {
    longest = std::max(longest, latency_of(record, request));
  }
  EXPECT_GT(longest, milliseconds(5));
  EXPECT_LT(longest, milliseconds(25));
}

// Finer ticks and slices on both levels bring both to the fluid ideal.
TEST(LinuxGuests, ConvergeToTheFluidShare) {
  double last_error = 1e9;
  for (const Duration tick : {milliseconds(4), microseconds(400), microseconds(40)}) {
    BlueprintBuilder builder(1, SchedulerKind::eevdf);
    const GroupId vm = builder.group(1024);
    const GroupId others = builder.group(2048);
    const MachineId guest = builder.guest(1, SchedulerKind::eevdf, vm);
    const ServiceId service = builder.service({.machine = guest});
    const ClassId request = builder.request(Instant(), service, {cpu_step(milliseconds(50))});
    builder.neighbor(SpinPattern{}, 1, kRootGroup, guest);
    builder.neighbor(SpinPattern{}, 2, others);
    for (const MachineId machine : {kHardware, guest}) {
      builder.kernel(machine).tick = tick;
      builder.kernel(machine).base_slice = tick / 4;
      builder.kernel(machine).switch_cost = Duration(0);
      builder.kernel(machine).idle_wake = IdleWake::none();
    }
    const RunRecord record = run_to(builder.build(), seconds(2));
    // A third of the core, and half of that inside.
    const double error =
        std::abs(static_cast<double>(latency_of(record, request).count()) / 1e6 - 300);
    EXPECT_LT(error, 10 * static_cast<double>(tick.count()) / 1e6);
    EXPECT_LE(error, last_error);
    last_error = error;
  }
}

// What the guest ran and what it was denied is all it asked for; what it ran the host charged.
TEST(LinuxGuests, AccountForEveryNanosecond) {
  BlueprintBuilder builder(2, SchedulerKind::eevdf);
  const GroupId vm =
      builder.group(1024, Bandwidth{CpuTime(40'000'000), milliseconds(100), CpuTime(0)});
  const MachineId guest = builder.guest(3, SchedulerKind::eevdf, vm);
  builder.neighbor(SpinPattern{}, 3, kRootGroup, guest);
  builder.neighbor(SpinPattern{}, 2);
  builder.kernel().idle_wake = IdleWake::none();
  builder.kernel(guest).idle_wake = IdleWake::none();
  builder.kernel(guest).switch_cost = Duration(0);
  const RunRecord record = run_to(builder.build(), seconds(10));
  const MachineRecord& inside = record.machines[guest];
  EXPECT_EQ(inside.cpu_used().count() + inside.steal.count(), seconds(30).count());
  // The host also charges what switching to the virtual CPUs costs, which the guest sees as steal.
  const std::int64_t charged = record.machines[kHardware].groups[vm].usage.count();
  EXPECT_GE(charged, inside.cpu_used().count());
  EXPECT_LT(charged, inside.cpu_used().count() * 101 / 100);
  EXPECT_NEAR(static_cast<double>(charged) / 10e9, 0.4, 0.01);
}

}  // namespace
}  // namespace cotenant
