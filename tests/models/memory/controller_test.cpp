// SPDX-License-Identifier: Apache-2.0
//
// Who is killed: mm/oom_kill.c, and K8 of linux.md section 8, where of a big process, a small one
// and a newcomer that grows the big one dies, and with a score of +500 the small one.
#include "models/memory/controller.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/machine/machine.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMb = 1'000'000;
constexpr GroupId kTenant{1};
constexpr ServiceId kService{0};
constexpr ResidentId kBig{0}, kSmall{1}, kNewcomer{2};

// Processes of a service in a group with a limit, in a machine with more.
MemorySpec spec_of(std::size_t processes, Bytes limit, Bytes base = Bytes(0)) {
  MemorySpec spec;
  IdVector<GroupId, MemoryGroupSpec> groups;
  groups.push_back({GroupId::none(), kNoLimit});
  groups.push_back({kRootGroup, limit});
  spec.groups.push_back(groups);
  ProcessMemorySpec process;
  process.base = base;
  spec.services.push_back(process);
  for (std::size_t i = 0; i < processes; ++i) {
    ResidentSpec resident;
    resident.machine = kHardware;
    resident.group = kTenant;
    resident.service = kService;
    spec.residents.push_back(resident);
  }
  return spec;
}

struct Kernel {
  explicit Kernel(const MemorySpec& spec) : controller(spec) {}

  bool begin(ResidentId id) {
    const auto kill = [this](ResidentId victim) { killed.push_back(victim); };
    return controller.begin(id, now, kill).survives;
  }
  bool hold(ResidentId id, std::int64_t megabytes) {
    const auto kill = [this](ResidentId victim) { killed.push_back(victim); };
    return controller.take(id, {Bytes(megabytes * kMb), Bytes(0), false}, now, kill).survives;
  }
  void open(ResidentId id) {
    const auto kill = [this](ResidentId victim) { killed.push_back(victim); };
    controller.open_connection(id, now, kill);
  }
  void close(ResidentId id) { controller.close_connection(id, now); }
  Bytes used() const { return controller.usage(kHardware, kTenant).current; }

  MemoryController controller;
  std::vector<ResidentId> killed;
  Instant now;
};

const std::vector<ResidentId> kNobody;

// 107, 37 and a newcomer in 200 MB, as measured.
TEST(OomKill, IsOfTheLargestNotOfTheOneWhoAsked) {
  const MemorySpec spec = spec_of(3, Bytes(200 * kMb));
  Kernel kernel(spec);
  for (const ResidentId id : {kBig, kSmall, kNewcomer}) kernel.begin(id);
  kernel.hold(kBig, 107);
  kernel.hold(kSmall, 37);
  EXPECT_TRUE(kernel.hold(kNewcomer, 50));
  EXPECT_EQ(kernel.killed, kNobody);
  EXPECT_TRUE(kernel.hold(kNewcomer, 20));
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kBig});
  EXPECT_EQ(kernel.used(), Bytes(107 * kMb));
}

TEST(OomKill, HeedsScoresThatWereAdjusted) {
  MemorySpec spec = spec_of(3, Bytes(200 * kMb));
  spec.residents[kSmall].oom_score_adj = 500;  // 37 + 100 MB
  Kernel kernel(spec);
  for (const ResidentId id : {kBig, kSmall, kNewcomer}) kernel.begin(id);
  kernel.hold(kBig, 107);
  kernel.hold(kSmall, 37);
  EXPECT_TRUE(kernel.hold(kNewcomer, 70));
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kSmall});
}

// It has touched 90 of its 120 MB when there is no room left: that is more than the other one has.
TEST(OomKill, CountsWhatTheTakerHasTouchedSoFar) {
  const MemorySpec spec = spec_of(2, Bytes(150 * kMb));
  Kernel kernel(spec);
  kernel.begin(kBig);
  kernel.begin(kSmall);
  kernel.hold(kSmall, 60);
  EXPECT_FALSE(kernel.hold(kBig, 120));
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kBig});
  EXPECT_EQ(kernel.used(), Bytes(60 * kMb));
}

// Alone it is always the one; nobody else is left to make room.
TEST(OomKill, IsOfWhoeverWantsMoreThanTheLimit) {
  const MemorySpec spec = spec_of(2, Bytes(100 * kMb));
  Kernel kernel(spec);
  kernel.begin(kBig);
  kernel.begin(kSmall);
  kernel.hold(kSmall, 60);
  EXPECT_FALSE(kernel.hold(kBig, 101));
  EXPECT_EQ(kernel.killed, (std::vector<ResidentId>{kSmall, kBig}));
  EXPECT_EQ(kernel.used(), Bytes(0));
}

// Equal ones: the process that started last.
TEST(OomKill, OfEqualOnesIsOfTheYoungest) {
  const MemorySpec spec = spec_of(3, Bytes(100 * kMb));
  Kernel kernel(spec);
  for (const ResidentId id : {kSmall, kBig, kNewcomer}) kernel.begin(id);
  for (const ResidentId id : {kSmall, kBig}) kernel.hold(id, 40);
  kernel.hold(kNewcomer, 30);
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kBig});
}

// Only processes inside of the group that is full: a limit of a group kills nobody outside.
TEST(OomKill, StaysInsideTheGroupThatIsFull) {
  MemorySpec spec = spec_of(3, Bytes(100 * kMb));
  spec.residents[kBig].group = kRootGroup;
  Kernel kernel(spec);
  for (const ResidentId id : {kBig, kSmall, kNewcomer}) kernel.begin(id);
  kernel.hold(kBig, 500);
  kernel.hold(kSmall, 60);
  kernel.hold(kNewcomer, 50);
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kSmall});
}

// And a machine that is full kills anybody.
TEST(OomKill, OfAMachineIsOfAnybody) {
  MemorySpec spec = spec_of(3, Bytes(100 * kMb));
  spec.groups[kHardware][kRootGroup].max = Bytes(560 * kMb);
  spec.residents[kBig].group = kRootGroup;
  Kernel kernel(spec);
  for (const ResidentId id : {kBig, kSmall, kNewcomer}) kernel.begin(id);
  kernel.hold(kBig, 500);
  kernel.hold(kSmall, 50);
  EXPECT_TRUE(kernel.hold(kNewcomer, 40));
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kBig});
}

// Its memory is free at once, it takes no more, and its end is told from that of others.
TEST(OomKill, LeavesNothingOfItsVictim) {
  const MemorySpec spec = spec_of(2, Bytes(100 * kMb), Bytes(10 * kMb));
  Kernel kernel(spec);
  kernel.begin(kBig);
  kernel.begin(kSmall);
  kernel.hold(kBig, 50);
  kernel.now = Instant(5);
  EXPECT_TRUE(kernel.hold(kSmall, 40));
  EXPECT_FALSE(kernel.hold(kBig, 1));
  kernel.controller.give_back(kBig, Bytes(50 * kMb), kernel.now);
  EXPECT_EQ(kernel.used(), Bytes(50 * kMb));
  EXPECT_TRUE(kernel.controller.end(kBig, kernel.now));
  EXPECT_FALSE(kernel.controller.end(kSmall, kernel.now));
  EXPECT_EQ(kernel.used(), Bytes(0));
  EXPECT_EQ(kernel.controller.kills(kService), 1u);
  EXPECT_EQ(kernel.controller.kills(kHardware, kTenant), 1u);
  EXPECT_EQ(kernel.controller.first_kill()->at, Instant(5));
  EXPECT_EQ(kernel.controller.first_kill()->limit, kTenant);
}

// --- memory.oom.group

// The victim's group, of which one process is never killed, and another group within the limit.
TEST(OomGroupOf, TheVictimIsKilledWithAllInIt) {
  MemorySpec spec = spec_of(4, Bytes(200 * kMb));
  const GroupId pod(2), other(3);
  spec.groups[kHardware].push_back({kTenant, kNoLimit});
  spec.groups[kHardware].push_back({kTenant, kNoLimit});
  spec.groups[kHardware][pod].oom_group = true;
  for (const ResidentId id : {kBig, kSmall, kNewcomer}) spec.residents[id].group = pod;
  const ResidentId outside(3);
  spec.residents[outside].group = other;
  spec.residents[kNewcomer].oom_score_adj = kImmune;
  Kernel kernel(spec);
  for (const ResidentId id : {kBig, kSmall, kNewcomer, outside}) kernel.begin(id);
  kernel.hold(kBig, 80);
  kernel.hold(kSmall, 10);
  kernel.hold(kNewcomer, 90);
  EXPECT_TRUE(kernel.hold(outside, 30));
  EXPECT_EQ(kernel.killed, (std::vector<ResidentId>{kBig, kSmall}));
  EXPECT_TRUE(kernel.controller.is_condemned_with_group(kSmall));
  EXPECT_EQ(kernel.used(), Bytes(120 * kMb));
  EXPECT_EQ(kernel.controller.kills(kHardware, kTenant), 2u);
}

// The outermost such group up to the one that is full, and none beyond that.
TEST(OomGroupOf, TheVictimIsTheOutermostWithinTheLimit) {
  for (const bool is_set_inside : {false, true}) {
    MemorySpec spec = spec_of(3, kNoLimit);
    IdVector<GroupId, MemoryGroupSpec>& groups = spec.groups[kHardware];
    const GroupId full(2), pod(3);
    groups.push_back({kTenant, Bytes(100 * kMb)});
    groups.push_back({full, kNoLimit});
    groups[kTenant].oom_group = true;  // the full one is in it
    groups[full].oom_group = is_set_inside;
    spec.residents[kBig].group = pod;
    spec.residents[kSmall].group = full;
    Kernel kernel(spec);
    for (const ResidentId id : {kBig, kSmall, kNewcomer}) kernel.begin(id);
    kernel.hold(kSmall, 10);
    kernel.hold(kNewcomer, 10);
    EXPECT_FALSE(kernel.hold(kBig, 95));
    const std::vector<ResidentId> all{kBig, kSmall}, one{kBig};
    EXPECT_EQ(kernel.killed, is_set_inside ? all : one);
  }
}

// Who is left may not be killed: it has what it wants, above the limit.
TEST(OomKill, IsOfNobodyWhereAllAreImmune) {
  MemorySpec spec = spec_of(1, Bytes(100 * kMb));
  spec.residents[kBig].oom_score_adj = kImmune;
  Kernel kernel(spec);
  kernel.begin(kBig);
  EXPECT_TRUE(kernel.hold(kBig, 120));
  EXPECT_EQ(kernel.killed, kNobody);
  EXPECT_EQ(kernel.used(), Bytes(120 * kMb));
}

MemorySpec spec_with_connections(std::int64_t limit) {
  MemorySpec spec = spec_of(2, Bytes(limit * kMb));
  spec.services[kService].per_connection = Bytes(3 * kMb);
  spec.services[kService].per_socket = Bytes(2 * kMb);
  return spec;
}

// Five each: three in the process, which the badness counts, and two of the kernel, which it does
// not.
TEST(Connections, OccupyTheirProcessAndTheKernel) {
  const MemorySpec spec = spec_with_connections(100);
  Kernel kernel(spec);
  kernel.begin(kBig);
  for (int i = 0; i < 4; ++i) kernel.open(kBig);
  EXPECT_EQ(kernel.used(), Bytes(20 * kMb));
  EXPECT_EQ(kernel.controller.resident(kBig), Bytes(12 * kMb));
  EXPECT_EQ(kernel.controller.sockets(kBig), Bytes(8 * kMb));
  kernel.close(kBig);
  EXPECT_EQ(kernel.used(), Bytes(15 * kMb));
  kernel.controller.end(kBig, kernel.now);
  EXPECT_EQ(kernel.used(), Bytes(0));
}

// Nineteen are 95 of 100, and with two of another process beside them no twentieth fits. Who is
// killed loses its sockets with it, and those that it closes afterwards are gone already.
TEST(Connections, MayBeOneTooMany) {
  const MemorySpec spec = spec_with_connections(100);
  Kernel kernel(spec);
  kernel.begin(kBig);
  kernel.begin(kSmall);
  kernel.hold(kSmall, 2);
  for (int i = 0; i < 19; ++i) kernel.open(kBig);
  EXPECT_EQ(kernel.killed, kNobody);
  kernel.open(kSmall);
  EXPECT_EQ(kernel.killed, std::vector<ResidentId>{kBig});
  EXPECT_EQ(kernel.used(), Bytes(7 * kMb));
  kernel.close(kBig);
  kernel.open(kBig);
  EXPECT_EQ(kernel.used(), Bytes(7 * kMb));
}

}  // namespace
}  // namespace cotenant
