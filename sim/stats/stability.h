// SPDX-License-Identifier: Apache-2.0
//
// Is the backlog growing? A system that falls behind has no steady state, and percentiles printed
// for it only tell how long it was watched. The test assumes that the load does not change over the
// observed span; a load that ramps up within capacity passes, because what it adds to the number in
// system is tiny beside its arrivals. It does not say when the system collapses: growth and limits
// give that to the caller.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/units.h"
#include "sim/stats/interval.h"

namespace cotenant {

// One replication after its warm-up.
struct BacklogSeries {
  std::vector<double> mean_in_system;  // per time slice
  std::uint64_t arrivals = 0;          // over all these slices
};

struct Stability {
  bool unstable = false;
  // Requests per second. The low end of the interval is the one-sided 99.9 % bound that the verdict
  // uses, the high end its mirror image. No interval: too few slices to judge, and `unstable` is
  // false for want of evidence, not because stability was shown.
  Estimate growth_per_second;
};

// All replications have the same number of slices of length `slice`; there is at least one
// replication and, for a verdict from a single one, there should be 21 slices or more.
Stability assess_stability(std::span<const BacklogSeries> replications, Duration slice);

}  // namespace cotenant
