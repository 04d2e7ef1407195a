// SPDX-License-Identifier: Apache-2.0
//
// Questions about the services of an application that checks and the compiler both ask.
#pragma once

#include <optional>
#include <string_view>

#include "scenarios/scenario.h"

namespace cotenant {

// "database.list": names have no dots, so the parts are unambiguous.
struct OperationName {
  std::string_view service, operation;
};
// Without a dot, or with two, there is no such name.
std::optional<OperationName> split_operation(std::string_view name);

// Which service serves a request class that names none: the only one, or the only one that has no
// operations, because those that have are there to be called. None: it has to be said.
std::optional<std::size_t> default_service(const Named<Service>& application);

// A step's calls: none, one, or those that begin together.
std::vector<const CallStep*> calls_of(const Step& step);

}  // namespace cotenant
