// SPDX-License-Identifier: Apache-2.0
//
// From the pieces of a watched request to what faces draw.
#pragma once

#include "models/blueprint.h"
#include "models/request/trace.h"
#include "study/inspect.h"

namespace cotenant {

// A request that has ended. What it was looked for is not filled in.
TracedRequest trace_of(const Blueprint& blueprint, const TraceRecord& record);

}  // namespace cotenant
