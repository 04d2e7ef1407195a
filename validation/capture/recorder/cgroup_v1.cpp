// SPDX-License-Identifier: Apache-2.0
//
// Names and units: Documentation/admin-guide/cgroup-v1 of the kernel; throttled_time and cpuacct
// are in nanoseconds (kernel/sched/core.c, cpuacct.c).
#include "validation/capture/recorder/cgroup_v1.h"

#include "validation/capture/capture_of.h"

namespace cotenant {
namespace {

// memory.limit_in_bytes without a limit is the largest number of whole pages: PAGE_COUNTER_MAX.
constexpr std::int64_t kUnlimited = 0x7fff'ffff'ffff'0000;

void take_usage(std::string_view text, GroupSample& sample) {
  sample.cpu = CpuTime(number_in(text).value_or(0));
}
void take_user(std::string_view text, GroupSample& sample) {
  if (const auto ns = number_in(text)) sample.cpu_user = CpuTime(*ns);
}
void take_system(std::string_view text, GroupSample& sample) {
  if (const auto ns = number_in(text)) sample.cpu_system = CpuTime(*ns);
}

void take_throttling(std::string_view text, GroupSample& sample) {
  sample.nr_periods = number_of(text, "nr_periods");
  sample.nr_throttled = number_of(text, "nr_throttled");
  if (const auto ns = number_of(text, "throttled_time")) sample.throttled = nanoseconds(*ns);
}

void take_memory(std::string_view text, GroupSample& sample) {
  if (const auto bytes = number_in(text)) sample.memory = Bytes(*bytes);
}
void take_failures(std::string_view text, GroupSample& sample) {
  sample.memory_max_events = number_in(text);
}
void take_kills(std::string_view text, GroupSample& sample) {
  sample.oom_kills = number_of(text, "oom_kill");
}

// "8:0 Read 12" for each device and operation: the sum of all devices.
std::int64_t sum_of(std::string_view text, std::string_view operation) {
  std::int64_t sum = 0;
  for_each_line(text, [&](std::string_view line) {
    next_word(line);
    if (next_word(line) == operation) sum += number_in(next_word(line)).value_or(0);
  });
  return sum;
}

void take_serviced(std::string_view text, GroupSample& sample) {
  sample.read_ios = sum_of(text, "Read");
  sample.write_ios = sum_of(text, "Write");
}
void take_service_bytes(std::string_view text, GroupSample& sample) {
  sample.read = Bytes(sum_of(text, "Read"));
  sample.written = Bytes(sum_of(text, "Write"));
}

std::optional<std::int64_t> number_in_file(const std::filesystem::path& folder, const char* name) {
  if (folder.empty()) return std::nullopt;
  const auto text = read_once(folder / name);
  return text ? number_in(*text) : std::nullopt;
}

}  // namespace

GroupFiles cgroup_v1_files(const CgroupV1Folders& folders) {
  GroupFiles files;
  files.add(folders.cpuacct / "cpuacct.usage", take_usage);
  files.add(folders.cpuacct / "cpuacct.usage_user", take_user);
  files.add(folders.cpuacct / "cpuacct.usage_sys", take_system);
  files.add(folders.cpuacct / "cgroup.procs", take_processes);
  if (!folders.cpu.empty()) files.add(folders.cpu / "cpu.stat", take_throttling);
  if (!folders.memory.empty()) {
    files.add(folders.memory / "memory.usage_in_bytes", take_memory);
    files.add(folders.memory / "memory.failcnt", take_failures);
    files.add(folders.memory / "memory.oom_control", take_kills);
  }
  if (!folders.blkio.empty()) {
    files.add(folders.blkio / "blkio.throttle.io_serviced_recursive", take_serviced);
    files.add(folders.blkio / "blkio.throttle.io_service_bytes_recursive", take_service_bytes);
  }
  if (!folders.unified.empty()) {
    files.add(folders.unified / "cpu.pressure", take_cpu_pressure);
    files.add(folders.unified / "memory.pressure", take_memory_pressure);
    files.add(folders.unified / "io.pressure", take_io_pressure);
  }
  return files;
}

CapturedGroup cgroup_v1_limits(const CgroupV1Folders& folders) {
  CapturedGroup group;
  if (const auto shares = number_in_file(folders.cpu, "cpu.shares")) {
    group.cpu_weight = weight_of_shares(*shares);
  }
  if (const auto quota = number_in_file(folders.cpu, "cpu.cfs_quota_us"); quota && *quota > 0) {
    group.cpu_quota = microseconds(*quota);
  }
  if (const auto period = number_in_file(folders.cpu, "cpu.cfs_period_us")) {
    group.cpu_period = microseconds(*period);
  }
  if (const auto burst = number_in_file(folders.cpu, "cpu.cfs_burst_us")) {
    group.cpu_burst = microseconds(*burst);
  }
  const auto limit = number_in_file(folders.memory, "memory.limit_in_bytes");
  if (limit && *limit < kUnlimited) group.memory_max = Bytes(*limit);
  group.io_weight = number_in_file(folders.blkio, "blkio.bfq.weight");
  return group;
}

}  // namespace cotenant
