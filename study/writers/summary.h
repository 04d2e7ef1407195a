// SPDX-License-Identifier: Apache-2.0
//
// The numbers worth showing side by side, as columns of figures with one unit each. The writers for
// terminals and for Markdown lay out the same columns, so they cannot disagree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/metric.h"
#include "study/report.h"
#include "study/writers/format.h"

namespace cotenant {

struct SummaryColumn {
  Metric metric;
  std::string heading;
  std::string unit;
  std::vector<std::optional<Figure>> cells;  // one for each row
};

// One row of metrics of a summary: a setup, or a request class in a setup.
using MetricRows = std::vector<const Metrics*>;

// The columns for these metrics, in the order of the metric table, without those that carry no
// value in any row. Latencies stay when there is a reason for their absence: they are what everyone
// asks for.
std::vector<SummaryColumn> summary_columns(const MetricRows& rows,
                                           const std::vector<Metric>& metrics);

// How setups differ from the baseline, in signed figures; the baseline and setups without numbers
// have none. Empty where there is nothing to compare.
std::vector<SummaryColumn> difference_columns(const Report& report);

// The metrics that a summary of setups shows: a fixed choice, and those that objectives are about.
std::vector<Metric> summary_metrics(const Report& report);

bool is_latency(Metric metric);

// "no number for p99, p99.9: fewer than 1000 requests": why numbers are missing, grouped by reason.
// Instability is not repeated for latencies, the summary says it in their place; nor is the absence
// of a cpu.max, which is no cause for doubt.
std::vector<std::string> missing_numbers(const Metrics& metrics, const StabilityReport& stability,
                                         const std::vector<Metric>& shown);

}  // namespace cotenant
