// SPDX-License-Identifier: Apache-2.0
//
// What every simulation assumes and no scenario can change: constants of the kernel and of the
// software around an application, with their values and sources, for `cotenant presets`.
#pragma once

#include <vector>

#include "scenarios/presets.h"

namespace cotenant {

std::vector<Preset> constants();

}  // namespace cotenant
