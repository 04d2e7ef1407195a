// SPDX-License-Identifier: Apache-2.0
//
// Arrivals whose law the test knows.
#pragma once

#include <vector>

#include "tests/sim/stats/dice.h"
#include "validation/calibration/modulated_rate.h"

namespace cotenant {

// Of a process of two states whose rates are multiplied by `factor(seconds)`, at most 1.
template <class Factor>
std::vector<double> arrivals_of(const TwoStates& states, double duration, std::uint64_t seed,
                                Factor factor) {
  Dice dice(seed);
  std::vector<double> arrivals;
  const double share = states.leave_low / (states.leave_low + states.leave_high);
  bool high = dice.uniform() < share;
  for (double at = 0; at < duration; high = !high) {
    const double end = at + dice.exponential() / (high ? states.leave_high : states.leave_low);
    const double rate = high ? states.high : states.low;
    for (double next = at; rate > 0;) {
      next += dice.exponential() / rate;
      if (next >= end || next >= duration) break;
      if (dice.uniform() < factor(next)) arrivals.push_back(next);
    }
    at = end;
  }
  return arrivals;
}

inline std::vector<double> arrivals_of(const TwoStates& states, double duration,
                                       std::uint64_t seed) {
  return arrivals_of(states, duration, seed, [](double) { return 1.0; });
}

inline std::vector<double> poisson_arrivals(double rate, double duration, std::uint64_t seed) {
  return arrivals_of({rate, rate, 1, 1}, duration, seed);
}

}  // namespace cotenant
