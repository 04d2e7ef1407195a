// SPDX-License-Identifier: Apache-2.0
//
// What was measured of blk-throttle on Linux 6.18, 250 ticks a second (linux.md section 8 K9).
#include <gtest/gtest.h>

#include "tests/models/disk/rig.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

struct Limited {
  DiskSpec spec = loop_device();
  GroupId group = add_group(spec);

  PerKind<IoLimit>& limit() { return spec.groups[group].limit; }
};

// To the millisecond, since the first one.
std::vector<std::int64_t> in_milliseconds(const std::vector<Instant>& done, std::size_t count) {
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back((done[i] - done[0]).count() / 1'000'000);
  return times;
}

TEST(BlkThrottle, LetsWritesOf64KiBPassAsMeasured) {
  Limited limited;
  limited.limit().write.bytes = kMiB;
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::write, Bytes(64 << 10)});
  rig.run_until(Instant() + seconds(10));
  // Measured: .000 .128 .128 .252 .316 .316 .440 s. The first one waits for no tick, the others
  // pass at ticks: with the first a millisecond after one, they are a millisecond early.
  EXPECT_EQ(in_milliseconds(rig.done(0), 7),
            (std::vector<std::int64_t>{0, 127, 127, 251, 315, 315, 439}));
  // 0.998 MiB/s in the long run.
  EXPECT_NEAR(static_cast<double>(rig.done(0).size()), 160, 2);
}

TEST(BlkThrottle, BanksNothingWhileAGroupIsIdle) {
  Limited limited;
  limited.limit().write.bytes = kMiB;
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::write, Bytes(64 << 10), seconds(3)});
  rig.add({limited.group, IoKind::write, Bytes(64 << 10)});
  // The second program has used up its window by 3 s, and the first one then waits like others.
  rig.run_until(Instant() + seconds(2));
  DiskRig idle(limited.spec);
  idle.add({limited.group, IoKind::write, Bytes(64 << 10), seconds(3), 8});
  idle.run_until(Instant() + milliseconds(3500));
  // Eight at once, after 3 s of nothing: as from the start.
  EXPECT_EQ(in_milliseconds(idle.done(0), 7),
            (std::vector<std::int64_t>{0, 127, 127, 251, 315, 315, 439}));
}

TEST(BlkThrottle, HoldsBackEvenTheFirstIoThatIsTooLarge) {
  Limited limited;
  limited.limit().write.bytes = kMiB;
  limited.spec.device.medium.write.latency = always(milliseconds(3));
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::write, Bytes(kMiB)});
  rig.run_until(Instant() + seconds(60));
  // Measured: every 1.003 s, the first also waits. The wait is whole ticks.
  EXPECT_GE(rig.done(0)[0], Instant() + milliseconds(990));
  const double each =
      in_seconds(rig.done(0).back() - rig.done(0)[0]) / static_cast<double>(rig.done(0).size() - 1);
  EXPECT_NEAR(each, 1.003, 0.004);
}

TEST(BlkThrottle, IsBimodalForSmallReads) {
  Limited limited;
  limited.limit().read.bytes = 10 * kMiB;
  limited.spec.device.medium.read.latency = always(microseconds(10));
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::read, Bytes(4096)});
  rig.run_until(Instant() + seconds(10));
  // Measured: 9.98 MiB/s, median 0.01 ms, longest 105 ms.
  EXPECT_NEAR(static_cast<double>(rig.done(0).size()) * 4096 / kMiB / 10, 9.98, 0.1);
  Duration longest;
  std::size_t fast = 0;
  for (const Io& io : rig.all()) {
    longest = std::max(longest, io.times.total());
    if (io.times.total() < microseconds(20)) ++fast;
  }
  EXPECT_GT(fast, rig.all().size() * 9 / 10);
  EXPECT_NEAR(in_seconds(longest), 0.105, 0.005);
}

TEST(BlkThrottle, CountsIosInWindows) {
  Limited limited;
  limited.limit().write.ios = 100;
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::write, Bytes(4096)});
  rig.run_until(Instant() + seconds(10));
  // Measured: 10 at once, then a pause of 104 ms: a tick more than the window, less the part of the
  // tick before it began.
  const auto& done = rig.done(0);
  EXPECT_LT(done[9] - done[0], milliseconds(2));
  EXPECT_NEAR(in_seconds(done[10] - done[9]), 0.104, 0.004);
  EXPECT_NEAR(static_cast<double>(done.size()), 1000, 10);
}

TEST(BlkThrottle, LetsSlowGroupsPassOneAtATime) {
  Limited limited;
  limited.limit().write.ios = 10;
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::write, Bytes(4096)});
  rig.run_until(Instant() + seconds(100));
  // Measured over a second: every 108 ms, less than the limit says. It catches up later.
  const auto& done = rig.done(0);
  for (std::size_t i = 2; i < 10; ++i) {
    EXPECT_EQ(done[i] - done[i - 1], milliseconds(108));
  }
  EXPECT_NEAR(static_cast<double>(done.size()), 1000, 10);
}

TEST(BlkThrottle, AsksTheGroupsAroundToo) {
  Limited limited;
  limited.limit().write.bytes = 10 * kMiB;
  const GroupId inner = limited.spec.groups.push_back({limited.group, 100, {}});
  limited.spec.groups[inner].limit.write.ios = 20;
  DiskRig rig(limited.spec);
  rig.add({inner, IoKind::write, Bytes(4096), Duration(0), 4});
  rig.add({limited.group, IoKind::write, Bytes(64 << 10), Duration(0), 4});
  rig.run_until(Instant() + seconds(20));
  // The inner group has its own limit, and both share that of the outer one.
  const double inner_ios = static_cast<double>(rig.done(0).size());
  const double outer_ios = static_cast<double>(rig.done(1).size());
  EXPECT_NEAR(inner_ios / 20, 20, 2.5);
  EXPECT_NEAR((inner_ios * 4096 + outer_ios * (64 << 10)) / 20 / kMiB, 10, 0.2);
}

TEST(BlkThrottle, LetsOtherKindsAndGroupsAlone) {
  Limited limited;
  limited.limit().write.ios = 10;
  const GroupId other = add_group(limited.spec);
  DiskRig rig(limited.spec);
  rig.add({limited.group, IoKind::read});
  rig.add({other, IoKind::write});
  rig.run_until(Instant() + milliseconds(100));
  EXPECT_EQ(rig.done(0).size(), 1000u);
  EXPECT_EQ(rig.done(1).size(), 1000u);
}

}  // namespace
}  // namespace cotenant
