// SPDX-License-Identifier: Apache-2.0
//
// What sessions request and how long they think, compiled. When they begin is compiled like any
// other arrivals: compile_workload.cpp.
#pragma once

#include <vector>

#include "models/workload/source.h"
#include "scenarios/scenario.h"
#include "sim/base/id.h"

namespace cotenant {

BatchSize compile_batch(const Batch& batch);

// `own` are those of `classes` that the sessions may request.
SessionSpec compile_sessions(const SessionArrivals& sessions, const std::vector<ClassId>& own,
                             const IdVector<ClassId, ClassSpec>& classes);

}  // namespace cotenant
