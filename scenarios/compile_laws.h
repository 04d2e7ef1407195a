// SPDX-License-Identifier: Apache-2.0
//
// The laws of a scenario as laws of nanoseconds.
#pragma once

#include "scenarios/scenario.h"
#include "sim/random/law.h"

namespace cotenant {

// Not for RecordedLaw, which is no law but a column of a trace.
Law compile_law(const DurationLaw& law);
// In bytes.
Law compile_law(const SizeLaw& law);

}  // namespace cotenant
