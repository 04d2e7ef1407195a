// SPDX-License-Identifier: Apache-2.0
//
// The law of a duration times a factor.
#pragma once

#include "scenarios/duration_law.h"

namespace cotenant {

// Every value that it draws is multiplied. A RecordedLaw is no law, and stays as it is.
DurationLaw scale_law(const DurationLaw& law, double factor);

}  // namespace cotenant
