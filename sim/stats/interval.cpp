// SPDX-License-Identifier: Apache-2.0
//
// Means and sums of squares are taken in index order, in two passes, so results depend on nothing
// but the values and their order.
#include "sim/stats/interval.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "sim/base/assert.h"
#include "sim/stats/student.h"

namespace cotenant {
namespace {

double sum_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// center +- t sqrt(squares / (m - 1) / m), where `squares` sums m squared deviations from the
// center.
Estimate student_estimate(double center, double squares, std::size_t m, double confidence) {
  if (m < 2) return {center, std::nullopt};
  const double degrees = static_cast<double>(m - 1);
  const double half = student_two_sided(confidence, degrees) *
                      std::sqrt(squares / degrees / static_cast<double>(m));
  return {center, Interval{center - half, center + half}};
}

}  // namespace

Estimate mean_interval(std::span<const double> replication_means, double confidence) {
  COTENANT_ASSERT(!replication_means.empty());
  const std::size_t m = replication_means.size();
  const double mean = sum_of(replication_means) / static_cast<double>(m);
  double squares = 0;
  for (const double value : replication_means) squares += (value - mean) * (value - mean);
  return student_estimate(mean, squares, m, confidence);
}

Estimate ratio_interval(std::span<const double> numerators, std::span<const double> denominators,
                        double confidence) {
  COTENANT_ASSERT(numerators.size() == denominators.size());
  const std::size_t m = numerators.size();
  const double total = sum_of(denominators);
  COTENANT_ASSERT(total > 0);
  const double ratio = sum_of(numerators) / total;
  const double mean_denominator = total / static_cast<double>(m);
  double squares = 0;
  for (std::size_t i = 0; i < m; ++i) {
    const double residual = (numerators[i] - ratio * denominators[i]) / mean_denominator;
    squares += residual * residual;
  }
  return student_estimate(ratio, squares, m, confidence);
}

Estimate sectioned(double center, std::span<const double> sections, double confidence) {
  double squares = 0;
  for (const double value : sections) squares += (value - center) * (value - center);
  return student_estimate(center, squares, sections.size(), confidence);
}

Estimate sectioned_quantile(const Histogram& pooled, std::span<const Histogram> sections, double p,
                            double confidence) {
  const auto center = static_cast<double>(pooled.quantile(p).count());
  std::vector<double> quantiles;
  for (const Histogram& section : sections) {
    if (section.empty()) return {center, std::nullopt};
    quantiles.push_back(static_cast<double>(section.quantile(p).count()));
  }
  Estimate estimate = sectioned(center, quantiles, confidence);
  if (!estimate.interval) return estimate;
  // When many sections fall into one bucket their spread would claim more than the histogram knows.
  const Histogram::Bounds bounds = pooled.quantile_bounds(p);
  Interval& interval = *estimate.interval;
  interval.low = std::max(0.0, std::min(interval.low, static_cast<double>(bounds.low.count())));
  interval.high = std::max(interval.high, static_cast<double>(bounds.high.count()));
  return estimate;
}

bool enough_samples(double p, std::uint64_t count) {
  COTENANT_ASSERT(p >= 0 && p <= 1);
  // 1 - 0.9 is stored below 0.1, and 100 values must still be enough for p90.
  constexpr double kExpectedBeyond = 10 * (1 - 1e-9);
  return static_cast<double>(count) * std::min(p, 1 - p) >= kExpectedBeyond;
}

}  // namespace cotenant
