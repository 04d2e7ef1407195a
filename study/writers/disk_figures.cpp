// SPDX-License-Identifier: Apache-2.0
#include "study/writers/disk_figures.h"

namespace cotenant {

std::optional<DiskFigures> disk_figures(const SetupReport& setup, const MachineCounters& machine) {
  const bool has_ios = machine.disk && machine.disk->reads + machine.disk->writes > 0;
  const bool has_lines = machine.log && machine.log->lines > 0;
  if ((!has_ios && !has_lines) || !(setup.observed > 0)) return std::nullopt;
  DiskFigures figures;
  if (has_lines) {
    figures.lost = static_cast<double>(machine.log->lost) / static_cast<double>(machine.log->lines);
  }
  if (!machine.disk) return figures;
  const DiskCounters& disk = *machine.disk;
  figures.busy = disk.busy / setup.observed;
  figures.reads = static_cast<double>(disk.reads) / setup.observed;
  figures.writes = static_cast<double>(disk.writes) / setup.observed;
  if (!has_ios) return figures;
  const auto ios = static_cast<double>(disk.reads + disk.writes);
  figures.throttled = disk.throttled / ios;
  figures.queued = disk.queued / ios;
  figures.served = disk.served / ios;
  return figures;
}

}  // namespace cotenant
