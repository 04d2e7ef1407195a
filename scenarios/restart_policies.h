// SPDX-License-Identifier: Apache-2.0
//
// The policies by which a service is started again, and what a scenario makes of them.
#pragma once

#include <string_view>
#include <vector>

#include "models/server/restarts.h"
#include "scenarios/scenario.h"

namespace cotenant {

struct RestartPolicy {
  std::string_view name;  // as in a scenario
  std::string_view software;
  std::string_view source;
  Restart said;  // all of it, as a scenario would say it
};

// All but "no".
const std::vector<RestartPolicy>& restart_policies();

RestartSpec compile_restart(const Restart& restart);

}  // namespace cotenant
