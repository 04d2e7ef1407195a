// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the time of requests goes, setup by setup, for one part of the distribution: what the bars
// and the table beside them show.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "study/report.h"

namespace cotenant::gui {

// Which requests: all, those around the median, those around the 99th percentile.
enum class Around { mean, p50, p99 };

struct Breakdown {
  // The states in which some setup spends at least a hundredth of its time, in their own order;
  // what is spent in all others together is the last entry of `seconds`.
  std::vector<WaitState> states;
  struct Bar {
    std::size_t setup = 0;        // in the report
    std::vector<double> seconds;  // by state, and of all others
  };
  std::vector<Bar> bars;             // of setups that have one
  std::vector<std::size_t> growing;  // setups that have none, because their queue grows
};

Breakdown breakdown_of(const Report& report, Around around);

const std::optional<WaitBreakdown>& part(const WaitBreakdowns& breakdowns, Around around);

}  // namespace cotenant::gui
