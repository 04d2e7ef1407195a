// SPDX-License-Identifier: Apache-2.0
//
// Kyber on a disk by itself: how many IOs of each kind the device has, and what becomes of that
// once it is slow.
#include "models/disk/kyber.h"

#include <gtest/gtest.h>

#include "tests/models/disk/rig.h"

namespace cotenant {
namespace {

// Each IO takes a millisecond of the medium.
DiskSpec slow_disk(std::uint32_t depth) {
  DiskSpec spec = loop_device();
  spec.scheduler = IoSchedulerKind::kyber;
  spec.device.depth = depth;
  for (const IoKind kind : {IoKind::read, IoKind::write}) {
    spec.device.medium[kind] = {always(Duration(0)), 0, 1000};
  }
  return spec;
}

std::size_t done_in(const DiskRig& rig, std::size_t program, Instant from, Instant until) {
  std::size_t count = 0;
  for (const Instant at : rig.done(program)) count += at >= from && at < until;
  return count;
}

// 16 reads, then 8 writes, as long as both wait: their depths are above what is under way.
TEST(Kyber, ServesReadsAndWritesInBatches) {
  DiskRig rig(slow_disk(1));
  rig.add({kRootGroup, IoKind::read, Bytes(4096), {}, 40});
  rig.add({kRootGroup, IoKind::write, Bytes(4096), {}, 40});
  rig.run_until(Instant() + milliseconds(90));
  // The very first IO comes before anything else waits, and ends a batch that has begun.
  std::vector<std::size_t> batches;
  IoKind last = IoKind::write;
  for (std::size_t i = 20; i < rig.all().size(); ++i) {
    const IoKind kind = rig.all()[i].kind;
    if (kind != last || batches.empty()) batches.push_back(0);
    last = kind;
    ++batches.back();
  }
  ASSERT_GE(batches.size(), 4u);
  EXPECT_EQ(batches[1] + batches[2], 16u + 8u);
  EXPECT_EQ(std::max(batches[1], batches[2]), 16u);
}

// 128 writes at once take 128 ms each, far above 10 ms; reads wait for nothing but for them, and
// miss their 2 ms by as much. Both are slow, so nobody is made to give way.
TEST(Kyber, LeavesDepthsAloneWhenAllAreSlow) {
  DiskRig rig(slow_disk(256));
  rig.add({kRootGroup, IoKind::read, Bytes(4096), {}, 4});
  rig.add({kRootGroup, IoKind::write, Bytes(4096), {}, 128});
  rig.run_until(Instant() + seconds(5));
  const auto& kyber = *rig.disk().kyber();
  EXPECT_EQ(kyber.depth(IoKind::read), 256u);
  EXPECT_EQ(kyber.depth(IoKind::write), 128u);
}

// Six writes at once take 7 ms each, less than three quarters of what they may; a read behind them
// misses its 2 ms. So writes have a quarter less at the device each time, until waiting for their
// turn takes them to the last quarter.
TEST(Kyber, MakesFastKindsGiveWayToSlowOnes) {
  const auto read_every = [](IoSchedulerKind scheduler) {
    DiskSpec spec = slow_disk(64);
    spec.scheduler = scheduler;
    DiskRig rig(spec);
    rig.add({kRootGroup, IoKind::read, Bytes(4096), milliseconds(1), 1});
    rig.add({kRootGroup, IoKind::write, Bytes(4096), {}, 6});
    rig.run_until(Instant() + seconds(30));
    return 10.0 /
           static_cast<double>(done_in(rig, 0, Instant() + seconds(20), Instant() + seconds(30)));
  };
  // Six others, itself and its pause, of which the device makes use; three others instead of six.
  EXPECT_NEAR(read_every(IoSchedulerKind::none), 7.5e-3, 0.6e-3);
  EXPECT_NEAR(read_every(IoSchedulerKind::kyber), 4.75e-3, 0.75e-3);
}

}  // namespace
}  // namespace cotenant
