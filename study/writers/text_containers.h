// SPDX-License-Identifier: Apache-2.0
//
// Sentences about containers: what Kubernetes makes of their requests and limits.
#pragma once

#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant {

std::vector<std::string> containers(const Report& report);

}  // namespace cotenant
