// SPDX-License-Identifier: Apache-2.0
//
// What is reclaimed, from whom, before anybody is killed: pages of files, then those of processes
// that go to swap. Amounts are worked out by hand; "300 MB file read in 64 MB group: no OOM" is K8
// of linux.md section 8.
#include <gtest/gtest.h>

#include <vector>

#include "models/machine/machine.h"
#include "models/memory/controller.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMib = 1 << 20;
constexpr GroupId kFirst{1}, kSecond{2};
constexpr ServiceId kWeb{0}, kOfFirst{1}, kOfSecond{2};
constexpr ResidentId kOne{0}, kTwo{1};

Bytes mib(std::int64_t mebibytes) { return Bytes(mebibytes * kMib); }

// Two processes, one in each of two groups, and two services with files there.
struct Machine {
  explicit Machine(Bytes limit) {
    groups.push_back({GroupId::none(), limit});
    for (int i = 0; i < 2; ++i) groups.push_back({kRootGroup});
    for (GroupId group : {kFirst, kSecond}) groups[group].swap_max = kNoLimit;
    spec.services = IdVector<ServiceId, ProcessMemorySpec>(3);
    spec.services[kWeb].working_set = kNoLimit;
    spec.files.push_back({kHardware, kRootGroup, Bytes(0)});
    for (const GroupId group : {kFirst, kSecond}) {
      spec.files.push_back({kHardware, group, Bytes(0)});
      ResidentSpec resident;
      resident.machine = kHardware;
      resident.group = group;
      resident.service = kWeb;
      spec.residents.push_back(resident);
    }
  }

  void has_files(Bytes of_first, Bytes of_second) {
    spec.files[kOfFirst].size = of_first;
    spec.files[kOfSecond].size = of_second;
  }
  void start() {
    spec.groups.push_back(groups);
    controller.emplace(spec);
    for (const ResidentId id : {kOne, kTwo}) begin(id);
    controller->fill_cache(now);
  }
  auto killer() {
    return [this](ResidentId victim) { killed.push_back(victim); };
  }
  Taken begin(ResidentId id) { return controller->begin(id, now, killer()); }
  Taken take(ResidentId id, Bytes bytes) {
    return controller->take(id, {Bytes(0), bytes, false}, now, killer());
  }
  // A request begins.
  Taken serve(ResidentId id) {
    return controller->take(id, {Bytes(0), Bytes(0), true}, now, killer());
  }
  const MemoryUsage& usage(GroupId group = kRootGroup) const {
    return controller->usage(kHardware, group);
  }

  IdVector<GroupId, MemoryGroupSpec> groups;
  MemorySpec spec;
  std::optional<MemoryController> controller;
  std::vector<ResidentId> killed;
  Instant now;
};

// Within a page.
void expect_near(Bytes actual, Bytes expected) {
  EXPECT_NEAR(static_cast<double>(actual.count()), static_cast<double>(expected.count()), 4096);
}

// K8: whatever is read, the cache stays within the limit, and nobody dies for it.
TEST(PageCache, OfFilesLargerThanTheLimitKillsNobody) {
  Machine machine(mib(64));
  machine.spec.files[kOfFirst].size = mib(300);
  machine.spec.files[kOfFirst].is_cold = true;
  machine.start();
  for (int i = 0; i < 300; ++i) machine.controller->keep(kOfFirst, mib(1), machine.now);
  EXPECT_EQ(machine.usage().cache.current, mib(64));
  EXPECT_EQ(machine.usage(kFirst).current, mib(64));
  EXPECT_TRUE(machine.killed.empty());
}

// What processes want, files give: 60 MiB of them in 100, then 70 for a process. More than all of
// them is a kill, as without files.
TEST(PageCache, GivesWayToProcesses) {
  Machine machine(mib(100));
  machine.spec.files[kOfFirst].size = mib(60);
  machine.start();
  EXPECT_EQ(machine.controller->cached(kOfFirst), mib(60));
  EXPECT_TRUE(machine.take(kTwo, mib(70)).survives);
  EXPECT_EQ(machine.controller->cached(kOfFirst), mib(30));
  EXPECT_TRUE(machine.killed.empty());
  EXPECT_FALSE(machine.take(kTwo, mib(40)).survives);
  EXPECT_EQ(machine.killed, std::vector<ResidentId>{kTwo});
}

// A quarter of the files is in memory: so many reads find what they want. Read in order, none does.
TEST(PageCache, IsHitByTheShareThatIsInMemory) {
  Machine machine(mib(25));
  machine.spec.files[kOfFirst].size = mib(100);
  machine.start();
  EXPECT_TRUE(machine.controller->finds(kOfFirst, 0.24));
  EXPECT_FALSE(machine.controller->finds(kOfFirst, 0.26));
  machine.spec.files[kOfFirst].in_order = true;
  EXPECT_FALSE(machine.controller->finds(kOfFirst, 0.01));
}

// Files that come first have no more of it: 100 and 50 MiB share 60 as two to one, nearly, because
// their chance to lose a page is the same.
TEST(PageCache, IsSharedByHowMuchIsRead) {
  Machine machine(mib(60));
  machine.has_files(mib(100), mib(50));
  machine.start();
  EXPECT_NEAR(static_cast<double>(machine.controller->cached(kOfFirst).count()) / kMib, 40, 2);
  EXPECT_NEAR(static_cast<double>(machine.controller->cached(kOfSecond).count()) / kMib, 20, 2);
}

// 60 and 30 MiB of files in 100, and 40 more for a process: 30 must go, two thirds of the first.
TEST(Reclaim, TakesFromAllByHowMuchTheyHave) {
  Machine machine(mib(100));
  machine.has_files(mib(60), mib(30));
  machine.start();
  machine.take(kOne, mib(40));
  expect_near(machine.controller->cached(kOfFirst), mib(40));
  expect_near(machine.controller->cached(kOfSecond), mib(20));
  EXPECT_LE(machine.usage().current, mib(100));
}

// memory.min of the second: the first pays alone, and when it has nothing left somebody dies.
TEST(Reclaim, LeavesWhatIsProtectedByMin) {
  Machine machine(mib(100));
  machine.has_files(mib(60), mib(30));
  machine.groups[kSecond].min = mib(30);
  machine.start();
  machine.take(kOne, mib(40));
  EXPECT_EQ(machine.controller->cached(kOfSecond), mib(30));
  expect_near(machine.controller->cached(kOfFirst), mib(30));
  EXPECT_FALSE(machine.take(kOne, mib(40)).survives);
  EXPECT_EQ(machine.controller->cached(kOfSecond), mib(30));
}

// memory.low protects only as long as others have something.
TEST(Reclaim, TakesWhatIsProtectedByLowAtLast) {
  Machine machine(mib(100));
  machine.has_files(mib(60), mib(30));
  machine.groups[kSecond].low = mib(30);
  machine.start();
  machine.take(kOne, mib(40));
  EXPECT_EQ(machine.controller->cached(kOfSecond), mib(30));
  EXPECT_TRUE(machine.take(kOne, mib(40)).survives);
  EXPECT_EQ(machine.controller->cached(kOfFirst), Bytes(0));
  expect_near(machine.controller->cached(kOfSecond), mib(20));
}

// mm/page_counter.c: of 40 that a parent may keep, two children who claim 40 each and use 60 and 20
// have what they claim and use, 40 and 20, scaled to 40. Of a parent whose children claim nothing,
// each is protected by how much it uses.
TEST(EffectiveProtection, IsWhatTheParentHasDividedAmongItsChildren) {
  constexpr GroupId kParent{1}, kLarge{2}, kSmall{3};
  IdVector<GroupId, MemoryGroupSpec> groups;
  groups.push_back({GroupId::none()});
  groups.push_back({kRootGroup});
  for (int i = 0; i < 2; ++i) groups.push_back({kParent});
  groups[kParent].low = Bytes(40);
  MemoryCharges charges(groups);
  charges.charge(kLarge, Bytes(60), Instant());
  charges.charge(kSmall, Bytes(20), Instant());
  EXPECT_EQ(charges.protected_in(kLarge, kRootGroup, Protection::low), Bytes(30));
  EXPECT_EQ(charges.protected_in(kSmall, kRootGroup, Protection::low), Bytes(10));
  for (const GroupId child : {kLarge, kSmall}) groups[child].low = Bytes(40);
  EXPECT_EQ(charges.protected_in(kLarge, kRootGroup, Protection::low), Bytes(26));
  EXPECT_EQ(charges.protected_in(kSmall, kRootGroup, Protection::low), Bytes(13));
  // For the sake of its own limit a group protects nothing.
  EXPECT_EQ(charges.protected_in(kParent, kParent, Protection::low), Bytes(0));
  EXPECT_EQ(charges.protected_in(kSmall, kParent, Protection::low), Bytes(20));
}

// memcontrol.c: 64 s times the square of how far it is above, for each 64 pages; 2 s at most, and
// nothing up to 10 ms.
TEST(MemoryHigh, HoldsBackByHowFarItIsExceeded) {
  Machine machine(kNoLimit);
  machine.groups[kFirst].high = Bytes(10'000 * kPage);
  machine.start();
  EXPECT_EQ(machine.take(kOne, Bytes(10'000 * kPage)).pause, Duration(0));
  machine.take(kOne, Bytes(56 * kPage));
  // 64 s times 0.012 squared are 9.2 ms, and 0.0184 squared 21.7 ms.
  EXPECT_EQ(machine.take(kOne, Bytes(64 * kPage)).pause, Duration(0));
  const Duration little = machine.take(kOne, Bytes(64 * kPage)).pause;
  EXPECT_NEAR(static_cast<double>(little.count()), 0.0184 * 0.0184 * 64e9, 1e5);
  machine.take(kOne, Bytes(752 * kPage));
  const Duration tenth = machine.take(kOne, Bytes(64 * kPage)).pause;
  EXPECT_NEAR(static_cast<double>(tenth.count()), 0.64e9, 1e6);
  EXPECT_EQ(machine.take(kOne, Bytes(64'000 * kPage)).pause, seconds(2));
  EXPECT_TRUE(machine.killed.empty());
}

TEST(MemoryHigh, ReclaimsBeforeItHoldsBack) {
  Machine machine(kNoLimit);
  machine.groups[kFirst].high = mib(100);
  machine.spec.files[kOfFirst].size = mib(60);
  machine.start();
  EXPECT_EQ(machine.take(kOne, mib(90)).pause, Duration(0));
  EXPECT_EQ(machine.controller->cached(kOfFirst), mib(10));
}

// What requests do not use goes first: 60 MiB each, of which 20 are used, in 80.
TEST(Swap, TakesWhatIsNotUsedFirst) {
  Machine machine(mib(80));
  machine.groups[kRootGroup].swap_max = mib(1000);
  machine.spec.services[kWeb].base = mib(60);
  machine.spec.services[kWeb].working_set = mib(20);
  machine.spec.services[kWeb].touched = mib(20);
  machine.start();
  EXPECT_TRUE(machine.killed.empty());
  EXPECT_EQ(machine.usage().swapped.current, mib(40));
  EXPECT_EQ(machine.controller->swapped_out(kHardware), mib(40));
  for (const ResidentId id : {kOne, kTwo}) EXPECT_EQ(machine.serve(id).faulted, Bytes(0));
}

// 60 of which all are used, twice, in 80: who is served has all of it, so the other one has 20.
TEST(Swap, ThrashesWhenWhatIsUsedDoesNotFit) {
  Machine machine(mib(80));
  machine.groups[kRootGroup].swap_max = mib(1000);
  machine.spec.services[kWeb].base = mib(60);
  machine.spec.services[kWeb].touched = kNoLimit;
  machine.start();
  EXPECT_EQ(machine.controller->swapped(kOne), mib(40));
  EXPECT_EQ(machine.serve(kOne).faulted, mib(40));
  EXPECT_EQ(machine.controller->swapped(kTwo), mib(40));
  EXPECT_EQ(machine.serve(kTwo).faulted, mib(40));
  EXPECT_EQ(machine.controller->swapped_out(kHardware), mib(120));
  EXPECT_EQ(machine.usage().current, mib(80));
}

// A request that uses a quarter of it finds a quarter of what is missing missing.
TEST(Swap, IsMissedByWhatARequestTouches) {
  Machine machine(mib(80));
  machine.groups[kRootGroup].swap_max = mib(1000);
  machine.spec.services[kWeb].base = mib(60);
  machine.spec.services[kWeb].working_set = mib(60);
  machine.spec.services[kWeb].touched = mib(15);
  machine.start();
  EXPECT_EQ(machine.serve(kOne).faulted, mib(10));
}

TEST(Swap, ThatIsFullKills) {
  Machine machine(mib(80));
  machine.groups[kRootGroup].swap_max = mib(30);
  machine.start();
  machine.take(kOne, mib(60));
  EXPECT_TRUE(machine.take(kTwo, mib(50)).survives);
  EXPECT_TRUE(machine.killed.empty());
  EXPECT_TRUE(machine.take(kTwo, mib(1)).survives);
  // Swapped pages count as the others do: 60 against 51.
  EXPECT_EQ(machine.killed, std::vector<ResidentId>{kOne});
  EXPECT_EQ(machine.usage().swapped.current, Bytes(0));
}

TEST(Swap, IsLimitedForAGroup) {
  Machine machine(mib(80));
  machine.groups[kRootGroup].swap_max = mib(1000);
  machine.groups[kFirst].swap_max = mib(10);
  machine.start();
  machine.take(kOne, mib(60));
  EXPECT_TRUE(machine.take(kTwo, mib(30)).survives);
  EXPECT_EQ(machine.usage(kFirst).swapped.current, mib(10));
  EXPECT_TRUE(machine.take(kTwo, mib(40)).survives);
  EXPECT_EQ(machine.killed, std::vector<ResidentId>{kOne});
}

// swappiness 60: pages of processes that nobody uses go as 60 against 140 of files, by size.
TEST(Swap, IsBalancedAgainstFilesBySwappiness) {
  const auto lost = [](std::int64_t swappiness) {
    Machine machine(mib(200));
    machine.groups[kRootGroup].swap_max = mib(1000);
    machine.spec.swappiness.push_back(swappiness);
    machine.spec.services[kWeb].working_set = Bytes(0);
    machine.spec.files[kOfFirst].size = mib(100);
    machine.spec.services[kWeb].base = mib(50);
    machine.start();
    machine.take(kOne, mib(20));
    return static_cast<double>(machine.usage().swapped.current.count()) / kMib;
  };
  EXPECT_NEAR(lost(60), 6, 0.1);
  EXPECT_NEAR(lost(100), 10, 0.1);
  EXPECT_EQ(lost(0), 0);
}

// Reading never pushes out what processes use.
TEST(Swap, IsNotForFiles) {
  Machine machine(mib(100));
  machine.groups[kRootGroup].swap_max = mib(1000);
  machine.spec.files[kOfFirst].size = mib(500);
  machine.spec.services[kWeb].base = mib(45);
  machine.start();
  EXPECT_EQ(machine.controller->cached(kOfFirst), mib(10));
  EXPECT_EQ(machine.usage().swapped.current, Bytes(0));
}

// 3 s and 3 s in which somebody waits, one of them with two: memory.pressure, some.
TEST(MemoryPressure, IsTimeInWhichAnybodyWaits) {
  Machine machine(kNoLimit);
  machine.start();
  MemoryController& controller = *machine.controller;
  const auto at = [](std::int64_t s) { return Instant() + seconds(s); };
  controller.stall(kHardware, kFirst, at(1));
  controller.stall(kHardware, kSecond, at(3));
  controller.go_on(kHardware, kFirst, at(4));
  controller.go_on(kHardware, kSecond, at(6));
  EXPECT_EQ(machine.usage(kFirst).stalls.some_until(at(9)), seconds(3));
  EXPECT_EQ(machine.usage(kSecond).stalls.some_until(at(9)), seconds(3));
  EXPECT_EQ(machine.usage().stalls.some_until(at(9)), seconds(5));
}

}  // namespace
}  // namespace cotenant
