// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/group_files.h"

#include <algorithm>

namespace cotenant {

std::optional<GroupSample> GroupFiles::read() {
  GroupSample sample;
  bool is_first = true;
  for (Source& source : sources_) {
    const auto text = source.file.read();
    if (text) source.take(*text, sample);
    if (is_first && !text) return std::nullopt;
    is_first = false;
  }
  return sample;
}

Pressure pressure_in(std::string_view text) {
  Pressure pressure;
  for_each_line(text, [&](std::string_view line) {
    constexpr std::string_view kTotal = "total=";
    const std::size_t total = line.find(kTotal);
    if (total == std::string_view::npos) return;
    const auto number = number_in(line.substr(total + kTotal.size()));
    if (!number) return;
    if (line.starts_with("some")) pressure.some = microseconds(*number);
    if (line.starts_with("full")) pressure.full = microseconds(*number);
  });
  return pressure;
}

void take_cpu_pressure(std::string_view text, GroupSample& sample) {
  const Pressure pressure = pressure_in(text);
  sample.cpu_some = pressure.some;
  sample.cpu_full = pressure.full;
}
void take_memory_pressure(std::string_view text, GroupSample& sample) {
  const Pressure pressure = pressure_in(text);
  sample.memory_some = pressure.some;
  sample.memory_full = pressure.full;
}
void take_io_pressure(std::string_view text, GroupSample& sample) {
  const Pressure pressure = pressure_in(text);
  sample.io_some = pressure.some;
  sample.io_full = pressure.full;
}

void take_processes(std::string_view text, GroupSample& sample) {
  sample.processes = std::count(text.begin(), text.end(), '\n');
}

}  // namespace cotenant
