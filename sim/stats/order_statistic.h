// SPDX-License-Identifier: Apache-2.0
//
// The distribution-free interval for a quantile between two order statistics (David and Nagaraja,
// "Order Statistics", section 7.1). It holds for independent samples only: measurements of separate
// requests to an idle server, say, or replication maxima. Responses of one simulated run are not
// independent; use sectioned_quantile of interval.h for them.
#pragma once

#include <cstdint>

namespace cotenant {

// The interval [X_(lower_rank), X_(upper_rank)) of 1-based order statistics. Rank 0 or n + 1 means
// that the sample is too small to bound the quantile on that side.
struct OrderStatisticInterval {
  std::uint64_t lower_rank = 0;
  std::uint64_t upper_rank = 0;
  double coverage =
      0;  // the exact chance that it contains the quantile of a continuous distribution
};

// For the p-quantile, 0 < p < 1, of n independent values, n > 0, with at most alpha / 2 outside
// either end before ranks are rounded outwards. Takes time and memory of order sqrt(n p (1 - p)).
OrderStatisticInterval order_statistic_interval(std::uint64_t n, double p, double alpha);

}  // namespace cotenant
