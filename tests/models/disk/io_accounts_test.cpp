// SPDX-License-Identifier: Apache-2.0
//
// Limits on reads and writes together, with IOs of 100 us. Seconds end at whole multiples of 250
// jiffies, which began a millisecond before the run at one of them.
#include <gtest/gtest.h>

#include "tests/models/disk/rig.h"

namespace cotenant {
namespace {

constexpr std::int64_t kKiB = 1 << 10;

struct Accounted {
  DiskSpec spec = loop_device();
  GroupId group = add_group(spec);

  IoLimit& total() { return spec.groups[group].total; }
};

Instant at(Duration time) { return Instant() + time; }

// 10 ms for each IO of 10 KiB, and the first one waits for nothing.
TEST(IoAccounts, BytesArePaidForAfterwards) {
  Accounted test;
  test.total().bytes = 1000 * kKiB;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::read, Bytes(10 * kKiB)});
  rig.run_until(at(milliseconds(100)));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(rig.done(0).at(static_cast<std::size_t>(i)),
              at(milliseconds(10) * i + microseconds(100)));
  }
}

TEST(IoAccounts, ReadsAndWritesHaveOneLimitTogether) {
  Accounted test;
  test.total().bytes = 1000 * kKiB;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::read, Bytes(10 * kKiB)});
  rig.add({test.group, IoKind::write, Bytes(30 * kKiB)});
  rig.run_until(at(seconds(10)));
  // In turn, 40 KiB every 40 ms: the read at 0, the write when that is paid for, at 10 ms.
  EXPECT_EQ(rig.done(0).at(1), at(milliseconds(40) + microseconds(100)));
  EXPECT_EQ(rig.done(1).at(0), at(milliseconds(10) + microseconds(100)));
  EXPECT_EQ(rig.done(0).size(), 250u);
  EXPECT_EQ(rig.done(1).size(), 250u);
}

TEST(IoAccounts, NothingIsSavedWhileAGroupIsIdle) {
  Accounted test;
  test.total().bytes = 1000 * kKiB;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::write, Bytes(100 * kKiB), seconds(3), 2});
  rig.run_until(at(milliseconds(3500)));
  EXPECT_EQ(rig.done(0), (std::vector<Instant>{at(seconds(3) + microseconds(100)),
                                               at(milliseconds(3100) + microseconds(100))}));
}

// Jiffy 1,000,000 began 1 ms before the run, and a second with it: it ends at 999 ms.
TEST(IoAccounts, IosStopUntilTheSecondEnds) {
  Accounted test;
  test.total().ios = 3;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::read});
  rig.add({test.group, IoKind::write, Bytes(4096), microseconds(50)});
  rig.run_until(at(milliseconds(2000)));
  // Read, write, read in each of them.
  const Instant second = at(milliseconds(999)), third = second + seconds(1);
  EXPECT_EQ(rig.done(0),
            (std::vector<Instant>{at(microseconds(100)), at(microseconds(200)),
                                  second + microseconds(100), second + microseconds(200),
                                  third + microseconds(100), third + microseconds(200)}));
  EXPECT_EQ(rig.done(1), (std::vector<Instant>{at(microseconds(150)), second + microseconds(100),
                                               third + microseconds(100)}));
}

TEST(IoAccounts, EightIosOfASecondPassAtOnceAndNoneAfterwards) {
  Accounted test;
  test.total().ios = 8;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::read, Bytes(4096), milliseconds(998), 10});
  rig.run_until(at(milliseconds(1500)));
  // Eight at the end of a second, and two at the beginning of the next.
  EXPECT_EQ(rig.done(0).at(7), at(milliseconds(998) + microseconds(100)));
  EXPECT_EQ(rig.done(0).at(8), at(milliseconds(999) + microseconds(100)));
  EXPECT_EQ(rig.done(0).size(), 10u);
}

TEST(IoAccounts, GroupsAroundAreAskedToo) {
  Accounted test;
  test.total().bytes = 1000 * kKiB;
  const GroupId inner = test.spec.groups.push_back({test.group, 100, {}, {}});
  test.spec.groups[inner].total.ios = 20;
  DiskRig rig(test.spec);
  rig.add({inner, IoKind::read, Bytes(10 * kKiB), Duration(0), 4});
  rig.add({test.group, IoKind::write, Bytes(10 * kKiB), Duration(0), 4});
  rig.run_until(at(seconds(20)));
  EXPECT_NEAR(static_cast<double>(rig.done(0).size()), 400, 20);
  EXPECT_NEAR(static_cast<double>(rig.done(0).size() + rig.done(1).size()), 2000, 8);
}

TEST(IoAccounts, LimitsOfAKindHoldBesides) {
  Accounted test;
  test.total().bytes = 1000 * kKiB;
  test.spec.groups[test.group].limit.write.bytes = 100 * kKiB;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::read, Bytes(10 * kKiB)});
  rig.add({test.group, IoKind::write, Bytes(10 * kKiB), Duration(0), 4});
  rig.run_until(at(seconds(20)));
  // What writes may not, reads may.
  EXPECT_NEAR(static_cast<double>(rig.done(1).size()), 200, 4);
  EXPECT_NEAR(static_cast<double>(rig.done(0).size() + rig.done(1).size()), 2000, 8);
}

TEST(IoAccounts, OtherGroupsAreLetAlone) {
  Accounted test;
  test.total().ios = 1;
  const GroupId other = add_group(test.spec);
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::read});
  rig.add({other, IoKind::read});
  rig.run_until(at(milliseconds(100)));
  EXPECT_EQ(rig.done(0).size(), 1u);
  EXPECT_EQ(rig.done(1).size(), 1000u);
}

// What waits is throttled, and nothing else.
TEST(IoAccounts, TheTimeIsBookedAsThrottled) {
  Accounted test;
  test.total().bytes = 1000 * kKiB;
  DiskRig rig(test.spec);
  rig.add({test.group, IoKind::write, Bytes(100 * kKiB), Duration(0), 2});
  rig.run_until(at(milliseconds(150)));
  EXPECT_EQ(rig.all().at(1).times.throttled, milliseconds(100));
  EXPECT_EQ(rig.all().at(1).times.queued, Duration(0));
  EXPECT_EQ(rig.all().at(1).times.served, microseconds(100));
}

}  // namespace
}  // namespace cotenant
