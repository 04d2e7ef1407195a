// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_operations.h"

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
  const OperationReport* operation = nullptr;
};

std::vector<Row> rows_of(const Report& report) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    std::string name = report.setups[i].name;
    for (const OperationReport& operation : report.setups[i].operations) {
      rows.push_back({std::exchange(name, ""), setup_color(i), &operation});
    }
  }
  return rows;
}

// The first are given up last where there is little room.
constexpr Metric kColumns[] = {Metric::latency_mean, Metric::latency_p95, Metric::error_ratio,
                               Metric::latency_p99};

// "72 % waiting for a worker": the largest part of its time.
std::string main_part(const std::optional<WaitBreakdown>& breakdown) {
  if (!breakdown || !(breakdown->latency > 0)) return "";
  const auto largest = std::max_element(breakdown->states.begin(), breakdown->states.end());
  const auto state = static_cast<WaitState>(largest - breakdown->states.begin());
  // The label without the kernel's term for it.
  const std::string_view label = words(state).label;
  return whole_percent(*largest / breakdown->latency) + " " +
         std::string(label.substr(0, label.find(" (")));
}

Table table_of(const std::vector<Row>& rows, const Ink& ink, std::size_t columns,
               std::size_t longest_name) {
  Table table;
  table.columns = {{"calls", "", Align::left, {}}, {"operation", "", Align::left, {}}};
  TableColumn parts{"mostly", "", Align::left, {}};
  std::vector<std::optional<double>> per_request;
  for (const Row& row : rows) {
    const std::string name = clip(printable(row.setup), longest_name);
    table.columns[0].cells.push_back(row.setup.empty() ? "" : ink.color(row.color, name));
    table.columns[1].cells.push_back(clip(printable(row.operation->name), longest_name));
    parts.cells.push_back(main_part(row.operation->wait_states));
    per_request.push_back(row.operation->calls_per_request);
  }
  add_figures(table, "a request", per_request, MetricUnit::count);
  for (std::size_t c = 0; c < columns; ++c) {
    const MetricInfo& metric = info(kColumns[c]);
    std::vector<std::optional<double>> values;
    for (const Row& row : rows) {
      values.push_back(row.operation->metrics[static_cast<std::size_t>(metric.metric)].value);
    }
    add_figures(table, std::string(metric.heading), values, metric.unit);
  }
  table.columns.push_back(std::move(parts));
  return table;
}

}  // namespace

std::vector<std::string> operation_table(const Report& report, const Ink& ink, std::size_t width) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.empty()) return {};
  const auto build = [&](std::size_t columns, std::size_t longest_name) {
    return table_of(rows, ink, columns, longest_name);
  };
  return table_lines(narrowed(build, std::size(kColumns), width), ink);
}

}  // namespace cotenant
