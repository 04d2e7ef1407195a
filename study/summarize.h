// SPDX-License-Identifier: Apache-2.0
//
// From the added-up replications of a setup to its part of the report: every metric with an
// interval, or with the reason why it has none.
#pragma once

#include "models/blueprint.h"
#include "study/report.h"
#include "study/tally.h"

namespace cotenant {

struct SummaryOptions {
  double confidence = 0.95;
  bool stationary =
      true;  // the load does not change by design, so a growing backlog is instability
};

SetupReport summarize(const Blueprint& blueprint, const SetupTally& tally,
                      const SummaryOptions& options);

}  // namespace cotenant
