// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_disks.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "study/writers/format.h"
#include "study/writers/table.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

struct Row {
  std::string setup;
  std::uint32_t color = 0;
  std::string machine;
  std::optional<double> busy;                       // part of the time
  std::optional<double> reads, writes;              // per second
  std::optional<double> throttled, queued, served;  // of an IO, on average
  std::optional<double> lost;                       // part of the lines for the log daemon
};

bool was_used(const MachineCounters& machine) {
  const bool has_ios = machine.disk && machine.disk->reads + machine.disk->writes > 0;
  return has_ios || (machine.log && machine.log->lines > 0);
}

Row row_of(const SetupReport& setup, const MachineCounters& machine) {
  Row row;
  row.setup = setup.name;
  row.machine = machine.name.empty() ? "hardware" : machine.name;
  if (machine.log && machine.log->lines > 0) {
    row.lost = static_cast<double>(machine.log->lost) / static_cast<double>(machine.log->lines);
  }
  if (!machine.disk) return row;
  const DiskCounters& disk = *machine.disk;
  const auto ios = static_cast<double>(disk.reads + disk.writes);
  row.busy = disk.busy / setup.observed;
  row.reads = static_cast<double>(disk.reads) / setup.observed;
  row.writes = static_cast<double>(disk.writes) / setup.observed;
  if (ios == 0) return row;
  row.throttled = disk.throttled / ios;
  row.queued = disk.queued / ios;
  row.served = disk.served / ios;
  return row;
}

std::vector<Row> rows_of(const Report& report) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    for (const MachineCounters& machine : setup.machines) {
      if (!was_used(machine) || !(setup.observed > 0)) continue;
      rows.push_back(row_of(setup, machine));
      rows.back().color = setup_color(i);
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
    {"busy", MetricUnit::ratio, &Row::busy},
    {"reads", MetricUnit::per_second, &Row::reads},
    {"writes", MetricUnit::per_second, &Row::writes},
    {"held back", MetricUnit::seconds, &Row::throttled},
    {"queued", MetricUnit::seconds, &Row::queued},
    {"served", MetricUnit::seconds, &Row::served},
    {"log lines lost", MetricUnit::ratio, &Row::lost},
};

void add_column(Table& table, const std::vector<Row>& rows, const Column& column) {
  std::vector<std::optional<double>> values;
  for (const Row& row : rows) values.push_back(row.*column.member);
  const bool is_empty = std::none_of(values.begin(), values.end(),
                                     [](const auto& value) { return value.has_value(); });
  if (is_empty) return;
  add_figures(table, column.heading, values, column.unit);
}

Table table_of(const std::vector<Row>& rows, const Ink& ink, std::size_t columns,
               std::size_t longest_name) {
  Table table;
  table.columns = {{"disks", "", Align::left, {}}, {"of", "", Align::left, {}}};
  for (const Row& row : rows) {
    const std::string name = clip(printable(row.setup), longest_name);
    table.columns[0].cells.push_back(ink.color(row.color, name));
    table.columns[1].cells.push_back(clip(printable(row.machine), longest_name));
  }
  for (std::size_t c = 0; c < columns; ++c) add_column(table, rows, kColumns[c]);
  return table;
}

}  // namespace

std::vector<std::string> disk_table(const Report& report, const Ink& ink, std::size_t width) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.empty()) return {};
  const auto build = [&](std::size_t columns, std::size_t longest_name) {
    return table_of(rows, ink, columns, longest_name);
  };
  return table_lines(narrowed(build, std::size(kColumns), width), ink);
}

}  // namespace cotenant
