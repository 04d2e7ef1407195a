// SPDX-License-Identifier: Apache-2.0
//
// Control groups of both versions, on trees of files as a kernel has them.
#include <gtest/gtest.h>

#include "tests/validation/capture/kernel_tree.h"
#include "validation/capture/recorder/control_group.h"

namespace cotenant {
namespace {

using test::KernelTree;

TEST(CgroupV2, TellsOfItsCountersInTheUnitsOfTheSimulator) {
  const KernelTree tree = test::cgroup_v2_tree();
  const auto group = control_group_of(tree.root(), 100);
  ASSERT_TRUE(group);
  EXPECT_EQ(group->version, 2);
  EXPECT_EQ(group->name(), "system.slice/shop.service");
  const auto sample = group->files().read();
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->cpu, CpuTime(2'500'000'000));
  EXPECT_EQ(sample->cpu_user, CpuTime(2'000'000'000));
  EXPECT_EQ(sample->cpu_system, CpuTime(500'000'000));
  EXPECT_EQ(sample->nr_periods, 1200);
  EXPECT_EQ(sample->nr_throttled, 34);
  EXPECT_EQ(sample->throttled, microseconds(567'890));
  EXPECT_EQ(sample->memory, Bytes(104'857'600));
  EXPECT_EQ(sample->oom_kills, 2);
  EXPECT_EQ(sample->memory_max_events, 7);
  EXPECT_EQ(sample->read, Bytes(4096 + 512));  // of both devices
  EXPECT_EQ(sample->written, Bytes(8192));
  EXPECT_EQ(sample->read_ios, 2);
  EXPECT_EQ(sample->write_ios, 3);
  EXPECT_EQ(sample->cpu_some, microseconds(111));
  EXPECT_EQ(sample->cpu_full, microseconds(99));
  EXPECT_EQ(sample->memory_some, microseconds(222));
  EXPECT_EQ(sample->io_full, microseconds(333));
  EXPECT_EQ(sample->processes, 3);
}

TEST(CgroupV2, TellsOfItsLimits) {
  const KernelTree tree = test::cgroup_v2_tree();
  const CapturedGroup limits = control_group_of(tree.root(), 100)->limits();
  EXPECT_EQ(limits.name, "system.slice/shop.service");
  EXPECT_EQ(limits.cpu_weight, 200);
  EXPECT_EQ(limits.cpu_quota, milliseconds(50));
  EXPECT_EQ(limits.cpu_period, milliseconds(100));
  EXPECT_EQ(limits.cpu_burst, milliseconds(10));
  EXPECT_EQ(limits.memory_max, Bytes(268'435'456));
  EXPECT_FALSE(limits.memory_high);  // "max"
  EXPECT_EQ(limits.io_weight, 100);
}

TEST(CgroupV2, FindsLimitsOfTheGroupsAroundIt) {
  const KernelTree tree = test::cgroup_v2_tree();
  const std::string slice = "sys/fs/cgroup/system.slice/";
  EXPECT_TRUE(limits_around(tree.root(), *control_group_of(tree.root(), 100)).empty());
  tree.write(slice + "cpu.max", "150000 100000\n");
  const auto around = limits_around(tree.root(), *control_group_of(tree.root(), 100));
  ASSERT_EQ(around.size(), 1u);
  EXPECT_EQ(around[0].limits().name, "system.slice");
  EXPECT_EQ(around[0].limits().cpu_quota, milliseconds(150));
}

TEST(CgroupV2, LeavesOutWhatTheKernelDoesNotHave) {
  const KernelTree tree = test::cgroup_v2_tree();
  const std::string folder = "sys/fs/cgroup/system.slice/shop.service/";
  tree.remove(folder + "memory.current");
  tree.remove(folder + "io.stat");
  tree.remove(folder + "cpu.pressure");
  tree.write(folder + "cpu.stat", "usage_usec 7\nuser_usec 4\nsystem_usec 3\n");
  tree.write(folder + "cpu.max", "max 100000\n");
  const auto group = control_group_of(tree.root(), 100);
  const auto sample = group->files().read();
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->cpu, CpuTime(7'000));
  EXPECT_FALSE(sample->memory || sample->read || sample->cpu_some || sample->nr_periods);
  EXPECT_FALSE(group->limits().cpu_quota);
}

TEST(CgroupV1, TellsOfItsCountersInTheUnitsOfTheSimulator) {
  const KernelTree tree = test::cgroup_v1_tree();
  const auto group = control_group_of(tree.root(), 100);
  ASSERT_TRUE(group);
  EXPECT_EQ(group->version, 1);
  EXPECT_EQ(group->name(), "shop");
  const auto sample = group->files().read();
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->cpu, CpuTime(2'500'000'123));  // all are nanoseconds here
  EXPECT_EQ(sample->cpu_user, CpuTime(2'000'000'000));
  EXPECT_EQ(sample->cpu_system, CpuTime(500'000'123));
  EXPECT_EQ(sample->nr_throttled, 34);
  EXPECT_EQ(sample->throttled, nanoseconds(567'890'123));
  EXPECT_EQ(sample->memory, Bytes(104'857'600));
  EXPECT_EQ(sample->memory_max_events, 7);
  EXPECT_EQ(sample->oom_kills, 2);
  EXPECT_EQ(sample->read_ios, 5);
  EXPECT_EQ(sample->written, Bytes(8192));
  EXPECT_EQ(sample->processes, 3);
  EXPECT_FALSE(sample->cpu_some);  // its group of version 2 is the root, which is everybody
}

TEST(CgroupV1, TellsOfItsLimitsWithTheWeightsOfVersion2) {
  const KernelTree tree = test::cgroup_v1_tree();
  const CapturedGroup limits = control_group_of(tree.root(), 100)->limits();
  EXPECT_EQ(limits.cpu_weight, 50);  // of 512 shares
  EXPECT_EQ(limits.cpu_quota, milliseconds(20));
  EXPECT_EQ(limits.cpu_period, milliseconds(100));
  EXPECT_FALSE(limits.memory_max);  // 0x7ffffffffffff000 is none
  tree.write("sys/fs/cgroup/cpu/shop/cpu.cfs_quota_us", "-1\n");
  tree.write("sys/fs/cgroup/memory/shop/memory.limit_in_bytes", "134217728\n");
  const CapturedGroup others = control_group_of(tree.root(), 100)->limits();
  EXPECT_FALSE(others.cpu_quota);
  EXPECT_EQ(others.memory_max, Bytes(134'217'728));
}

TEST(CgroupV1, HasPressureWhereItsGroupOfVersion2IsItsOwn) {
  const KernelTree tree = test::cgroup_v1_tree();
  tree.write("proc/100/cgroup", "4:memory:/shop\n2:cpuacct:/shop\n1:cpu:/shop\n0::/shop\n");
  tree.write("sys/fs/cgroup/unified/shop/cpu.pressure", "some avg10=1.00 total=444\n");
  EXPECT_EQ(control_group_of(tree.root(), 100)->files().read()->cpu_some, microseconds(444));
}

TEST(ControlGroups, AreFoundByPath) {
  for (const KernelTree& tree : {test::cgroup_v1_tree(), test::cgroup_v2_tree()}) {
    const auto by_process = control_group_of(tree.root(), 100);
    ASSERT_TRUE(by_process);
    for (const std::string& path : {by_process->path, by_process->path.substr(1)}) {
      const auto by_path = control_group_at(tree.root(), path);
      ASSERT_TRUE(by_path) << path;
      EXPECT_EQ(by_path->folder, by_process->folder);
    }
    EXPECT_FALSE(control_group_at(tree.root(), "/nowhere"));
    EXPECT_FALSE(control_group_of(tree.root(), 9999));
  }
  const KernelTree tree = test::cgroup_v1_tree();
  EXPECT_EQ(control_group_at(tree.root(), "/sys/fs/cgroup/memory/shop")->name(), "shop");
}

TEST(ControlGroups, AreGoneWhenTheirFilesAre) {
  const KernelTree tree = test::cgroup_v2_tree();
  GroupFiles files = control_group_of(tree.root(), 100)->files();
  EXPECT_TRUE(files.read());
  tree.remove("sys/fs/cgroup/system.slice/shop.service/cpu.stat");
  GroupFiles gone = control_group_of(tree.root(), 100)->files();
  EXPECT_FALSE(gone.read());
}

}  // namespace
}  // namespace cotenant
