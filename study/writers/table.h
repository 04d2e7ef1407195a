// SPDX-License-Identifier: Apache-2.0
//
// A table on a terminal: columns of cells, a line of headings, a line of units where any column has
// one. Numbers are aligned at the decimal point, so that magnitudes can be compared by eye. It
// knows nothing about reports.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {

// A longer name is cut in tables, and only there.
inline constexpr std::size_t kLongestName = 28;

enum class Align { left, right };

struct TableColumn {
  std::string heading;
  std::string unit;
  Align align = Align::right;
  std::vector<std::string> cells;  // one for each row; may contain escape sequences
};

// One text over several neighboring cells of a row, instead of their own.
struct TableSpan {
  std::size_t row = 0;
  std::size_t first = 0, last = 0;  // columns, both included
  std::string text;
};

struct Table {
  std::vector<TableColumn> columns;
  std::vector<TableSpan> spans;
};

std::size_t table_width(const Table& table);

// build(columns, longest_name) with as much as fits into `width`: names are shortened first, then
// columns of numbers are given up from the last one on.
template <class Build>
Table narrowed(const Build& build, std::size_t columns, std::size_t width) {
  constexpr std::size_t kShortestName = 12;
  std::size_t name = kLongestName;
  Table table = build(columns, name);
  while (table_width(table) > width && columns > 0) {
    name > kShortestName ? --name : --columns;
    table = build(columns, name);
  }
  return table;
}

// A column of numbers without intervals, in one unit for all of them; none if all are zero or
// missing.
void add_figures(Table& table, std::string heading,
                 const std::vector<std::optional<double>>& values, MetricUnit unit);

// Headings, units, rows; no trailing spaces.
std::vector<std::string> table_lines(const Table& table, const Ink& ink);

// "118   ± 3": all of one width, with the decimal points and the ± below each other. A cell without
// a figure is a dash.
std::vector<std::string> align_figures(const std::vector<std::optional<Figure>>& figures,
                                       bool with_intervals);

}  // namespace cotenant
