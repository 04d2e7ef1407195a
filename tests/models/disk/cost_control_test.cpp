// SPDX-License-Identifier: Apache-2.0
//
// iocost on a disk by itself: shares of groups by their weights, whatever their IOs look like, and
// what one does not need is for the others.
#include "models/disk/cost_control.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/models/disk/rig.h"

namespace cotenant {
namespace {

// A device that does what the model says: 1,000 random IOs a second, 100 MB/s.
DiskSpec modeled_disk() {
  DiskSpec spec = loop_device();
  spec.device.depth = 16;
  CostModel model;
  model.period = milliseconds(50);
  for (const IoKind kind : {IoKind::read, IoKind::write}) {
    spec.device.medium[kind] = {always(Duration(0)), 0, 1000};
    model.costs[kind] = {100'000'000, 5'000, 1000};
  }
  spec.cost = model;
  return spec;
}

// From the tenth second on: then it is known how fast the device is.
double per_second(const DiskRig& rig, std::size_t program) {
  const auto& done = rig.done(program);
  const auto first = std::find_if(done.begin(), done.end(),
                                  [](Instant at) { return at >= Instant() + seconds(10); });
  return static_cast<double>(done.end() - first) / 50;
}

void run_a_minute(DiskRig& rig) { rig.run_until(Instant() + seconds(60)); }

// Two groups with weights 100 and 300, and more IOs than a device takes at once that does so many a
// second.
DiskRig weighed(std::int64_t ios) {
  DiskSpec spec = modeled_disk();
  spec.device.medium.read.ios = ios;
  const GroupId light = add_group(spec, 100), heavy = add_group(spec, 300);
  DiskRig rig(spec);
  rig.add({light, IoKind::read, Bytes(4096), {}, 32});
  rig.add({heavy, IoKind::read, Bytes(4096), {}, 32});
  run_a_minute(rig);
  return rig;
}

TEST(CostControl, SharesTheDiskByWeight) {
  const DiskRig rig = weighed(2000);
  EXPECT_NEAR(per_second(rig, 1) / per_second(rig, 0), 3, 0.05);
  EXPECT_NEAR(per_second(rig, 0) + per_second(rig, 1), 2000, 60);
}

// A device that is twice as fast as the model says is used all the same. One half as fast gets
// fewer IOs: by one percent a period at first, which swings around what it can do.
TEST(CostControl, LearnsHowFastTheDeviceIs) {
  EXPECT_NEAR(weighed(2000).disk().cost_control()->rate(), 2, 0.3);
  const DiskRig slow = weighed(500);
  EXPECT_LT(slow.disk().cost_control()->rate(), 0.8);
  EXPECT_GT(per_second(slow, 0) + per_second(slow, 1), 300);
  EXPECT_GT(per_second(slow, 1) / per_second(slow, 0), 1.4);
}

// What costs more is done less often: 64 KiB cost 1 ms for the seek and 0.6 ms for their bytes.
TEST(CostControl, CountsTheTimeOfTheDeviceAndNotIos) {
  DiskSpec spec = modeled_disk();
  const GroupId small = add_group(spec), large = add_group(spec);
  DiskRig rig(spec);
  rig.add({small, IoKind::read, Bytes(4096), {}, 32});
  rig.add({large, IoKind::read, Bytes(64 << 10), {}, 32});
  run_a_minute(rig);
  EXPECT_NEAR(per_second(rig, 0) / per_second(rig, 1), 1.614, 0.1);
}

// One that asks for 50 a second gets them, and the other one nearly all the rest: not half.
TEST(CostControl, LendsWhatAGroupDoesNotNeed) {
  DiskSpec spec = modeled_disk();
  const GroupId modest = add_group(spec), greedy = add_group(spec);
  DiskRig rig(spec);
  rig.add({modest, IoKind::read, Bytes(4096), milliseconds(19), 1});
  rig.add({greedy, IoKind::read, Bytes(4096), {}, 64});
  run_a_minute(rig);
  EXPECT_GT(per_second(rig, 0), 20);
  EXPECT_GT(per_second(rig, 1), 850);
}

// Commits of the journal are nobody's.
TEST(CostControl, LeavesTheRootAlone) {
  DiskSpec spec = modeled_disk();
  const GroupId group = add_group(spec, 1);
  DiskRig rig(spec);
  rig.add({kRootGroup, IoKind::write, Bytes(4096), {}, 1});
  rig.add({group, IoKind::write, Bytes(4096), {}, 32});
  run_a_minute(rig);
  for (const Io& io : rig.all()) {
    EXPECT_TRUE(io.group == group || io.times.throttled.is_zero());
  }
}

}  // namespace
}  // namespace cotenant
