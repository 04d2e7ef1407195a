// SPDX-License-Identifier: Apache-2.0
//
// Field table of files with fitted parameters (scenarios/parameter_set.h).
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/parameter_set.h"

namespace cotenant {

inline constexpr auto kParameterKindNames = [] {
  std::array<std::string_view, kParameterKinds.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kParameterKinds[i].name;
  return names;
}();
inline constexpr std::array<std::string_view, 3> kParameterOrigins = {"fitted", "measured",
                                                                      "preset"};

// Wide enough for factors and for seconds, narrow enough for their products.
inline constexpr Real kParameterValue = {1e-9, 1e6};
inline constexpr std::size_t kMostParameters = 200;
inline constexpr std::size_t kMostMembers = 1000;

template <>
inline constexpr Title kTitle<Parameter> = {
    "parameter", "A physical constant that was fitted, with what is not known about it."};
template <>
inline constexpr Title kTitle<ParameterSet> = {
    "parameters", "A file of parameters that scenarios name; \"cotenant calibrate\" writes it."};

template <class Visitor, Same<Parameter> T>
void fields(Visitor& v, T& parameter) {
  v.field("kind", parameter.kind,
          {.help = "What it is about.", .required = true, .choices = kParameterKindNames});
  v.field("of", parameter.of,
          {.help = "The overhead preset or the class of requests that it belongs to.",
           .required = true});
  v.field("value", parameter.value,
          {.help = "The best estimate: seconds, or a factor of what a preset or the scenario says.",
           .required = true,
           .real = kParameterValue});
  v.field("low", parameter.low,
          {.help = "Lower end of its interval.", .required = true, .real = kParameterValue});
  v.field("high", parameter.high,
          {.help = "Upper end of its interval.", .required = true, .real = kParameterValue});
  v.field("origin", parameter.origin,
          {.help = "Where it comes from: a fit, a direct measurement, or a preset that no capture "
                   "could improve on.",
           .required = true,
           .choices = kParameterOrigins});
  v.field("identified", parameter.identified, {.help = "Whether the captures determine it."});
  v.field("remark", parameter.remark,
          {.help = "Why they do not, and which measurement would.", .multiline = true});
  v.field("covariance", parameter.covariance,
          {.help = "With all parameters in their order, of natural logarithms.",
           .max_items = kMostParameters});
  v.field(
      "ensemble", parameter.ensemble,
      {.help = "Its value in each of the fits to resampled captures.", .max_items = kMostMembers});
}
template <class Visitor, Same<ParameterSet> T>
void fields(Visitor& v, T& set) {
  v.field("$schema", set.schema,
          {.help = "Where the JSON Schema is, for editors; otherwise ignored.", .absent = "none"});
  v.field("format", set.format,
          {.help = "The version of this format.",
           .required = true,
           .whole = {kParametersFormat, kParametersFormat}});
  v.field("description", set.description,
          {.help = "What was calibrated, for the reader.", .multiline = true});
  v.field("captures", set.captures,
          {.help = "The captures that were fitted to, by name.", .max_items = kMostMembers});
  v.field("confidence", set.confidence,
          {.help = "Confidence level of the intervals.", .real = {0.5, 0.9999}});
  v.field("discrepancy", set.discrepancy,
          {.help = "Standard deviation of ln(predicted / captured) of percentiles of latency that "
                   "no parameter explains; 0: not known.",
           .real = {0, 10}});
  v.field(
      "parameters", set.parameters,
      {.help = "The parameters.", .required = true, .min_items = 1, .max_items = kMostParameters});
}

}  // namespace cotenant
