// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/items/timeline_rows.h"

#include <algorithm>
#include <utility>

namespace cotenant::gui {
namespace {

using Tone = TimelineLine::Tone;

constexpr double kMilliseconds = 1e3;
constexpr double kPerMebibyte = 1.0 / (1 << 20);

// A value of a slice stands at its middle.
class RowMaker {
 public:
  RowMaker(const Timeline& timeline, std::string title) : timeline_(timeline) {
    row_.title = std::move(title);
  }

  RowMaker& line(const std::string& name, const Series& series, double scale, Tone tone) {
    TimelineLine made{name, tone, {}};
    for (std::size_t i = 0; i < series.size(); ++i)
      made.points.push_back({at(i), series[i] * scale});
    return add(std::move(made));
  }
  RowMaker& line(const std::string& name, const PartialSeries& series, double scale, Tone tone) {
    TimelineLine made{name, tone, {}};
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (series[i]) made.points.push_back({at(i), *series[i] * scale});
    }
    return add(std::move(made));
  }
  // Only where it is ever above zero.
  RowMaker& line_if_any(const std::string& name, const Series& series, double scale, Tone tone) {
    const bool any = std::any_of(series.begin(), series.end(), [](double v) { return v > 0; });
    return any ? line(name, series, scale, tone) : *this;
  }
  RowMaker& level(const std::string& name, double value) {
    return add({name, Tone::limit, {{0, value}, {timeline_.end, value}}});
  }

  // The last call.
  void into(std::vector<TimelineRow>& rows) {
    if (!row_.lines.empty()) rows.push_back(std::move(row_));
  }

 private:
  double at(std::size_t slice) const {
    return std::min((static_cast<double>(slice) + 0.5) * timeline_.slice, timeline_.end);
  }
  RowMaker& add(TimelineLine line) {
    if (!line.points.empty()) row_.lines.push_back(std::move(line));
    return *this;
  }

  const Timeline& timeline_;
  TimelineRow row_;
};

std::string in(const std::string& what, const std::string& where) {
  return where.empty() ? what : what + " in " + where;
}

void add_requests(const Timeline& timeline, std::vector<TimelineRow>& rows) {
  const RequestTimeline& requests = timeline.requests;
  RowMaker(timeline, "Latency (ms)")
      .line("p50", requests.latency_p50, kMilliseconds, Tone::useful)
      .line("p95", requests.latency_p95, kMilliseconds, Tone::waiting)
      .into(rows);
  const double per_second = 1 / timeline.slice;
  RowMaker(timeline, "Requests (1/s)")
      .line("completed", requests.completed, per_second, Tone::useful)
      .line_if_any("failed", requests.failed, per_second, Tone::lost)
      .into(rows);
}

void add_cpu(const Timeline& timeline, std::vector<TimelineRow>& rows) {
  RowMaker row(timeline, "CPU (cores)");
  for (const MachineTimeline& machine : timeline.machines) {
    for (const GroupTimeline& group : machine.groups) {
      if (group.name.empty()) row.line(in("used", machine.name), group.cpu, 1, Tone::useful);
      row.line_if_any(in("throttled", group.name), group.throttled, 1, Tone::lost);
    }
    row.line_if_any(in("stolen", machine.name), machine.stolen, 1, Tone::waiting);
  }
  row.into(rows);
}

void add_memory(const Timeline& timeline, std::vector<TimelineRow>& rows) {
  RowMaker row(timeline, "Memory (MiB)");
  RowMaker credits(timeline, "Credits (s of CPU)");
  for (const MachineTimeline& machine : timeline.machines) {
    for (const GroupTimeline& group : machine.groups) {
      const std::string where = group.name.empty() ? machine.name : group.name;
      row.line_if_any(in("memory", where), group.memory, kPerMebibyte, Tone::useful);
      row.line_if_any(in("swap", where), group.swap, kPerMebibyte, Tone::waiting);
      const bool used = std::any_of(group.memory.begin(), group.memory.end(),
                                    [](double bytes) { return bytes > 0; });
      if (used && group.memory_limit) {
        row.level(in("limit", where), *group.memory_limit * kPerMebibyte);
      }
      credits.line(in("saved", where), group.credits, 1, Tone::useful);
    }
  }
  row.into(rows);
  credits.into(rows);
}

void add_queues(const Timeline& timeline, std::vector<TimelineRow>& rows) {
  RowMaker row(timeline, "Waiting (requests)");
  for (const ServiceTimeline& service : timeline.services) {
    row.line_if_any(service.name, service.queued, 1, Tone::waiting);
  }
  row.into(rows);
}

void add_disks(const Timeline& timeline, std::vector<TimelineRow>& rows) {
  RowMaker row(timeline, "Disk (IOs)");
  for (const MachineTimeline& machine : timeline.machines) {
    if (!machine.disk) continue;
    row.line_if_any(in("served", machine.name), machine.disk->served, 1, Tone::useful);
    row.line_if_any(in("queued", machine.name), machine.disk->queued, 1, Tone::waiting);
    row.line_if_any(in("held back", machine.name), machine.disk->throttled, 1, Tone::lost);
  }
  row.into(rows);
}

}  // namespace

std::vector<TimelineRow> timeline_rows(const Timeline& timeline) {
  std::vector<TimelineRow> rows;
  if (timeline.slices() == 0) return rows;
  add_requests(timeline, rows);
  add_cpu(timeline, rows);
  add_memory(timeline, rows);
  add_queues(timeline, rows);
  add_disks(timeline, rows);
  return rows;
}

}  // namespace cotenant::gui
