// SPDX-License-Identifier: Apache-2.0
//
// Checks of containers of Kubernetes, and of the nodes that they are on.
#pragma once

#include <string>
#include <vector>

#include "scenarios/checker.h"
#include "scenarios/computers.h"

namespace cotenant {

void check_container(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service);

// All of a computer together.
void check_containers(Checker& checker, const std::string& pointer, const Computer& computer,
                      const Setup& setup);

}  // namespace cotenant
