// SPDX-License-Identifier: Apache-2.0
//
// The test works on increments. Each replication is cut into batches; the differences of successive
// batch means, pooled over the replications, give the growth, and Student's test says whether it is
// above zero. Why not regression slopes: with few replications their Student test has no power
// (the 99.9 % factor for two is 318), and within one replication the errors of a regression are
// strongly dependent. Increments of an overloaded queue are nearly independent, as those of a
// random walk; those of a stable queue are negatively correlated, since what rises must fall, so
// taking them as independent errs on the safe side.
#include "sim/stats/stability.h"

#include <algorithm>
#include <cstddef>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

// A refused steady state withholds the percentiles the user asked for: one false alarm in a
// thousand at most. The two-sided 99.8 % interval has the one-sided 99.9 % bound as its low end.
constexpr double kConfidence = 0.998;

// Enough increments that the Student factor (3.58 for 19 degrees of freedom) is near its limit
// of 3.09; few enough that batches stay long, for more batches make the test of a stable system
// more conservative. From 20 replications on, one increment each remains: second half minus first
// half. Assumption of this project.
constexpr std::size_t kIncrements = 20;

// Growth must matter as well as be significant: at least 10 requests over the span, and 1 % of the
// arrivals. In an overloaded system the share 1 - 1/rho of the arrivals stays, so this is an
// overload of 1 %. A lesser one is left to a longer run: a stable system at high utilization would
// fall to a looser rule.
constexpr double kFewestRequests = 10;
constexpr double kShareOfArrivals = 0.01;

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

Stability assess_stability(std::span<const BacklogSeries> replications, Duration slice) {
  COTENANT_ASSERT(!replications.empty() && slice > Duration());
  const std::size_t slices = replications.front().mean_in_system.size();
  const std::size_t wanted = (kIncrements + replications.size() - 1) / replications.size() + 1;
  const std::size_t batches = std::min(wanted, slices);
  if (batches < 2) return {};
  const std::size_t per_batch = slices / batches;
  // Slices left over are dropped from the front, where a remainder of the warm-up would be.
  const std::size_t skipped = slices % batches;

  std::vector<double> increments;
  double arrivals = 0;
  for (const BacklogSeries& replication : replications) {
    COTENANT_ASSERT(replication.mean_in_system.size() == slices);
    const auto series = std::span<const double>(replication.mean_in_system).subspan(skipped);
    double previous = mean_of(series.first(per_batch));
    for (std::size_t batch = 1; batch < batches; ++batch) {
      const double current = mean_of(series.subspan(batch * per_batch, per_batch));
      increments.push_back(current - previous);
      previous = current;
    }
    arrivals += static_cast<double>(replication.arrivals);
  }

  constexpr double kNanosecondsPerSecond = 1e9;
  const double slice_seconds = static_cast<double>(slice.count()) / kNanosecondsPerSecond;
  for (double& increment : increments) {
    increment /= static_cast<double>(per_batch) * slice_seconds;
  }
  Stability result;
  result.growth_per_second = mean_interval(increments, kConfidence);
  if (!result.growth_per_second.interval) return result;

  const double growth =
      result.growth_per_second.value * static_cast<double>(slices) * slice_seconds;
  const double mean_arrivals = arrivals / static_cast<double>(replications.size());
  result.unstable = result.growth_per_second.interval->low > 0 &&
                    growth >= std::max(kFewestRequests, kShareOfArrivals * mean_arrivals);
  return result;
}

}  // namespace cotenant
