// SPDX-License-Identifier: Apache-2.0
#include "scenarios/application.h"

namespace cotenant {

std::optional<OperationName> split_operation(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || name.find('.', dot + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return OperationName{name.substr(0, dot), name.substr(dot + 1)};
}

std::optional<std::size_t> default_service(const Named<Service>& application) {
  if (application.size() == 1) return 0;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < application.size(); ++i) {
    if (!application[i].second.operations.empty()) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::vector<const CallStep*> calls_of(const Step& step) {
  if (const auto* call = std::get_if<CallStep>(&step)) return {call};
  std::vector<const CallStep*> calls;
  if (const auto* together = std::get_if<TogetherStep>(&step)) {
    for (const CallStep& call : together->together) calls.push_back(&call);
  }
  return calls;
}

}  // namespace cotenant
