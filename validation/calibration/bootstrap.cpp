// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "sim/random/math.h"
#include "sim/stats/student.h"

namespace cotenant {
namespace {

// Between the two order statistics around (n - 1) p.
double quantile_of_sorted(const std::vector<double>& sorted, double p) {
  const double place = static_cast<double>(sorted.size() - 1) * p;
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::size_t block_length(std::size_t windows) {
  return std::max<std::size_t>(1, std::min<std::size_t>(30, windows / 8));
}

std::vector<std::size_t> moving_blocks(std::size_t windows, std::size_t block, Stream stream,
                                       std::uint64_t draw) {
  COTENANT_ASSERT(block >= 1 && block <= windows);
  Draws draws = stream.at(draw);
  std::vector<std::size_t> chosen;
  while (chosen.size() < windows) {
    const auto first = static_cast<std::size_t>(draws.next_below(windows - block + 1));
    for (std::size_t i = 0; i < block && chosen.size() < windows; ++i) chosen.push_back(first + i);
  }
  return chosen;
}

Interval percentile_interval(std::vector<double> values, double confidence, std::size_t blocks) {
  COTENANT_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  double outside = (1 - confidence) / 2;
  if (blocks >= 2) {
    const auto n = static_cast<double>(blocks);
    outside = math::normal_cdf(-std::sqrt(n / (n - 1)) * student_two_sided(confidence, n - 1));
  }
  return {quantile_of_sorted(values, outside), quantile_of_sorted(values, 1 - outside)};
}

}  // namespace cotenant
