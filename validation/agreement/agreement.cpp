// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/agreement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "sim/random/math.h"
#include "validation/agreement/noise_floor.h"

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

constexpr std::uint64_t kNoiseSeed = 1;

std::optional<double> relative_error(double predicted, double measured) {
  if (measured == 0) return predicted == 0 ? std::optional(0.0) : std::nullopt;
  return (predicted - measured) / measured;
}

double median(std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double sorted_median(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return median(values);
}

// On the scale of logarithms, where the parts of the uncertainty add up. 1.645: the 95 % point of
// the normal law, so nine times out of ten.
void set_interval(Cell& cell, const PredictionUncertainty& uncertainty) {
  if (!(cell.predicted > 0) || !(uncertainty.discrepancy > 0)) return;
  const double phases = cell.phase_spread / cell.predicted;
  const double parameters = uncertainty.parameters[static_cast<std::size_t>(cell.metric)];
  const double all = std::sqrt(phases * phases + parameters * parameters +
                               uncertainty.discrepancy * uncertainty.discrepancy);
  const double width = math::exp(1.645 * all);
  cell.low = cell.predicted / width;
  cell.high = cell.predicted * width;
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

BundleAgreement compare(const Bundle& bundle, const Simulation& simulation,
                        const PredictionUncertainty& uncertainty) {
  COTENANT_ASSERT(!simulation.phases.empty());
  BundleAgreement agreement{bundle.name,
                            bundle.family,
                            simulation.overhead_factor,
                            simulation.cost_reached,
                            simulation.phases.size(),
                            {}};
  const Statistics measured = statistics_of_recording(bundle);
  const Statistics noise = noise_floor(bundle, kNoiseSeed);
  std::array<std::optional<Statistics>, kBaselineNames.size()> baselines;
  for (std::size_t b = 0; b < baselines.size(); ++b) {
    baselines[b] = predict(static_cast<Baseline>(b), bundle);
  }
  for (const Compared metric : compared_in(bundle)) {
    const auto index = static_cast<std::size_t>(metric);
    const Summary predicted = over_phases(simulation.phases, index);
    Cell cell{bundle.name,
              bundle.family,
              metric,
              measured[index],
              predicted.mean,
              relative_error(predicted.mean, measured[index]),
              predicted.deviation,
              noise[index],
              {},
              {},
              {}};
    if (is_latency(metric)) {
      set_interval(cell, uncertainty);
      for (std::size_t b = 0; b < baselines.size(); ++b) {
        if (baselines[b]) cell.baselines[b] = (*baselines[b])[index];
      }
    }
    agreement.cells.push_back(std::move(cell));
  }
  return agreement;
}

Coverage coverage(const std::vector<BundleAgreement>& agreements) {
  Coverage result;
  for (const BundleAgreement& agreement : agreements) {
    for (const Cell& cell : agreement.cells) {
      if (!cell.low || !cell.high) continue;
      ++result.cells;
      if (cell.measured >= *cell.low && cell.measured <= *cell.high) ++result.inside;
    }
  }
  return result;
}

std::vector<Contest> contests(const std::vector<BundleAgreement>& agreements) {
  std::vector<Contest> result;
  for (std::size_t m = 0; m < kCompared; ++m) {
    const auto metric = static_cast<Compared>(m);
    if (!is_latency(metric)) continue;
    std::vector<double> errors;
    std::array<std::vector<double>, kBaselineNames.size()> naive;
    for (const BundleAgreement& agreement : agreements) {
      for (const Cell& cell : agreement.cells) {
        if (cell.metric != metric || !cell.relative_error) continue;
        errors.push_back(std::fabs(*cell.relative_error));
        for (std::size_t b = 0; b < naive.size(); ++b) {
          const std::optional<double> error =
              cell.baselines[b] ? relative_error(*cell.baselines[b], cell.measured) : std::nullopt;
          naive[b].push_back(error ? std::fabs(*error) : std::numeric_limits<double>::infinity());
        }
      }
    }
    if (errors.empty()) continue;
    Contest contest{metric, sorted_median(errors), {}};
    for (std::size_t b = 0; b < naive.size(); ++b) contest.baselines[b] = sorted_median(naive[b]);
    result.push_back(contest);
  }
  return result;
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
