// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_counters.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "study/writers/format.h"
#include "study/writers/table.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

struct Row {
  std::string setup;  // at its first row only
  std::uint32_t color = 0;
  std::string place;
  std::optional<double> cores;      // used on average
  std::optional<double> throttled;  // periods
  std::optional<double> held_back;  // time
  std::optional<double> waiting;    // tasks on average
  std::optional<double> pressure;
  std::optional<double> steal;
};

bool has_more_than_hardware(const SetupReport& setup) {
  return setup.machines.size() > 1 ||
         std::any_of(setup.machines.begin(), setup.machines.end(),
                     [](const MachineCounters& machine) { return machine.groups.size() > 1; });
}

std::string place_of(const MachineCounters& machine, const GroupCounters& group) {
  const std::string where = machine.name.empty() ? "hardware" : machine.name;
  return group.name.empty() ? where : where + "/" + group.name;
}

Row row_of(const SetupReport& setup, const MachineCounters& machine, const GroupCounters& group) {
  Row row;
  row.place = place_of(machine, group);
  row.cores = group.usage / setup.observed;
  if (group.nr_periods > 0) {
    row.throttled = static_cast<double>(group.nr_throttled) / static_cast<double>(group.nr_periods);
    row.held_back = group.throttled_time / setup.observed;
  }
  // Only what imitates Linux knows who waits.
  if (group.run_queue_wait > 0 || group.pressure_some > 0) {
    row.waiting = group.run_queue_wait / setup.observed;
    row.pressure = group.pressure_some / setup.observed;
  }
  const bool is_guest = !machine.name.empty() && group.name.empty();
  if (is_guest) row.steal = machine.steal / (setup.observed * machine.cores);
  return row;
}

std::vector<Row> rows_of(const Report& report) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    if (!has_more_than_hardware(setup) || !(setup.observed > 0)) continue;
    std::string name = setup.name;
    for (const MachineCounters& machine : setup.machines) {
      for (const GroupCounters& group : machine.groups) {
        rows.push_back(row_of(setup, machine, group));
        rows.back().setup = std::exchange(name, "");
        rows.back().color = setup_color(i);
      }
    }
  }
  return rows;
}

struct Column {
  const char* heading;
  MetricUnit unit;
  std::optional<double> Row::*member;
};

// The first are given up last where there is little room.
constexpr Column kColumns[] = {
    {"cores used", MetricUnit::count, &Row::cores},
    {"throttled", MetricUnit::ratio, &Row::throttled},
    {"steal", MetricUnit::ratio, &Row::steal},
    {"pressure", MetricUnit::ratio, &Row::pressure},
    {"held back", MetricUnit::ratio, &Row::held_back},
    {"waiting", MetricUnit::count, &Row::waiting},
};

void add_column(Table& table, const std::vector<Row>& rows, const Column& column) {
  const Scale scale = scale_of(column.unit, 1, 1);
  std::vector<std::optional<Figure>> figures;
  for (const Row& row : rows) {
    const std::optional<double>& value = row.*column.member;
    figures.push_back(value ? std::optional(figure(*value, {}, {}, scale)) : std::nullopt);
  }
  const bool says_something = std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
    return (row.*column.member).value_or(0) > 0;
  });
  if (!says_something) return;
  table.columns.push_back(
      {column.heading, std::string(scale.unit), Align::right, align_figures(figures, false)});
}

Table table_of(const std::vector<Row>& rows, const Ink& ink, std::size_t columns,
               std::size_t longest_name) {
  Table table;
  table.columns = {{"kernel counters", "", Align::left, {}}, {"cgroup", "", Align::left, {}}};
  for (const Row& row : rows) {
    const std::string name = clip(printable(row.setup), longest_name);
    table.columns[0].cells.push_back(row.setup.empty() ? "" : ink.color(row.color, name));
    table.columns[1].cells.push_back(clip(printable(row.place), longest_name));
  }
  for (std::size_t c = 0; c < columns; ++c) add_column(table, rows, kColumns[c]);
  return table;
}

}  // namespace

std::vector<std::string> counter_table(const Report& report, const Ink& ink, std::size_t width) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.empty()) return {};
  const auto build = [&](std::size_t columns, std::size_t longest_name) {
    return table_of(rows, ink, columns, longest_name);
  };
  return table_lines(narrowed(build, std::size(kColumns), width), ink);
}

}  // namespace cotenant
