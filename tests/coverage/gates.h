// SPDX-License-Identifier: Apache-2.0
//
// What a coverage experiment must show: a measured figure and the range it must lie in. The ranges
// were agreed before anything was measured; a figure outside of one is a defect of the statistics
// or of the experiment, never a reason for another range.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "tests/coverage/experiments.h"
#include "tests/coverage/systems.h"

namespace cotenant::coverage {

struct Gate {
  std::string what;
  double measured = 0;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool percent = false;  // for people

  bool passed() const { return low <= measured && measured <= high; }
  std::string measured_text() const;
  std::string range_text() const;  // "93 % to 97 %"; empty if any figure passes
};
using Gates = std::vector<Gate>;

// Nominal 95 % intervals for means: 93 to 97 %, four standard errors of 2,000 experiments.
Gate mean_coverage(const std::vector<Report>& reports, const Truth& truth);

// For percentiles: at least 92 %, because sectioned quantiles approach their coverage slowly.
Gate percentile_coverage(const std::vector<Report>& reports, const Truth& truth);

// All means, and the p95; the p99 is told, not judged.
Gates all_coverage(const System& system, const std::vector<Report>& reports);

}  // namespace cotenant::coverage
