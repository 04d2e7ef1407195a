// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_differences.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "study/writers/format.h"
#include "study/writers/summary.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

using Figures = std::vector<std::optional<Figure>>;

std::vector<std::size_t> with_differences(const Report& report) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    if (!report.setups[i].differences.empty()) rows.push_back(i);
  }
  return rows;
}

// Of the rows.
TableColumn as_table_column(const SummaryColumn& difference, const std::vector<std::size_t>& rows) {
  Figures figures;
  for (const std::size_t row : rows) figures.push_back(difference.cells[row]);
  return {difference.heading, difference.unit, Align::right, align_figures(figures, true)};
}

TableColumn names(const Report& report, const std::vector<std::size_t>& rows, std::string heading,
                  std::size_t longest, const Ink& ink) {
  TableColumn column{std::move(heading), "", Align::left, {}};
  for (const std::size_t row : rows) {
    const std::string name = clip(printable(report.setups[row].name), longest);
    column.cells.push_back(ink.color(setup_color(row), name));
  }
  return column;
}

// "19 of 20": by the objective that is met in the fewest.
std::string met_in(const SetupReport& setup) {
  if (setup.objectives.empty()) return "–";
  const auto fewest = std::min_element(
      setup.objectives.begin(), setup.objectives.end(),
      [](const ObjectiveReport& a, const ObjectiveReport& b) { return a.met_in < b.met_in; });
  return grouped(fewest->met_in) + " of " + grouped(fewest->judged_in);
}

struct SpreadColumn {
  const char* heading;
  double Spread::*member;
};
constexpr std::array<SpreadColumn, 4> kSpreadColumns = {{{"best", &Spread::best},
                                                         {"median", &Spread::median},
                                                         {"bad", &Spread::bad},
                                                         {"worst", &Spread::worst}}};

struct HourColumn {
  const char* heading;
  double HourlySpread::*member;
};
constexpr std::array<HourColumn, 3> kHourColumns = {{{"best", &HourlySpread::best},
                                                     {"median", &HourlySpread::median},
                                                     {"worst", &HourlySpread::worst}}};

constexpr std::array kResources = {
    Metric::cpu_utilization, Metric::throttled_ratio, Metric::steal_ratio,
    Metric::oom_kills,       Metric::memory_mean,
};

// Of a setup that has no numbers a dash.
void add_resource(Table& table, const Report& report, Metric metric) {
  std::vector<std::optional<double>> values;
  for (const SetupReport& setup : report.setups) {
    values.push_back(at(setup.metrics, metric).value);
  }
  add_figures(table, std::string(info(metric).heading), values, info(metric).unit);
}

std::string price_of_a_million(const SetupReport& setup) {
  if (!setup.price || !setup.price->per_million_requests) return "–";
  return money(printable(setup.price->currency), *setup.price->per_million_requests);
}

}  // namespace

Table difference_table(const Report& report) {
  Table table;
  const std::vector<std::size_t> rows = with_differences(report);
  if (rows.empty()) return table;
  table.columns.push_back(names(report, rows,
                                "against " + clip(printable(report.baseline), kLongestName),
                                kLongestName, Ink(false)));
  for (const SummaryColumn& difference : difference_columns(report)) {
    table.columns.push_back(as_table_column(difference, rows));
  }
  return table;
}

std::vector<std::string> difference_lines(const Report& report, const Ink& ink, std::size_t width) {
  const Table whole = difference_table(report);
  if (whole.columns.empty()) return {};
  const std::vector<std::size_t> rows = with_differences(report);
  const auto build = [&](std::size_t columns, std::size_t longest_name) {
    Table table;
    table.columns.push_back(names(report, rows,
                                  "against " + clip(printable(report.baseline), longest_name),
                                  longest_name, ink));
    table.columns.insert(table.columns.end(), whole.columns.begin() + 1,
                         whole.columns.begin() + 1 + static_cast<std::ptrdiff_t>(columns));
    return table;
  };
  return table_lines(narrowed(build, whole.columns.size() - 1, width), ink);
}

std::vector<std::string> spread_lines(const Report& report, const Ink& ink) {
  std::vector<std::size_t> rows;
  bool boxes = false;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    if (!report.setups[i].latency_p95_spread) continue;
    rows.push_back(i);
    boxes = boxes || report.setups[i].boxes_differ;
  }
  if (rows.empty()) return {};
  Table table;
  table.columns.push_back(
      names(report, rows, boxes ? "p95 by box" : "p95 by replication", kLongestName, ink));
  for (const SpreadColumn& column : kSpreadColumns) {
    std::vector<std::optional<double>> values;
    for (const std::size_t row : rows) {
      values.push_back((*report.setups[row].latency_p95_spread).*column.member);
    }
    add_figures(table, column.heading, values, MetricUnit::seconds);
  }
  TableColumn met{"objectives met in", "", Align::right, {}};
  for (const std::size_t row : rows) met.cells.push_back(met_in(report.setups[row]));
  table.columns.push_back(std::move(met));
  return table_lines(table, ink);
}

std::vector<std::string> hour_lines(const Report& report, const Ink& ink) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    if (report.setups[i].latency_p95_hours) rows.push_back(i);
  }
  if (rows.empty()) return {};
  Table table;
  table.columns.push_back(names(report, rows, "p95 by hour", kLongestName, ink));
  for (const HourColumn& column : kHourColumns) {
    std::vector<std::optional<double>> values;
    for (const std::size_t row : rows) {
      values.push_back((*report.setups[row].latency_p95_hours).*column.member);
    }
    add_figures(table, column.heading, values, MetricUnit::seconds);
  }
  std::vector<std::optional<double>> failed;
  for (const std::size_t row : rows) {
    failed.push_back(report.setups[row].latency_p95_hours->worst_failed);
  }
  add_figures(table, "fail then", failed, MetricUnit::ratio);
  TableColumn begins{"worst from", "", Align::right, {}};
  for (const std::size_t row : rows) {
    begins.cells.push_back(grouped(report.setups[row].latency_p95_hours->worst_hour) + " h");
  }
  table.columns.push_back(std::move(begins));
  return table_lines(table, ink);
}

std::vector<std::string> resource_lines(const Report& report, const Ink& ink, std::size_t width) {
  std::vector<std::size_t> rows;
  TableColumn prices{"a million requests", "", Align::right, {}};
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    rows.push_back(i);
    prices.cells.push_back(price_of_a_million(report.setups[i]));
  }
  const bool any_price = std::any_of(prices.cells.begin(), prices.cells.end(),
                                     [](const std::string& cell) { return cell != "–"; });
  const auto build = [&](std::size_t columns, std::size_t longest_name) {
    Table table;
    table.columns.push_back(names(report, rows, "used and paid", longest_name, ink));
    for (std::size_t c = 0; c < columns; ++c) add_resource(table, report, kResources[c]);
    if (any_price) table.columns.push_back(prices);
    return table;
  };
  return table_lines(narrowed(build, kResources.size(), width), ink);
}

}  // namespace cotenant
