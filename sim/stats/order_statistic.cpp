// SPDX-License-Identifier: Apache-2.0
//
// The number of values below the p-quantile is binomial. Its probabilities follow from the mode
// outwards by the ratio of neighbors and are normalized by their sum, so no logarithm or factorial
// is needed and nothing under- or overflows.
#include "sim/stats/order_statistic.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

// Probabilities of first, first + 1, ... ; what lies outside is below 1e-20 of the mode each.
struct Binomial {
  std::uint64_t first = 0;
  std::vector<double> probability;
};

Binomial binomial(std::uint64_t n, double p) {
  constexpr double kNegligible = 1e-20;
  const double odds = p / (1 - p);
  const auto trials = static_cast<double>(n);
  const auto mode = std::min(n, static_cast<std::uint64_t>(std::floor((trials + 1) * p)));

  std::vector<double> below;  // weights of mode - 1, mode - 2, ...
  double weight = 1;
  for (std::uint64_t k = mode; k > 0 && weight > kNegligible; --k) {
    weight *= static_cast<double>(k) / static_cast<double>(n - k + 1) / odds;
    below.push_back(weight);
  }
  Binomial result{mode - below.size(), {below.rbegin(), below.rend()}};
  result.probability.push_back(1);
  weight = 1;
  for (std::uint64_t k = mode; k < n && weight > kNegligible; ++k) {
    weight *= static_cast<double>(n - k) / static_cast<double>(k + 1) * odds;
    result.probability.push_back(weight);
  }
  double total = 0;
  for (const double w : result.probability) total += w;
  for (double& w : result.probability) w /= total;
  return result;
}

// The smallest k with P(X <= k) >= q.
std::uint64_t binomial_quantile(const Binomial& law, double q) {
  double cumulative = 0;
  for (std::size_t i = 0; i < law.probability.size(); ++i) {
    cumulative += law.probability[i];
    if (cumulative >= q) return law.first + i;
  }
  return law.first + law.probability.size() - 1;
}

}  // namespace

OrderStatisticInterval order_statistic_interval(std::uint64_t n, double p, double alpha) {
  COTENANT_ASSERT(n > 0 && p > 0 && p < 1 && alpha > 0 && alpha < 1);
  const Binomial law = binomial(n, p);
  OrderStatisticInterval result;
  result.lower_rank = binomial_quantile(law, alpha / 2);
  result.upper_rank = binomial_quantile(law, 1 - alpha / 2) + 1;
  // P(X_(l) <= q < X_(u)) = P(l <= X <= u - 1).
  for (std::size_t i = 0; i < law.probability.size(); ++i) {
    const std::uint64_t k = law.first + i;
    if (k >= result.lower_rank && k < result.upper_rank) result.coverage += law.probability[i];
  }
  return result;
}

}  // namespace cotenant
