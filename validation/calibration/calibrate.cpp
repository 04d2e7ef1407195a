// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/calibrate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "scenarios/encode.h"

namespace cotenant {
namespace {

// In the order in which presets first appear.
std::vector<std::vector<const Bundle*>> by_preset(const std::vector<Bundle>& recordings,
                                                  std::vector<std::string>& remarks) {
  std::vector<std::string> presets;
  std::vector<std::vector<const Bundle*>> groups;
  for (const Bundle& bundle : recordings) {
    if (const std::string why = why_not_fitted(bundle); !why.empty()) {
      remarks.push_back(bundle.name + " was not fitted to: " + why);
      continue;
    }
    const std::string preset = preset_of(bundle);
    const auto found = std::find(presets.begin(), presets.end(), preset);
    if (found == presets.end()) {
      presets.push_back(preset);
      groups.emplace_back();
    }
    const std::size_t at = static_cast<std::size_t>(
        std::find(presets.begin(), presets.end(), preset) - presets.begin());
    groups[at].push_back(&bundle);
  }
  return groups;
}

// Of all fits together.
double discrepancy_of(const Calibration& calibration) {
  double squares = 0;
  std::size_t count = 0;
  const auto add = [&](const std::optional<double>& found) {
    if (!found) return;
    squares += *found;
    ++count;
  };
  for (const OverheadFit& fit : calibration.overheads) add(fit.discrepancy);
  for (const DemandFit& fit : calibration.demands) {
    if (fit.refused.empty()) add(fit.discrepancy);
  }
  const double found = count == 0 ? 0 : std::sqrt(squares / static_cast<double>(count));
  return std::max(found, kLeastDiscrepancy);
}

// To six digits: more would be the noise of the last of them.
double rounded(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::scientific, 5);
  double result = value;
  std::from_chars(text.data(), end.ptr, result);
  return result;
}

void round(ParameterSet& set) {
  set.discrepancy = rounded(set.discrepancy);
  for (Parameter& parameter : set.parameters) {
    for (double* value : {&parameter.value, &parameter.low, &parameter.high}) {
      *value = rounded(*value);
    }
    for (double& value : parameter.covariance) value = rounded(value);
    for (double& value : parameter.ensemble) value = rounded(value);
  }
}

// False when it was stopped, or when there are problems.
bool add_overheads(const CalibrationInput& input, const CalibrationOptions& options,
                   Calibration& result, Diagnostics& problems) {
  for (const auto& group : by_preset(input.recordings, result.remarks)) {
    auto fit = fit_overheads(group, options);
    if (!fit.ok()) problems.add(fit.diagnostics());
    if (!fit.ok() || !fit->has_value()) return false;
    append(result.parameters.parameters, (*fit)->parameters);
    for (const Bundle* bundle : group) result.parameters.captures.push_back(bundle->name);
    result.overheads.push_back(std::move(**fit));
  }
  return true;
}

bool is_known(const ParameterSet& set, const Parameter& parameter) {
  return std::any_of(set.parameters.begin(), set.parameters.end(), [&](const Parameter& other) {
    return other.kind == parameter.kind && other.of == parameter.of;
  });
}

// Without those that an earlier capture has told already.
std::vector<Parameter> new_ones(const DemandFit& fit, const ParameterSet& set,
                                std::vector<std::string>& remarks) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
    if (is_known(set, fit.parameters[i])) {
      remarks.push_back(name_of(fit.parameters[i]) + " is that of an earlier capture, not of " +
                        fit.capture);
    } else {
      kept.push_back(i);
    }
  }
  std::vector<Parameter> parameters;
  for (const std::size_t i : kept) {
    Parameter parameter = fit.parameters[i];
    parameter.covariance.clear();
    for (const std::size_t k : kept) {
      parameter.covariance.push_back(fit.parameters[i].covariance[k]);
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

CapturedArrivals arrivals_of(const Capture& capture) {
  std::vector<double> instants;
  for (const CapturedRequest& request : capture.requests) {
    instants.push_back(in_seconds(request.arrival));
  }
  CapturedArrivals arrivals{
      capture.name, fit_arrivals(instants, in_seconds(capture.duration())), {}};
  const auto scenario =
      scenario_of(capture, std::vector<BelievedDemand>(capture.classes.size(), {0.001, 0, 0, 0}));
  if (!scenario) return arrivals;
  Scenario said = *scenario;
  said.workload.arrivals = arrivals.fit.arrivals;
  arrivals.json = nlohmann::ordered_json::parse(encode(said))["workload"]["arrivals"].dump();
  return arrivals;
}

bool add_demands(const CalibrationInput& input, const CalibrationOptions& options,
                 Calibration& result, Diagnostics& problems) {
  const ParameterSet overheads = result.parameters;
  for (const CapturedApplication& application : input.captures) {
    auto fit = fit_demands(application.capture, application.folder, overheads, options);
    if (!fit.ok()) problems.add(fit.diagnostics());
    if (!fit.ok() || !fit->has_value()) return false;
    if ((*fit)->refused.empty()) {
      append(result.parameters.parameters, new_ones(**fit, result.parameters, result.remarks));
      result.parameters.captures.push_back(application.capture.name);
      result.arrivals.push_back(arrivals_of(application.capture));
    }
    result.demands.push_back(std::move(**fit));
  }
  return true;
}

}  // namespace

Checked<std::optional<Calibration>> calibrate(const CalibrationInput& input,
                                              const CalibrationOptions& options) {
  Calibration result;
  Diagnostics problems;
  const bool done = add_overheads(input, options, result, problems) &&
                    add_demands(input, options, result, problems);
  if (!problems.empty()) return problems;
  if (!done) return std::optional<Calibration>();
  result.parameters.discrepancy = discrepancy_of(result);
  round(result.parameters);
  return std::optional(std::move(result));
}

}  // namespace cotenant
