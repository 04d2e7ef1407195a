// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/process_files.h"

#include <set>

#include "validation/capture/recorder/processes.h"

namespace cotenant {

void ProcessFiles::follow(const std::vector<std::int64_t>& processes) {
  const std::set<std::int64_t> wanted(processes.begin(), processes.end());
  std::erase_if(stats_, [&](const auto& entry) { return !wanted.contains(entry.first); });
  constexpr std::size_t kOneLine = 1024;
  for (const std::int64_t id : wanted) {
    stats_.try_emplace(id, root_ / "proc" / std::to_string(id) / "stat", kOneLine);
  }
}

std::optional<GroupSample> ProcessFiles::read() {
  GroupSample sample;
  CpuTime user, system;
  std::int64_t found = 0;
  for (auto& [id, file] : stats_) {
    const auto text = file.read();
    const auto process = text ? parse_process(*text) : std::nullopt;
    if (!process) continue;
    ++found;
    user += process->user;
    system += process->system;
  }
  if (found == 0) return std::nullopt;
  sample.cpu = user + system;
  sample.cpu_user = user;
  sample.cpu_system = system;
  sample.processes = found;
  return sample;
}

}  // namespace cotenant
