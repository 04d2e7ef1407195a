// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "study/writers/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace cotenant {
namespace {

constexpr std::array kAlwaysShown = {
    Metric::latency_mean,    Metric::latency_p50,
    Metric::latency_p95,     Metric::latency_p99,
    Metric::throughput,      Metric::error_ratio,
    Metric::cpu_utilization, Metric::throttled_ratio,
    Metric::steal_ratio,     Metric::attempts_per_request,
    Metric::session_loss,    Metric::session_duration,
    Metric::oom_kills,       Metric::memory_mean,
};

// Nobody misses these where there is nothing that they could count.
constexpr std::array kShownIfThere = {Metric::throttled_ratio, Metric::throttled_time_ratio,
                                      Metric::steal_ratio,     Metric::attempts_per_request,
                                      Metric::session_loss,    Metric::session_duration,
                                      Metric::oom_kills,       Metric::memory_mean,
                                      Metric::memory_max};

template <class Metrics>
bool contains(const Metrics& metrics, Metric metric) {
  return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
}

bool carries_something(const MetricRows& rows, Metric metric) {
  return std::any_of(rows.begin(), rows.end(), [metric](const Metrics* row) {
    const MetricValue& cell = at(*row, metric);
    return cell.value || (is_latency(metric) && !cell.why.empty());
  });
}

Scale column_scale(const MetricRows& rows, Metric metric) {
  double smallest = 0, largest = 0;
  for (const Metrics* row : rows) {
    const std::optional<double>& value = at(*row, metric).value;
    if (!value || *value <= 0) continue;
    smallest = smallest > 0 ? std::min(smallest, *value) : *value;
    largest = std::max(largest, *value);
  }
  return scale_of(info(metric).unit, smallest, largest);
}

// --- Differences ---

// "+12", "-3.1", "0".
Figure signed_figure(const MetricValue& value, const Scale& scale) {
  Figure text = figure(*value.value, value.low, value.high, scale);
  const bool is_zero = text.value.find_first_not_of("-0.") == std::string::npos;
  if (*value.value > 0 && !is_zero) text.value.insert(0, "+");
  return text;
}

// The number, or what it is known to, whichever is larger.
double size_of(const MetricValue& value) {
  if (!value.value) return 0;
  const double half = value.high ? *value.high - *value.value : 0;
  return std::max(std::fabs(*value.value), half);
}

// In one unit for all, that of the smallest.
Scale difference_scale(const Report& report, std::size_t column, Metric metric) {
  double smallest = 0, largest = 0;
  for (const SetupReport& setup : report.setups) {
    if (setup.differences.empty()) continue;
    const double size = size_of(setup.differences[column].value);
    largest = std::max(largest, size);
    if (size > 0 && (smallest == 0 || size < smallest)) smallest = size;
  }
  return scale_of(info(metric).unit, smallest, largest);
}

SummaryColumn difference_column(const Report& report, std::size_t column, Metric metric) {
  const Scale scale = difference_scale(report, column, metric);
  SummaryColumn result{metric, std::string(info(metric).heading), std::string(scale.unit), {}};
  for (const SetupReport& setup : report.setups) {
    const bool has_value = !setup.differences.empty() && setup.differences[column].value.value;
    result.cells.push_back(
        has_value ? std::optional(signed_figure(setup.differences[column].value, scale))
                  : std::nullopt);
  }
  return result;
}

}  // namespace

std::vector<SummaryColumn> difference_columns(const Report& report) {
  const auto compared =
      std::find_if(report.setups.begin(), report.setups.end(),
                   [](const SetupReport& setup) { return !setup.differences.empty(); });
  std::vector<SummaryColumn> columns;
  if (compared == report.setups.end()) return columns;
  for (std::size_t c = 0; c < compared->differences.size(); ++c) {
    columns.push_back(difference_column(report, c, compared->differences[c].metric));
  }
  return columns;
}

std::vector<SummaryColumn> summary_columns(const MetricRows& rows,
                                           const std::vector<Metric>& metrics) {
  std::vector<SummaryColumn> columns;
  for (const Metric metric : metrics) {
    if (!carries_something(rows, metric)) continue;
    const Scale scale = column_scale(rows, metric);
    SummaryColumn column{metric, std::string(info(metric).heading), "", {}};
    for (const Metrics* row : rows) {
      const MetricValue& cell = at(*row, metric);
      column.cells.push_back(cell.value
                                 ? std::optional(figure(*cell.value, cell.low, cell.high, scale))
                                 : std::nullopt);
    }
    const bool any_value = std::any_of(column.cells.begin(), column.cells.end(),
                                       [](const auto& cell) { return cell.has_value(); });
    if (any_value) column.unit = scale.unit;
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<Metric> summary_metrics(const Report& report) {
  std::vector<Metric> metrics;
  for (const MetricInfo& entry : kMetricTable) {
    bool shown = contains(kAlwaysShown, entry.metric);
    for (const SetupReport& setup : report.setups) {
      for (const ObjectiveReport& objective : setup.objectives) {
        shown = shown || objective.metric == entry.metric;
      }
    }
    if (shown) metrics.push_back(entry.metric);
  }
  return metrics;
}

bool is_latency(Metric metric) {
  return info(metric).unit == MetricUnit::seconds && metric != Metric::session_duration;
}

std::vector<std::string> missing_numbers(const Metrics& metrics, const StabilityReport& stability,
                                         const std::vector<Metric>& shown) {
  std::vector<std::pair<std::string, std::string>> groups;  // reason, headings
  for (const Metric metric : shown) {
    const MetricValue& cell = at(metrics, metric);
    if (cell.value || cell.why.empty()) continue;
    if (!stability.stable && is_latency(metric)) continue;
    if (contains(kShownIfThere, metric)) continue;
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&cell](const auto& entry) { return entry.first == cell.why; });
    const std::string heading(info(metric).heading);
    if (group == groups.end()) {
      groups.emplace_back(cell.why, heading);
    } else {
      group->second += ", " + heading;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [reason, headings] : groups)
    lines.push_back("no number for " + headings + ": " + reason);
  return lines;
}

}  // namespace cotenant
