// SPDX-License-Identifier: Apache-2.0
//
// What a request of each class costs on the average, from windows of counters:
//   used in a window = background * seconds + sum over classes of demand * requests + chance.
// Robust, non-negative least squares; classes that rise and fall together are not told apart but
// taken together, in words. Nothing is said about queues or about how demands vary.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/stats/interval.h"
#include "validation/calibration/windows.h"

namespace cotenant {

struct MeanDemand {
  std::vector<std::size_t> classes;  // several: taken together; none: the background, per second
  double mean = 0;                   // CPU seconds, bytes or operations
  Interval interval;
  bool at_zero = false;  // the interval says only how large it may be
};

struct DemandRegression {
  std::vector<MeanDemand> demands;  // by the first of their classes
  MeanDemand background;
  double condition = 1;  // of what was solved in the end
  double explained = 0;  // share of the variance between windows, 0 to 1
  std::size_t windows = 0;
  std::vector<std::string> remarks;
  std::string refused;  // why there is no result; empty: there is
};

struct RegressionOptions {
  double confidence = 0.9;
  int draws = 500;
  std::uint64_t seed = 1;
  // In robust standard deviations. Wider than usual, because it is a mean that is wanted: sums of
  // few skewed demands have a long upper tail that belongs to it.
  double huber = 2.5;
};

// The resamples do not depend on anything but the seed and the number of windows.
DemandRegression demand_regression(const UsageWindows& windows,
                                   const RegressionOptions& options = {});

}  // namespace cotenant
