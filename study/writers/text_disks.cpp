// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_disks.h"

#include <algorithm>
#include <optional>

#include "study/writers/disk_figures.h"
#include "study/writers/format.h"
#include "study/writers/table.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

struct Row {
  std::string setup;
  std::uint32_t color = 0;
  std::string machine;
  DiskFigures figures;
};

std::vector<Row> rows_of(const Report& report) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    for (const MachineCounters& machine : setup.machines) {
      const std::optional<DiskFigures> figures = disk_figures(setup, machine);
      if (!figures) continue;
      const std::string name = machine.name.empty() ? "hardware" : machine.name;
      rows.push_back({setup.name, setup_color(i), name, *figures});
    }
  }
  return rows;
}

void add_column(Table& table, const std::vector<Row>& rows, const DiskFigure& column) {
  std::vector<std::optional<double>> values;
  for (const Row& row : rows) values.push_back(row.figures.*column.member);
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
  for (std::size_t c = 0; c < columns; ++c) add_column(table, rows, kDiskFigures[c]);
  return table;
}

}  // namespace

std::vector<std::string> disk_table(const Report& report, const Ink& ink, std::size_t width) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.empty()) return {};
  const auto build = [&](std::size_t columns, std::size_t longest_name) {
    return table_of(rows, ink, columns, longest_name);
  };
  return table_lines(narrowed(build, kDiskFigures.size(), width), ink);
}

}  // namespace cotenant
