// SPDX-License-Identifier: Apache-2.0
//
// A timeline adds up to its run, exactly; and what a trace says of a request is complete.
#pragma once

#include "models/run_record.h"
#include "tests/support/invariants.h"

namespace cotenant {

// Of a run with a timeline and without a warm-up.
void check_timeline(const RunRecord& record, Complaints& complaints);

// Of any run.
void check_trace(const TraceRecord& trace, Complaints& complaints);

}  // namespace cotenant
