// SPDX-License-Identifier: Apache-2.0
//
// The thresholds of a weighted choice and the constants of the geometric law. Thresholds are
// integers so that a draw compares bits with bits, and an impossible alternative is exactly
// impossible.
#include "sim/random/choice.h"

#include <algorithm>
#include <cmath>

#include "sim/base/assert.h"

namespace cotenant {

DiscreteChoice::DiscreteChoice(const std::vector<double>& weights) {
  double total = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    COTENANT_ASSERT(std::isfinite(weights[i]) && weights[i] >= 0);
    total += weights[i];
    if (weights[i] > 0) last = i;
  }
  COTENANT_ASSERT(total > 0 && std::isfinite(total));
  thresholds_.reserve(last);
  double sum = 0;
  for (std::size_t i = 0; i < last; ++i) {
    sum += weights[i];
    // 1 - 2^-53 is the largest share below 1: it leaves a tiny last alternative possible.
    const double share = std::min(sum / total, 1.0 - 0x1p-53);
    thresholds_.push_back(static_cast<std::uint64_t>(share * 0x1p64));
  }
}

GeometricCount::GeometricCount(double mean) : mean_(mean) {
  COTENANT_ASSERT(mean >= 1 && mean <= 1e14);
  // P(N > n) = (1 - 1/mean)^n, so N = 1 + floor(log(U) / log(1 - 1/mean)). A mean of 1 continues
  // never.
  per_log_continue_ = mean > 1 ? 1.0 / math::log1p(-1.0 / mean) : 0.0;
}

}  // namespace cotenant
