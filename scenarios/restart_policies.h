// SPDX-License-Identifier: Apache-2.0
//
// The policies by which a service is started again, and what a scenario makes of them.
#pragma once

#include "models/server/restarts.h"
#include "scenarios/scenario.h"

namespace cotenant {

RestartSpec compile_restart(const Restart& restart);

}  // namespace cotenant
