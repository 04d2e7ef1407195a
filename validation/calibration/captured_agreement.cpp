// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/captured_agreement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "scenarios/apply_parameters.h"
#include "scenarios/document.h"
#include "sim/random/math.h"
#include "validation/calibration/captured_scenario.h"
#include "validation/calibration/class_latencies.h"
#include "validation/calibration/fit_demands.h"

namespace cotenant {
namespace {

constexpr std::size_t kMembers = 8;
constexpr std::uint64_t kResamples = 100;

// The metric of each of kComparedPercentiles; the 75th is not compared.
constexpr std::array<std::optional<Compared>, kComparedPercentiles.size()> kComparedAs = {
    Compared::latency_p50, std::nullopt, Compared::latency_p90, Compared::latency_p95,
    Compared::latency_p99};

double value_in(const ParameterSet& set, const std::vector<double>& values, const char* kind,
                const std::string& of) {
  for (std::size_t i = 0; i < set.parameters.size(); ++i) {
    if (set.parameters[i].kind == kind && set.parameters[i].of == of) return values[i];
  }
  return 0;
}

BelievedDemand demand_in(const ParameterSet& set, const std::vector<double>& values,
                         const std::string& of) {
  return {value_in(set, values, "demand_cpu", of), value_in(set, values, "demand_cpu_cv", of),
          value_in(set, values, "demand_wait", of), value_in(set, values, "demand_wait_cv", of)};
}

Checked<std::optional<SimulatedLatencies>> simulate(const Capture& capture,
                                                    const std::filesystem::path& folder,
                                                    const ParameterSet& set,
                                                    const std::vector<double>& values,
                                                    const CalibrationOptions& options) {
  std::vector<BelievedDemand> demands;
  for (const std::string& name : capture.classes) {
    demands.push_back(demand_in(set, values, scenario_name(name)));
  }
  const auto scenario = scenario_of(capture, demands);
  if (!scenario) return scenario.diagnostics();
  return simulated_latencies(with_parameters(*scenario, set, values).scenario, folder,
                             capture.classes.size(), options);
}

// Relative, of each percentile of each class.
std::vector<Percentiles> deviations(const std::vector<std::vector<Percentiles>>& runs,
                                    std::size_t classes) {
  std::vector<Percentiles> result(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < kComparedPercentiles.size(); ++i) {
      double sum = 0, squares = 0, count = 0;
      for (const auto& run : runs) {
        if (!(run[c][i] > 0)) continue;
        sum += run[c][i];
        squares += run[c][i] * run[c][i];
        ++count;
      }
      if (count < 2) continue;
      const double mean = sum / count;
      result[c][i] = std::sqrt(std::max(squares / count - mean * mean, 0.0)) / mean;
    }
  }
  return result;
}

struct Predicted {
  SimulatedLatencies center;
  std::vector<Percentiles> parameters, noise;  // relative deviations
};

Cell cell_of(const Capture& capture, std::size_t c, std::size_t i, double captured,
             const Predicted& predicted, double discrepancy) {
  Cell cell;
  cell.bundle = capture.name + ": " + capture.classes[c];
  cell.family = capture.name;
  cell.metric = *kComparedAs[i];
  cell.measured = captured;
  cell.predicted = predicted.center.mean.classes[c][i];
  cell.relative_error = (cell.predicted - captured) / captured;
  cell.phase_spread = std::sqrt(predicted.center.phase_variance[c][i]) * cell.predicted;
  cell.noise_floor = predicted.noise[c][i];
  const double all = std::sqrt(predicted.center.phase_variance[c][i] + discrepancy * discrepancy +
                               predicted.parameters[c][i] * predicted.parameters[c][i]);
  const double width = math::exp(1.645 * all);  // nine times out of ten
  cell.low = cell.predicted / width;
  cell.high = cell.predicted * width;
  return cell;
}

BundleAgreement cpu_of(const Capture& capture, double captured, double predicted,
                       std::uint64_t phases) {
  const double seconds = in_seconds(capture.duration());
  Cell cell;
  cell.bundle = capture.name;
  cell.family = capture.name;
  cell.metric = Compared::service_cpu_utilization;
  cell.measured = captured / seconds;
  cell.predicted = predicted / seconds;
  if (captured > 0) cell.relative_error = (predicted - captured) / captured;
  return {capture.name, capture.name, 1, true, phases, {cell}};
}

}  // namespace

std::string why_not_predicted(const Capture& capture, const ParameterSet& set) {
  if (std::string why = why_no_scenario(capture); !why.empty()) return why;
  for (std::size_t c = 0; c < capture.classes.size(); ++c) {
    const bool has_requests =
        std::any_of(capture.requests.begin(), capture.requests.end(),
                    [&](const CapturedRequest& request) { return request.class_index == c; });
    const std::string name = scenario_name(capture.classes[c]);
    if (has_requests && value_in(set, set.values(), "demand_cpu", name) == 0) {
      return "the parameters do not say what requests of " + in_quotes(name) + " need";
    }
  }
  return {};
}

Checked<std::optional<std::vector<BundleAgreement>>> captured_agreement(
    const Capture& capture, const std::filesystem::path& folder, const ParameterSet& set,
    const CalibrationOptions& options) {
  using Result = std::optional<std::vector<BundleAgreement>>;
  auto center = simulate(capture, folder, set, set.values(), options);
  if (!center) return center.diagnostics();
  if (!center->has_value()) return Result();
  std::vector<std::vector<Percentiles>> members;
  for (std::size_t m = 0; m < std::min(set.ensemble_size(), kMembers); ++m) {
    auto member = simulate(capture, folder, set, set.values(m), options);
    if (!member) return member.diagnostics();
    if (!member->has_value()) return Result();
    members.push_back((*member)->mean.classes);
  }
  std::vector<std::vector<Percentiles>> resamples;
  for (const ClassLatencies& resample : resampled_latencies(capture, options.seed, kResamples)) {
    resamples.push_back(resample.classes);
  }
  const std::size_t classes = capture.classes.size();
  const Predicted predicted{std::move(**center), deviations(members, classes),
                            deviations(resamples, classes)};
  const ClassLatencies captured = captured_latencies(capture);
  std::vector<BundleAgreement> agreements;
  for (std::size_t c = 0; c < classes; ++c) {
    BundleAgreement agreement{
        capture.name + ": " + capture.classes[c], capture.name, 1, true, options.phases, {}};
    for (std::size_t i = 0; i < kComparedPercentiles.size(); ++i) {
      if (!kComparedAs[i] || !(captured.classes[c][i] > 0)) continue;
      agreement.cells.push_back(
          cell_of(capture, c, i, captured.classes[c][i], predicted, set.discrepancy));
    }
    if (!agreement.cells.empty()) agreements.push_back(std::move(agreement));
  }
  agreements.push_back(cpu_of(capture, captured.cpu, predicted.center.mean.cpu, options.phases));
  return Result(std::move(agreements));
}

}  // namespace cotenant
