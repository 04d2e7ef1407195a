// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/parameter_spread.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace cotenant {
namespace {

// A standard deviation from eight is known to a quarter, which is enough for one of three parts.
constexpr std::size_t kMembers = 8;
constexpr std::uint64_t kPhases = 4;

Statistics mean_of(const std::vector<Statistics>& phases) {
  Statistics mean{};
  for (const Statistics& phase : phases) {
    for (std::size_t m = 0; m < kCompared; ++m) {
      mean[m] += phase[m] / static_cast<double>(phases.size());
    }
  }
  return mean;
}

Statistics relative_deviation(const std::vector<Statistics>& members) {
  Statistics result{};
  if (members.size() < 2) return result;
  const Statistics mean = mean_of(members);
  for (std::size_t m = 0; m < kCompared; ++m) {
    double squares = 0;
    for (const Statistics& member : members) {
      squares += (member[m] - mean[m]) * (member[m] - mean[m]);
    }
    const double deviation = std::sqrt(squares / static_cast<double>(members.size() - 1));
    result[m] = mean[m] > 0 ? deviation / mean[m] : 0;
  }
  return result;
}

}  // namespace

std::optional<Statistics> parameter_spread(const Bundle& bundle, SimulationOptions options) {
  if (options.parameters == nullptr) return Statistics{};
  options.phases = std::min(options.phases, kPhases);
  std::vector<Statistics> members;
  for (std::size_t b = 0; b < std::min(options.parameters->ensemble_size(), kMembers); ++b) {
    options.values = options.parameters->values(b);
    const auto simulation = simulate(bundle, options);
    if (!simulation.ok()) return Statistics{};  // whoever simulates it whole says why
    if (!simulation->has_value()) return std::nullopt;
    members.push_back(mean_of((*simulation)->phases));
  }
  return relative_deviation(members);
}

}  // namespace cotenant
