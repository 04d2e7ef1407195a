// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/capture/kernel_tree.h"

#include <algorithm>
#include <fstream>

namespace cotenant::test {
namespace {

constexpr const char* kGunicorn = "/usr/bin/python3 /usr/bin/gunicorn -w 2 --timeout=20 shop:app";

KernelTree machine() {
  KernelTree tree;
  tree.write("proc/stat",
             "cpu  1000 0 500 8000 40 0 10 25 0 0\ncpu0 500 0 250 4000 20 0 5 12 0 0\n"
             "cpu1 500 0 250 4000 20 0 5 13 0 0\nintr 12345\n");
  tree.write("proc/meminfo", "MemTotal:        2048000 kB\nMemFree:  1000 kB\n");
  tree.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC 7763\n");
  tree.write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
  tree.write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=777\n");
  const std::string sockets =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode\n"
      "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 "
      "5555 1 0 100 0 0 10 0\n"
      "   1: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 "
      "5556 1 0 100 0 0 10 0\n";
  for (const char* process : {"self", "100"}) {
    tree.write("proc/" + std::string(process) + "/net/tcp", sockets);
  }
  tree.add_process(1, 0, "/sbin/init");
  tree.add_process(100, 1, kGunicorn);
  tree.add_process(101, 100, kGunicorn, 200);
  tree.add_process(102, 100, kGunicorn, 50);
  for (const char* id : {"100", "101", "102"}) {
    const auto folder = tree.root() / "proc" / id / "fd";
    std::filesystem::create_directories(folder);
    std::filesystem::create_symlink("socket:[5555]", folder / "5");
  }
  return tree;
}

void write_all(const KernelTree& tree, const std::string& name, const std::string& text) {
  for (const char* id : {"100", "101", "102"}) tree.write("proc/" + std::string(id) + name, text);
}

}  // namespace

void KernelTree::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path file = root() / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void KernelTree::add_process(int id, int parent, const std::string& command, int user_ticks) const {
  const std::string folder = "proc/" + std::to_string(id) + "/";
  write(folder + "stat", std::to_string(id) + " (gunicorn (x)) S " + std::to_string(parent) +
                             " 1 1 0 -1 4194560 0 0 0 0 " + std::to_string(user_ticks) +
                             " 10 0 0 20 0 1 0 4711 0 0\n");
  std::string words = command + '\0';
  std::replace(words.begin(), words.end(), ' ', '\0');
  write(folder + "cmdline", words);
}

KernelTree cgroup_v2_tree() {
  KernelTree tree = machine();
  tree.write("proc/self/mounts",
             "proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate 0 0\n");
  write_all(tree, "/cgroup", "0::/system.slice/shop.service\n");
  const std::string folder = "sys/fs/cgroup/system.slice/shop.service/";
  tree.write(folder + "cpu.stat",
             "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\nnr_periods 1200\n"
             "nr_throttled 34\nthrottled_usec 567890\nnr_bursts 0\nburst_usec 0\n");
  tree.write(folder + "cpu.max", "50000 100000\n");
  tree.write(folder + "cpu.max.burst", "10000\n");
  tree.write(folder + "cpu.weight", "200\n");
  tree.write(folder + "memory.current", "104857600\n");
  tree.write(folder + "memory.max", "268435456\n");
  tree.write(folder + "memory.high", "max\n");
  tree.write(folder + "memory.events",
             "low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n");
  tree.write(folder + "io.stat",
             "8:0 rbytes=4096 wbytes=8192 rios=1 wios=3 dbytes=0 dios=0\n"
             "8:16 rbytes=512 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n");
  tree.write(folder + "io.weight", "default 100\n");
  tree.write(folder + "cpu.pressure",
             "some avg10=0.00 avg60=0.00 avg300=0.00 total=111\n"
             "full avg10=0.00 avg60=0.00 avg300=0.00 total=99\n");
  tree.write(folder + "memory.pressure", "some avg10=0.00 total=222\nfull avg10=0.00 total=0\n");
  tree.write(folder + "io.pressure", "some avg10=0.00 total=333\nfull avg10=0.00 total=333\n");
  tree.write(folder + "cgroup.procs", "100\n101\n102\n");
  return tree;
}

KernelTree cgroup_v1_tree() {
  KernelTree tree = machine();
  tree.write("proc/self/mounts",
             "tmpfs /sys/fs/cgroup tmpfs rw 0 0\n"
             "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0\n"
             "cgroup /sys/fs/cgroup/cpuacct cgroup rw,relatime,cpuacct 0 0\n"
             "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0\n"
             "cgroup /sys/fs/cgroup/blkio cgroup rw,relatime,blkio 0 0\n"
             "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n");
  write_all(tree, "/cgroup", "7:blkio:/shop\n4:memory:/shop\n2:cpuacct:/shop\n1:cpu:/shop\n0::/\n");
  const std::string mount = "sys/fs/cgroup/";
  tree.write(mount + "unified/cpu.pressure", "some avg10=0.00 total=1\n");
  tree.write(mount + "cpu/shop/cpu.shares", "512\n");
  tree.write(mount + "cpu/shop/cpu.cfs_quota_us", "20000\n");
  tree.write(mount + "cpu/shop/cpu.cfs_period_us", "100000\n");
  tree.write(mount + "cpu/shop/cpu.stat",
             "nr_periods 1200\nnr_throttled 34\nthrottled_time 567890123\n");
  tree.write(mount + "cpuacct/shop/cpuacct.usage", "2500000123\n");
  tree.write(mount + "cpuacct/shop/cpuacct.usage_user", "2000000000\n");
  tree.write(mount + "cpuacct/shop/cpuacct.usage_sys", "500000123\n");
  tree.write(mount + "cpuacct/shop/cgroup.procs", "100\n101\n102\n");
  tree.write(mount + "memory/shop/memory.usage_in_bytes", "104857600\n");
  tree.write(mount + "memory/shop/memory.limit_in_bytes", "9223372036854771712\n");
  tree.write(mount + "memory/shop/memory.failcnt", "7\n");
  tree.write(mount + "memory/shop/memory.oom_control",
             "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
  tree.write(mount + "blkio/shop/blkio.throttle.io_serviced_recursive",
             "8:0 Read 5\n8:0 Write 3\n8:0 Sync 8\n8:0 Total 8\nTotal 8\n");
  tree.write(mount + "blkio/shop/blkio.throttle.io_service_bytes_recursive",
             "8:0 Read 20480\n8:0 Write 8192\nTotal 28672\n");
  return tree;
}

}  // namespace cotenant::test
