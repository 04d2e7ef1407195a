// SPDX-License-Identifier: Apache-2.0
//
// Failed requests by what held them up, and how many of them have a cause that the tenant can see:
// in his own logs, or in the counters of a kernel that he can look into. What others do on a shared
// kernel, or on a disk that is theirs, too, he cannot see. docs/models/comparison.md has the table.
#pragma once

#include "models/blueprint.h"
#include "study/report.h"
#include "study/tally.h"

namespace cotenant {

// What the tenant of a setup can look at.
struct Sight {
  bool own_kernel = true;  // nobody else's tasks are on the kernel that runs the application
  bool own_disk = true;    // nobody else uses its disk
  bool kills = true;       // the log of the kernel, or the platform, says who was killed
};

Sight sight_of(const Blueprint& blueprint, bool sees_kills);

// Fills in `failures` and `failures_visible`.
void add_failures(SetupReport& report, const SetupTally& tally, const Sight& sight);

}  // namespace cotenant
