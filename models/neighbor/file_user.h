// SPDX-License-Identifier: Apache-2.0
//
// A neighbor's thread that uses files: during its bursts it does the same with one again and again,
// as soon as that is done or at a constant rate, and never two things at once. CPU that this takes
// is not modeled. docs/models/neighbors.md.
#pragma once

#include "models/neighbor/bursts.h"

namespace cotenant {

// Its slot is due: a burst begins, or it looks at the clock.
void go_on_with_files(const ActingNeighbor& acting);

// It has used a file, and looks at the clock.
void look_at_clock(const ActingNeighbor& acting);

}  // namespace cotenant
