// SPDX-License-Identifier: Apache-2.0
//
// MSER-5 in one backward pass. The squared deviations of every tail of the series come from
// Welford's update, which neither cancels nor depends on anything but the order of the
// observations.
#include "sim/stats/warm_up.h"

#include "sim/base/assert.h"

namespace cotenant {
namespace {

constexpr std::size_t kBatch = 5;  // the 5 of MSER-5

// With fewer batches the last tenth of the searched half is less than half a batch: there is no
// telling a minimum from the end of the search. Assumption of this project.
constexpr std::size_t kFewestBatches = 10;

double batch_mean(std::span<const double> series, std::size_t batch) {
  double sum = 0;
  for (std::size_t i = 0; i < kBatch; ++i) sum += series[batch * kBatch + i];
  return sum / static_cast<double>(kBatch);
}

}  // namespace

WarmUp mser5(std::span<const double> series) {
  const std::size_t batches = series.size() / kBatch;
  if (batches < kFewestBatches) return {};
  const std::size_t search_end = batches / 2;

  double mean = 0;
  double squares = 0;  // of the deviations of batches d, d + 1, ... from their mean
  double best = 0;
  std::size_t best_d = batches;
  for (std::size_t d = batches; d-- > 0;) {
    const auto kept = static_cast<double>(batches - d);
    const double value = batch_mean(series, d);
    const double delta = value - mean;
    mean += delta / kept;
    squares += delta * (value - mean);
    if (d > search_end) continue;
    const double criterion = squares / (kept * kept);
    // On a tie the smaller truncation wins: a constant series loses nothing.
    if (best_d == batches || criterion <= best) {
      best = criterion;
      best_d = d;
    }
  }
  return {best_d * kBatch, 10 * best_d <= 9 * search_end};
}

std::vector<double> average_series(std::span<const std::vector<double>> replications) {
  COTENANT_ASSERT(!replications.empty());
  std::vector<double> average(replications.front().size(), 0.0);
  for (const std::vector<double>& series : replications) {
    COTENANT_ASSERT(series.size() == average.size());
    for (std::size_t i = 0; i < series.size(); ++i) average[i] += series[i];
  }
  for (double& value : average) value /= static_cast<double>(replications.size());
  return average;
}

}  // namespace cotenant
