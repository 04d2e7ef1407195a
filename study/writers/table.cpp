// SPDX-License-Identifier: Apache-2.0
//
// See the header. Widths are computed once for all rows; a span that needs more room than its
// columns have widens the last of them.
#include "study/writers/table.h"

#include <algorithm>
#include <utility>

namespace cotenant {
namespace {

constexpr std::size_t kGap = 2;  // blank columns between two columns of a table
constexpr std::string_view kDash = "–";

std::size_t rows_of(const Table& table) {
  return table.columns.empty() ? 0 : table.columns.front().cells.size();
}

// The span that covers a cell, if any.
const TableSpan* span_at(const Table& table, std::size_t row, std::size_t column) {
  for (const TableSpan& span : table.spans) {
    if (span.row == row && span.first <= column && column <= span.last) return &span;
  }
  return nullptr;
}

std::size_t width_between(const std::vector<std::size_t>& widths, const TableSpan& span) {
  std::size_t width = kGap * (span.last - span.first);
  for (std::size_t i = span.first; i <= span.last; ++i) width += widths[i];
  return width;
}

std::vector<std::size_t> column_widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    std::size_t width = std::max(display_width(column.heading), display_width(column.unit));
    for (std::size_t row = 0; row < column.cells.size(); ++row) {
      if (span_at(table, row, i) == nullptr) {
        width = std::max(width, display_width(column.cells[row]));
      }
    }
    widths.push_back(width);
  }
  for (const TableSpan& span : table.spans) {
    const std::size_t needed = display_width(span.text);
    const std::size_t present = width_between(widths, span);
    if (needed > present) widths[span.last] += needed - present;
  }
  return widths;
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  return align == Align::left ? pad_right(text, width) : pad_left(text, width);
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string row_line(const Table& table, const std::vector<std::size_t>& widths, std::size_t row) {
  std::string line;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) line += std::string(kGap, ' ');
    if (const TableSpan* span = span_at(table, row, i)) {
      line += pad_left(span->text, width_between(widths, *span));
      i = span->last;
    } else {
      line += padded(table.columns[i].cells[row], widths[i], table.columns[i].align);
    }
  }
  return without_trailing_spaces(line);
}

struct Parts {
  std::string whole, fraction, half_width;
};

Parts parts_of(const std::optional<Figure>& figure, bool with_interval) {
  if (!figure) return {std::string(kDash), "", ""};
  const std::size_t point = std::min(figure->value.find('.'), figure->value.size());
  return {figure->value.substr(0, point), figure->value.substr(point),
          with_interval ? figure->half_width : ""};
}

}  // namespace

std::size_t table_width(const Table& table) {
  std::size_t width = 0;
  for (const std::size_t column : column_widths(table)) width += column + kGap;
  return width > 0 ? width - kGap : 0;
}

void add_figures(Table& table, std::string heading,
                 const std::vector<std::optional<double>>& values, MetricUnit unit) {
  double smallest = 0, largest = 0;
  for (const std::optional<double>& value : values) {
    if (!value) continue;
    largest = std::max(largest, *value);
    if (*value > 0 && (smallest == 0 || *value < smallest)) smallest = *value;
  }
  if (largest == 0) return;
  const Scale scale = scale_of(unit, smallest, largest);
  std::vector<std::optional<Figure>> figures;
  for (const std::optional<double>& value : values) {
    figures.push_back(value ? std::optional(figure(*value, {}, {}, scale)) : std::nullopt);
  }
  table.columns.push_back(
      {std::move(heading), std::string(scale.unit), Align::right, align_figures(figures, false)});
}

std::vector<std::string> table_lines(const Table& table, const Ink& ink) {
  const std::vector<std::size_t> widths = column_widths(table);
  std::string headings, units;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    const std::string gap(i > 0 ? kGap : 0, ' ');
    headings += gap + padded(column.heading, widths[i], column.align);
    units += gap + padded(column.unit, widths[i], column.align);
  }
  headings = without_trailing_spaces(headings);
  units = without_trailing_spaces(units);

  std::vector<std::string> lines = {ink.bold(headings)};
  if (!units.empty()) lines.push_back(ink.dim(units));
  for (std::size_t row = 0; row < rows_of(table); ++row) {
    lines.push_back(row_line(table, widths, row));
  }
  return lines;
}

std::vector<std::string> align_figures(const std::vector<std::optional<Figure>>& figures,
                                       bool with_intervals) {
  std::size_t whole = 0, fraction = 0, half_width = 0;
  for (const std::optional<Figure>& figure : figures) {
    const Parts parts = parts_of(figure, with_intervals);
    whole = std::max(whole, display_width(parts.whole));
    fraction = std::max(fraction, parts.fraction.size());
    half_width = std::max(half_width, parts.half_width.size());
  }
  std::vector<std::string> cells;
  for (const std::optional<Figure>& figure : figures) {
    const Parts parts = parts_of(figure, with_intervals);
    std::string cell = pad_left(parts.whole, whole) + pad_right(parts.fraction, fraction);
    if (half_width > 0) {
      const std::string half = parts.half_width.empty() ? "" : " ± " + parts.half_width;
      cell += pad_right(half, half_width + 3);  // 3 is the width of " ± "
    }
    cells.push_back(cell);
  }
  return cells;
}

}  // namespace cotenant
