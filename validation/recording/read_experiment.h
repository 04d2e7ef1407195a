// SPDX-License-Identifier: Apache-2.0
//
// experiment.json and summary.json of a bundle: what was run, and what is only known for the whole
// run.
#pragma once

#include "sim/base/diagnostics.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// Fills in what these files say about the bundle, whose directory is known.
void read_experiment(Bundle& bundle, Diagnostics& diagnostics);
void read_summary(Bundle& bundle, Diagnostics& diagnostics);

}  // namespace cotenant
