// SPDX-License-Identifier: Apache-2.0
//
// How often the 90 % intervals of demands contain the truth, over synthetic captures.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/validation/calibration/synthetic_capture.h"
#include "validation/calibration/demand_regression.h"

namespace cotenant {

inline double regression_coverage(int fits) {
  SyntheticOptions options;
  options.classes = {{"browse", 6, 0.015, 1}, {"search", 3, 0.04, 1}, {"checkout", 2, 0.07, 0.7}};
  options.seconds = 600 * 4;
  options.background = 0.05;
  int covered = 0;
  int intervals = 0;
  for (int fit = 0; fit < fits; ++fit) {
    options.seed = 1000 + static_cast<std::uint64_t>(fit);
    const Capture capture = synthetic_capture(options);
    RegressionOptions how;
    how.draws = 300;
    const DemandRegression found = demand_regression(
        usage_windows(capture, capture.groups[0], Resource::cpu, seconds(4)), how);
    for (std::size_t k = 0; k < found.demands.size(); ++k) {
      const double truth = options.classes[k].demand;
      const Interval& interval = found.demands[k].interval;
      covered += interval.low <= truth && truth <= interval.high ? 1 : 0;
      ++intervals;
    }
  }
  testing::Test::RecordProperty("covered",
                                std::to_string(covered) + "/" + std::to_string(intervals));
  return covered / static_cast<double>(intervals);
}

}  // namespace cotenant
