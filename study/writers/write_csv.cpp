// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "study/writers/write_csv.h"

#include <string_view>

#include "study/writers/csv_text.h"
#include "study/writers/disk_figures.h"

namespace cotenant {
namespace {

std::string_view unit_name(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::seconds:
      return "s";
    case MetricUnit::per_second:
      return "1/s";
    case MetricUnit::ratio:
      return "ratio";
    case MetricUnit::bytes:
      return "B";
    case MetricUnit::count:
      break;
  }
  return "count";
}

std::string row(std::string_view setup, std::string_view request_class, std::string_view key,
                MetricUnit unit, const MetricValue& metric) {
  return csv_field(setup) + ',' + csv_field(request_class) + ',' + csv_field(key) + ',' +
         std::string(unit_name(unit)) + ',' + csv_number(metric.value) + ',' +
         csv_number(metric.low) + ',' + csv_number(metric.high) + '\n';
}

std::string rows(std::string_view setup, std::string_view request_class, const Metrics& metrics) {
  std::string text;
  for (const MetricInfo& entry : kMetricTable) {
    text += row(setup, request_class, entry.key, entry.unit, at(metrics, entry.metric));
  }
  return text;
}

// Against the baseline, and over boxes.
std::string comparison_rows(const SetupReport& setup) {
  std::string text;
  for (const Difference& difference : setup.differences) {
    const MetricInfo& about = info(difference.metric);
    text +=
        row(setup.name, "", "difference_" + std::string(about.key), about.unit, difference.value);
  }
  const auto add = [&](std::string_view key, MetricUnit unit, double value) {
    text += row(setup.name, "", key, unit, {value, {}, {}, {}});
  };
  if (const auto& spread = setup.latency_p95_spread) {
    add("latency_p95_best", MetricUnit::seconds, spread->best);
    add("latency_p95_median", MetricUnit::seconds, spread->median);
    add("latency_p95_bad", MetricUnit::seconds, spread->bad);
    add("latency_p95_worst", MetricUnit::seconds, spread->worst);
  }
  if (const auto& hours = setup.latency_p95_hours) {
    add("latency_p95_best_hour", MetricUnit::seconds, hours->best);
    add("latency_p95_median_hour", MetricUnit::seconds, hours->median);
    add("latency_p95_worst_hour", MetricUnit::seconds, hours->worst);
  }
  if (setup.failures_visible) {
    add("failures_visible", MetricUnit::ratio, *setup.failures_visible);
  }
  return text;
}

// Those of a guest after its name, which has no slash.
std::string disk_rows(const SetupReport& setup, const MachineCounters& machine) {
  const std::optional<DiskFigures> figures = disk_figures(setup, machine);
  if (!figures) return "";
  const std::string place = machine.name.empty() ? "" : machine.name + '/';
  std::string text;
  for (const DiskFigure& figure : kDiskFigures) {
    text += row(setup.name, "", place + figure.key, figure.unit,
                {(*figures).*figure.member, {}, {}, {}});
  }
  return text;
}

}  // namespace

std::string write_csv(const Report& report, const CsvOptions& options) {
  std::string text = options.with_header ? "setup,class,metric,unit,value,low,high\n" : "";
  for (const SetupReport& setup : report.setups) {
    text += rows(setup.name, "", setup.metrics);
    for (const ClassReport& entry : setup.classes) {
      text += rows(setup.name, entry.name, entry.metrics);
    }
    for (const OperationReport& entry : setup.operations) {
      text += rows(setup.name, entry.name, entry.metrics);
    }
    for (const MachineCounters& machine : setup.machines) text += disk_rows(setup, machine);
    text += comparison_rows(setup);
  }
  return text;
}

}  // namespace cotenant
