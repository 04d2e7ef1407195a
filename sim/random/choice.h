// SPDX-License-Identifier: Apache-2.0
//
// Draws of whole numbers: which of a few weighted alternatives, and how many in a batch. Both
// invert a cumulative distribution with one number per draw. Meant for tens of alternatives: no
// alias table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/random/math.h"
#include "sim/random/stream.h"

namespace cotenant {

// Alternative i with a probability in proportion to weights[i], exact to 2^-53. A weight of zero
// means never. Weights are finite, not negative, and not all zero.
class DiscreteChoice {
 public:
  explicit DiscreteChoice(const std::vector<double>& weights);

  std::size_t draw(Draws& draws) const {
    const std::uint64_t bits = draws.next_bits();
    std::size_t chosen = 0;
    // Counting has no branch to mispredict.
    for (const std::uint64_t threshold : thresholds_) chosen += threshold <= bits ? 1 : 0;
    return chosen;
  }

 private:
  // The cumulative probabilities of all alternatives up to, and without, the last possible one, in
  // units of 2^-64.
  std::vector<std::uint64_t> thresholds_;
};

// The geometric law on 1, 2, 3, ...: the size of a batch that is continued with a fixed
// probability. For the same number the draw never decreases with the mean.
class GeometricCount {
 public:
  // 1 <= mean <= 1e14, so that every draw is far below 2^53.
  explicit GeometricCount(double mean);

  double mean() const { return mean_; }

  std::uint64_t draw(Draws& draws) const {
    return 1 + static_cast<std::uint64_t>(math::log(1.0 - draws.next_unit()) * per_log_continue_);
  }

 private:
  double mean_;
  double per_log_continue_;  // 1 / log(probability that the batch is continued)
};

}  // namespace cotenant
