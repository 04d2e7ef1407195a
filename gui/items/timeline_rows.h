// SPDX-License-Identifier: GPL-3.0-or-later
//
// The timeline of a setup as rows of lines: latency, requests, CPU, memory, disk, queues, credits.
// Rows without anything to show are left out.
#pragma once

#include <string>
#include <vector>

#include "gui/series/pyramid.h"
#include "study/timeline.h"

namespace cotenant::gui {

struct TimelineLine {
  std::string name;  // "p95", "throttled in web"
  // Lines that lose time or fail are drawn in a warm color.
  enum class Tone { useful, waiting, lost, limit } tone = Tone::useful;
  std::vector<Point> points;  // x: seconds; slices without a value are left out
};

struct TimelineRow {
  std::string title;  // "Latency (ms)"
  std::vector<TimelineLine> lines;
};

std::vector<TimelineRow> timeline_rows(const Timeline& timeline);

}  // namespace cotenant::gui
