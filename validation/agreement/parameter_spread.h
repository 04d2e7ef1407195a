// SPDX-License-Identifier: Apache-2.0
//
// How much a prediction depends on what is not known about fitted parameters.
#pragma once

#include "validation/agreement/simulate.h"

namespace cotenant {

// Relative standard deviation of each statistic over members of the ensemble of
// `options.parameters`, of which a few are simulated with a few phases each, the same for all; 0
// without an ensemble. Nothing when it was stopped.
std::optional<Statistics> parameter_spread(const Bundle& bundle, SimulationOptions options);

}  // namespace cotenant
