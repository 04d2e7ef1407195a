// SPDX-License-Identifier: Apache-2.0
//
// What must hold of a run that has been walked to its end: what was recorded agrees with what was
// seen on the way.
#pragma once

#include "models/blueprint.h"
#include "tests/support/walk.h"

namespace cotenant {

// Adds what does not hold to the complaints of the run.
void check_run(Walked& walked, const Blueprint& blueprint);

}  // namespace cotenant
