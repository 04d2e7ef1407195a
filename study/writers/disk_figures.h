// SPDX-License-Identifier: Apache-2.0
//
// What reports say of a disk and of the log daemon beside it, as figures per second or per IO: the
// same for people and in CSV.
#pragma once

#include <array>
#include <optional>

#include "scenarios/metric.h"
#include "study/report.h"

namespace cotenant {

struct DiskFigures {
  std::optional<double> busy;                       // part of the time
  std::optional<double> reads, writes;              // per second
  std::optional<double> throttled, queued, served;  // of an IO, on average
  std::optional<double> lost;                       // part of the lines for the log daemon
};

struct DiskFigure {
  const char* heading;
  const char* key;
  MetricUnit unit;
  std::optional<double> DiskFigures::*member;
};

// The first are given up last where there is little room.
inline constexpr std::array<DiskFigure, 7> kDiskFigures = {{
    {"busy", "disk_busy", MetricUnit::ratio, &DiskFigures::busy},
    {"reads", "disk_reads", MetricUnit::per_second, &DiskFigures::reads},
    {"writes", "disk_writes", MetricUnit::per_second, &DiskFigures::writes},
    {"held back", "disk_throttled", MetricUnit::seconds, &DiskFigures::throttled},
    {"queued", "disk_queued", MetricUnit::seconds, &DiskFigures::queued},
    {"served", "disk_served", MetricUnit::seconds, &DiskFigures::served},
    {"log lines lost", "log_lines_lost", MetricUnit::ratio, &DiskFigures::lost},
}};

// Nullopt: it has neither, or nobody used them.
std::optional<DiskFigures> disk_figures(const SetupReport& setup, const MachineCounters& machine);

}  // namespace cotenant
