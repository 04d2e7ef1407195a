// SPDX-License-Identifier: Apache-2.0
//
// What a request would take if nobody else were there: mean demands along the calls that keep it
// waiting longest. Queues, servers' own work, failures and hedges are left out, so it is a floor
// and tells where to look first, not what will happen.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

struct PathPart {
  std::string name;    // of the request class, or of the operation
  double seconds = 0;  // its own steps, of all its calls on the path together
};

struct CriticalPath {
  double seconds = 0;
  std::vector<PathPart> parts;  // in the order in which they are first reached
  bool has_recorded = false;    // some demands stand in a recording, and count as nothing here
};

// Requires that services do not call each other in a circle.
CriticalPath critical_path(const Scenario& scenario, const std::string& name,
                           const RequestClass& request);

}  // namespace cotenant
