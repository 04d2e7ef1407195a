// SPDX-License-Identifier: Apache-2.0
//
// How much of the beginning of a run to drop, by MSER-5: White, "An effective truncation heuristic
// for bias reduction in simulation output", Simulation 69 (1997); White, Cobb and Spratt, "A
// comparison of five steady-state truncation heuristics for simulation", WSC 2000. It looks at one
// series; the caller takes the maximum over its metrics and truncates every setup at the same
// simulated time. It does not test whether the system has a steady state: stability.h does.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace cotenant {

struct WarmUp {
  std::size_t observations_dropped = 0;  // from the front; a multiple of 5
  // False when the best truncation lies in the last tenth of the searched half, where it is more
  // likely the end of the search than the end of the warm-up, or when the series is too short to
  // search at all.
  bool reliable = false;
};

// `series` holds equally spaced observations, such as the mean number in system per time slice.
WarmUp mser5(std::span<const double> series);

// The mean of the replications at each observation: averaging first lets the common transient stand
// out. All replications have the same length, and there is at least one.
std::vector<double> average_series(std::span<const std::vector<double>> replications);

}  // namespace cotenant
