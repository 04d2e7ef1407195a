// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "study/writers/text_summary.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "study/objectives.h"
#include "study/writers/summary.h"
#include "study/writers/table.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// What is given up, in this order, until a table fits: precision before numbers, and what explains
// before what decides.
struct Reduction {
  Metric metric;
  bool whole_column;  // otherwise its interval
};
constexpr std::array kReductions = {
    Reduction{Metric::session_duration, false},    Reduction{Metric::attempts_per_request, false},
    Reduction{Metric::steal_ratio, false},         Reduction{Metric::throttled_ratio, false},
    Reduction{Metric::cpu_utilization, false},     Reduction{Metric::throughput, false},
    Reduction{Metric::error_ratio, false},         Reduction{Metric::latency_mean, false},
    Reduction{Metric::latency_p50, false},         Reduction{Metric::session_duration, true},
    Reduction{Metric::latency_mean, true},         Reduction{Metric::latency_p99, false},
    Reduction{Metric::throughput, true},           Reduction{Metric::cpu_utilization, true},
    Reduction{Metric::throttled_ratio, true},      Reduction{Metric::steal_ratio, true},
    Reduction{Metric::attempts_per_request, true}, Reduction{Metric::latency_p50, true},
    Reduction{Metric::latency_p95, false},
};

// How much is left out of a table.
struct Cut {
  std::array<bool, kReductions.size()> reduced{};
  bool short_instability = false;
  bool short_verdicts = false;
  std::size_t longest_name = kLongestName;

  bool lacks(Metric metric, bool whole_column) const {
    for (std::size_t i = 0; i < kReductions.size(); ++i) {
      const Reduction& reduction = kReductions[i];
      if (reduced[i] && reduction.metric == metric && reduction.whole_column == whole_column) {
        return true;
      }
    }
    return false;
  }
};

// The table with the smallest cut that fits; the most reduced one if none does.
Table fitted(const std::function<Table(const Cut&)>& build, std::size_t width) {
  Cut cut;
  const auto fits = [&] { return table_width(build(cut)) <= width; };
  for (bool& reduced : cut.reduced) {
    if (fits()) break;
    reduced = true;
  }
  if (!fits()) cut.short_instability = true;
  if (!fits()) cut.short_verdicts = true;
  if (!fits()) cut.longest_name = 16;
  // A late reduction may have made an early one unnecessary.
  for (auto reduced = cut.reduced.rbegin(); reduced != cut.reduced.rend(); ++reduced) {
    if (!*reduced) continue;
    *reduced = false;
    if (!fits()) *reduced = true;
  }
  return build(cut);
}

struct Row {
  std::string label;
  std::uint32_t color = 0;
  const Metrics* metrics = nullptr;
  const StabilityReport* stability = nullptr;
};

TableColumn label_column(const std::vector<Row>& rows, std::string heading, const Cut& cut,
                         const Ink& ink) {
  TableColumn column{std::move(heading), "", Align::left, {}};
  for (const Row& row : rows) {
    column.cells.push_back(ink.color(row.color, clip(row.label, cut.longest_name)));
  }
  return column;
}

// Adds the columns of numbers; `needed` are never left out.
void add_metrics(Table& table, const std::vector<Row>& rows, const std::vector<Metric>& metrics,
                 const std::vector<Metric>& needed, const Cut& cut) {
  MetricRows values;
  for (const Row& row : rows) values.push_back(row.metrics);
  std::optional<std::size_t> first_latency, last_latency;
  for (SummaryColumn& column : summary_columns(values, metrics)) {
    const bool is_needed = std::find(needed.begin(), needed.end(), column.metric) != needed.end();
    if (cut.lacks(column.metric, true) && !is_needed) continue;
    if (is_latency(column.metric)) {
      last_latency = table.columns.size();
      if (!first_latency) first_latency = last_latency;
    }
    table.columns.push_back({column.heading, column.unit, Align::right,
                             align_figures(column.cells, !cut.lacks(column.metric, false))});
  }
  if (!first_latency) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const StabilityReport& stability = *rows[row].stability;
    if (stability.stable) continue;
    table.spans.push_back({row, *first_latency, *last_latency,
                           cut.short_instability ? growth(stability) : instability(stability)});
  }
}

std::optional<TableColumn> price_column(const Report& report) {
  TableColumn column{"price/month", "", Align::right, {}};
  bool any = false;
  for (const SetupReport& setup : report.setups) {
    any = any || setup.price.has_value();
    column.cells.push_back(setup.price ? monthly(*setup.price) : "–");
  }
  return any ? std::optional(column) : std::nullopt;
}

std::optional<TableColumn> verdict_column(const Report& report, const Cut& cut, const Ink& ink) {
  TableColumn column{"verdict", "", Align::left, {}};
  bool any = false;
  for (const SetupReport& setup : report.setups) {
    const std::string text = verdict_text(setup, !cut.short_verdicts);
    any = any || !text.empty();
    column.cells.push_back(ink.color(words(verdict_of(setup)).color, text));
  }
  for (const std::size_t cheapest : cheapest_that_meet(report)) {
    column.cells[cheapest] += ", cheapest";
  }
  return any ? std::optional(column) : std::nullopt;
}

std::vector<Metric> objective_metrics(const Report& report) {
  std::vector<Metric> metrics;
  for (const SetupReport& setup : report.setups) {
    for (const ObjectiveReport& objective : setup.objectives) metrics.push_back(objective.metric);
  }
  return metrics;
}

}  // namespace

std::vector<std::string> setup_table(const Report& report, const Ink& ink, std::size_t width) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    rows.push_back({printable(setup.name), setup_color(i), &setup.metrics, &setup.stability});
  }
  const std::vector<Metric> metrics = summary_metrics(report);
  const std::vector<Metric> needed = objective_metrics(report);
  const auto build = [&](const Cut& cut) {
    Table table;
    table.columns.push_back(label_column(rows, "setup", cut, ink));
    if (const auto price = price_column(report)) table.columns.push_back(*price);
    add_metrics(table, rows, metrics, needed, cut);
    if (const auto verdict = verdict_column(report, cut, ink)) table.columns.push_back(*verdict);
    return table;
  };
  return table_lines(fitted(build, width), ink);
}

std::vector<std::string> class_table(const Report& report, const Ink& ink, std::size_t width) {
  std::vector<Row> setups, classes;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    std::string name = printable(setup.name);
    for (const ClassReport& entry : setup.classes) {
      // The name of the setup stands at its first class only.
      setups.push_back({std::exchange(name, ""), setup_color(i)});
      classes.push_back({printable(entry.name), setup_color(i), &entry.metrics, &setup.stability});
    }
  }
  if (classes.empty()) return {};
  const std::vector<Metric> metrics = {Metric::latency_mean, Metric::latency_p50,
                                       Metric::latency_p95,  Metric::latency_p99,
                                       Metric::throughput,   Metric::error_ratio};
  const auto build = [&](const Cut& cut) {
    Table table;
    table.columns = {label_column(setups, "setup", cut, ink),
                     label_column(classes, "class", cut, Ink(false))};
    add_metrics(table, classes, metrics, {}, cut);
    return table;
  };
  return table_lines(fitted(build, width), ink);
}

}  // namespace cotenant
