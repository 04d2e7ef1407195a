// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/coverage/gates.h"

#include <fmt/format.h>

#include <cmath>

namespace cotenant::coverage {
namespace {

constexpr double kMeansLow = 0.93, kMeansHigh = 0.97;
constexpr double kPercentilesLow = 0.92;

std::string number(double value, bool percent) {
  return percent ? fmt::format("{:.4g} %", 100 * value) : fmt::format("{:.4g}", value);
}

Gate coverage_of(const std::vector<Report>& reports, const Truth& truth) {
  const MetricInfo& info = kMetricTable[static_cast<std::size_t>(truth.metric)];
  Gate gate;
  gate.what = fmt::format("intervals of {} that contain {:.6g}", info.key, truth.value);
  gate.measured = coverage(reports, truth.metric, truth.value).share();
  gate.percent = true;
  return gate;
}

}  // namespace

std::string Gate::measured_text() const { return number(measured, percent); }

std::string Gate::range_text() const {
  if (std::isinf(low) && std::isinf(high)) return "";
  if (std::isinf(high)) return "at least " + number(low, percent);
  if (std::isinf(low)) return "at most " + number(high, percent);
  return number(low, percent) + " to " + number(high, percent);
}

Gate mean_coverage(const std::vector<Report>& reports, const Truth& truth) {
  Gate gate = coverage_of(reports, truth);
  gate.low = kMeansLow;
  gate.high = kMeansHigh;
  return gate;
}

Gate percentile_coverage(const std::vector<Report>& reports, const Truth& truth) {
  Gate gate = coverage_of(reports, truth);
  gate.low = kPercentilesLow;
  return gate;
}

Gates all_coverage(const System& system, const std::vector<Report>& reports) {
  Gates gates;
  for (const Truth& truth : system.means) gates.push_back(mean_coverage(reports, truth));
  for (const Truth& truth : system.percentiles) {
    gates.push_back(truth.metric == Metric::latency_p95 ? percentile_coverage(reports, truth)
                                                        : coverage_of(reports, truth));
  }
  return gates;
}

}  // namespace cotenant::coverage
