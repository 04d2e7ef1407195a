// SPDX-License-Identifier: Apache-2.0
#include "scenarios/scenario.h"

namespace cotenant {

Scenario::Scenario() = default;
Scenario::Scenario(const Scenario& other) = default;
Scenario::Scenario(Scenario&& other) noexcept = default;
Scenario& Scenario::operator=(const Scenario& other) = default;
Scenario& Scenario::operator=(Scenario&& other) noexcept = default;
Scenario::~Scenario() = default;

bool operator==(const Scenario& a, const Scenario& b) = default;

}  // namespace cotenant
