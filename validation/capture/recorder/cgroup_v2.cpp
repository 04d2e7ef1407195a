// SPDX-License-Identifier: Apache-2.0
//
// Names and units: Documentation/admin-guide/cgroup-v2.rst of the kernel.
#include "validation/capture/recorder/cgroup_v2.h"

namespace cotenant {
namespace {

constexpr std::int64_t kNanoseconds = 1000;  // in a microsecond

std::optional<CpuTime> cpu_of(std::string_view text, std::string_view key) {
  const auto us = number_of(text, key);
  return us ? std::optional(CpuTime(kNanoseconds) * *us) : std::nullopt;
}

void take_cpu(std::string_view text, GroupSample& sample) {
  sample.cpu = cpu_of(text, "usage_usec").value_or(CpuTime());
  sample.cpu_user = cpu_of(text, "user_usec");
  sample.cpu_system = cpu_of(text, "system_usec");
  // Only where the group or the controller has the limit.
  sample.nr_periods = number_of(text, "nr_periods");
  sample.nr_throttled = number_of(text, "nr_throttled");
  if (const auto us = number_of(text, "throttled_usec")) sample.throttled = microseconds(*us);
}

void take_memory(std::string_view text, GroupSample& sample) {
  if (const auto bytes = number_in(text)) sample.memory = Bytes(*bytes);
}
void take_events(std::string_view text, GroupSample& sample) {
  sample.memory_max_events = number_of(text, "max");
  sample.oom_kills = number_of(text, "oom_kill");
}

// "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0": the sum of all devices.
void take_io(std::string_view text, GroupSample& sample) {
  std::int64_t read = 0, written = 0, read_ios = 0, write_ios = 0;
  for_each_line(text, [&](std::string_view line) {
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      const std::size_t equals = word.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view key = word.substr(0, equals);
      const std::int64_t number = number_in(word.substr(equals + 1)).value_or(0);
      if (key == "rbytes") read += number;
      if (key == "wbytes") written += number;
      if (key == "rios") read_ios += number;
      if (key == "wios") write_ios += number;
    }
  });
  sample.read = Bytes(read);
  sample.written = Bytes(written);
  sample.read_ios = read_ios;
  sample.write_ios = write_ios;
}

// A number, or "max" for no limit, which is nothing.
std::optional<std::int64_t> limit_in(const std::filesystem::path& file) {
  const auto text = read_once(file);
  return text ? number_in(*text) : std::nullopt;
}

}  // namespace

GroupFiles cgroup_v2_files(const std::filesystem::path& folder) {
  GroupFiles files;
  files.add(folder / "cpu.stat", take_cpu);
  files.add(folder / "memory.current", take_memory);
  files.add(folder / "memory.events", take_events);
  files.add(folder / "io.stat", take_io);
  files.add(folder / "cpu.pressure", take_cpu_pressure);
  files.add(folder / "memory.pressure", take_memory_pressure);
  files.add(folder / "io.pressure", take_io_pressure);
  files.add(folder / "cgroup.procs", take_processes);
  return files;
}

CapturedGroup cgroup_v2_limits(const std::filesystem::path& folder) {
  CapturedGroup group;
  group.cpu_weight = limit_in(folder / "cpu.weight");
  if (const auto text = read_once(folder / "cpu.max")) {
    std::string_view left = *text;
    if (const auto quota = number_in(next_word(left))) group.cpu_quota = microseconds(*quota);
    if (const auto period = number_in(next_word(left))) group.cpu_period = microseconds(*period);
  }
  if (const auto burst = limit_in(folder / "cpu.max.burst")) group.cpu_burst = microseconds(*burst);
  if (const auto most = limit_in(folder / "memory.max")) group.memory_max = Bytes(*most);
  if (const auto high = limit_in(folder / "memory.high")) group.memory_high = Bytes(*high);
  if (const auto text = read_once(folder / "io.weight"))
    group.io_weight = number_of(*text, "default");
  return group;
}

}  // namespace cotenant
