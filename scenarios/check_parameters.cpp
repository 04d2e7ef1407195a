// SPDX-License-Identifier: Apache-2.0
//
// Checks of files with fitted parameters: what belongs together has one size, and every estimate
// lies in its interval.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/check.h"
#include "scenarios/checker.h"
#include "scenarios/parameter_set.h"

namespace cotenant {

namespace {

void check_numbers(Checker& checker, const std::string& pointer, const Parameter& parameter,
                   const ParameterSet& set) {
  if (parameter.low > parameter.value || parameter.high < parameter.value) {
    checker.problem(pointer, fmt::format("has the value {} outside of its interval, {} to {}",
                                         parameter.value, parameter.low, parameter.high));
  }
  const std::size_t count = set.parameters.size();
  if (!parameter.covariance.empty() && parameter.covariance.size() != count) {
    checker.problem(pointer + "/covariance",
                    fmt::format("must have a number for each of the {} parameters, got {}", count,
                                parameter.covariance.size()));
  }
  if (parameter.ensemble.size() != set.ensemble_size()) {
    checker.problem(pointer + "/ensemble",
                    fmt::format("must be as long as that of the first parameter, {}, got {}",
                                set.ensemble_size(), parameter.ensemble.size()));
  }
  if (std::any_of(parameter.ensemble.begin(), parameter.ensemble.end(),
                  [](double value) { return !(value > 0) || value > 1e6; })) {
    checker.problem(pointer + "/ensemble", "must have numbers above 0, up to 1e6", "numbers");
  }
}

}  // namespace

void check(const ParameterSet& set, const Node& document, Diagnostics& diagnostics) {
  const Scenario none;
  Checker checker(none, document, diagnostics);
  for (std::size_t i = 0; i < set.parameters.size(); ++i) {
    const std::string pointer = "/parameters/" + std::to_string(i);
    if (!checker.sound(pointer)) continue;
    const Parameter& parameter = set.parameters[i];
    check_numbers(checker, pointer, parameter, set);
    const auto first =
        std::find_if(set.parameters.begin(), set.parameters.end(), [&](const Parameter& other) {
          return other.kind == parameter.kind && other.of == parameter.of;
        });
    if (&*first != &parameter) {
      checker.problem(pointer, "is a second \"" + name_of(parameter) + "\"");
    }
  }
}

}  // namespace cotenant
