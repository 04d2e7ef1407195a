// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/agreement.h"

#include <algorithm>
#include <cmath>

namespace cotenant {
namespace {

struct Summary {
  double mean = 0;
  double deviation = 0;
};

Summary over_phases(const std::vector<Statistics>& phases, std::size_t metric) {
  const auto n = static_cast<double>(phases.size());
  // Relative to the first: phases that make no difference then have no deviation, not one of
  // rounding.
  const double first = phases.front()[metric];
  Summary summary;
  for (const Statistics& phase : phases) summary.mean += (phase[metric] - first) / n;
  summary.mean += first;
  if (phases.size() < 2) return summary;
  double squares = 0;
  for (const Statistics& phase : phases) {
    squares += (phase[metric] - summary.mean) * (phase[metric] - summary.mean);
  }
  summary.deviation = std::sqrt(squares / (n - 1));
  return summary;
}

std::optional<double> relative_error(double predicted, double measured) {
  if (measured == 0) return predicted == 0 ? std::optional(0.0) : std::nullopt;
  return (predicted - measured) / measured;
}

double median(std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::vector<std::string> families_of(const std::vector<BundleAgreement>& agreements) {
  std::vector<std::string> families;
  for (const BundleAgreement& each : agreements) {
    if (std::find(families.begin(), families.end(), each.family) == families.end()) {
      families.push_back(each.family);
    }
  }
  return families;
}

std::vector<double> errors_of(const std::vector<BundleAgreement>& agreements,
                              const std::string& family, Compared metric) {
  std::vector<double> errors;
  for (const BundleAgreement& each : agreements) {
    if (each.family != family) continue;
    for (const Cell& cell : each.cells) {
      if (cell.metric == metric && cell.relative_error) {
        errors.push_back(std::fabs(*cell.relative_error));
      }
    }
  }
  std::sort(errors.begin(), errors.end());
  return errors;
}

}  // namespace

BundleAgreement compare(const Bundle& bundle, const Simulation& simulation) {
  COTENANT_ASSERT(!simulation.phases.empty());
  BundleAgreement agreement{bundle.name,
                            bundle.family,
                            simulation.overhead_factor,
                            simulation.cost_reached,
                            simulation.phases.size(),
                            {}};
  const Statistics measured = statistics_of_recording(bundle);
  for (const Compared metric : compared_in(bundle)) {
    const auto index = static_cast<std::size_t>(metric);
    const Summary predicted = over_phases(simulation.phases, index);
    agreement.cells.push_back({bundle.name, bundle.family, metric, measured[index], predicted.mean,
                               relative_error(predicted.mean, measured[index]),
                               predicted.deviation});
  }
  return agreement;
}

std::vector<FamilyError> by_family(const std::vector<BundleAgreement>& agreements) {
  std::vector<FamilyError> rows;
  for (const std::string& family : families_of(agreements)) {
    for (std::size_t i = 0; i < kCompared; ++i) {
      std::vector<double> errors = errors_of(agreements, family, static_cast<Compared>(i));
      if (errors.empty()) continue;
      rows.push_back(
          {family, static_cast<Compared>(i), errors.size(), median(errors), errors.back()});
    }
  }
  return rows;
}

}  // namespace cotenant
