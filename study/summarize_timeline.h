// SPDX-License-Identifier: Apache-2.0
//
// From the integers of a timeline to what faces draw.
#pragma once

#include "models/blueprint.h"
#include "models/timeline.h"
#include "study/timeline.h"

namespace cotenant {

// Of a run of that blueprint.
Timeline summarize(const Blueprint& blueprint, const TimelineRecord& record);

}  // namespace cotenant
