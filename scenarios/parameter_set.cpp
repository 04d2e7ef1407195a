// SPDX-License-Identifier: Apache-2.0
//
// See the header; decode_parameters() is in decode.cpp, beside the other users of its templates.
#include "scenarios/parameter_set.h"

#include <algorithm>
#include <utility>

namespace cotenant {

const ParameterKind* parameter_kind(std::string_view name) {
  const auto found = std::find_if(kParameterKinds.begin(), kParameterKinds.end(),
                                  [&](const ParameterKind& kind) { return kind.name == name; });
  return found == kParameterKinds.end() ? nullptr : &*found;
}

std::vector<double> ParameterSet::values() const {
  std::vector<double> values;
  for (const Parameter& parameter : parameters) values.push_back(parameter.value);
  return values;
}

std::vector<double> ParameterSet::values(std::size_t member) const {
  std::vector<double> values;
  for (const Parameter& parameter : parameters) values.push_back(parameter.ensemble[member]);
  return values;
}

void append(std::vector<Parameter>& parameters, const std::vector<Parameter>& fitted) {
  const std::size_t before = parameters.size();
  for (Parameter& parameter : parameters) {
    parameter.covariance.resize(before + fitted.size(), 0.0);
  }
  for (Parameter parameter : fitted) {
    parameter.covariance.insert(parameter.covariance.begin(), before, 0.0);
    parameters.push_back(std::move(parameter));
  }
}

std::string name_of(const Parameter& parameter) { return parameter.kind + " of " + parameter.of; }

}  // namespace cotenant
