// SPDX-License-Identifier: Apache-2.0
//
// Whether a buyer who had believed the predictions would have chosen what turned out best. Runs
// with the same requests at the same times are candidates for the same job.
#pragma once

#include <string>
#include <vector>

#include "validation/agreement/agreement.h"
#include "validation/recording/bundle.h"

namespace cotenant {

struct Decision {
  std::vector<std::string> candidates;  // names of runs, at least two
  std::string chosen;                   // the lowest predicted p95
  std::string best;                     // the lowest measured one
  // The chosen one is the best one, or measured no worse than it by more than twice the noise
  // floors of both.
  bool agrees = false;
};

// One for each job that several of the runs did. The two lists are of the same runs.
std::vector<Decision> decisions(const std::vector<Bundle>& bundles,
                                const std::vector<BundleAgreement>& agreements);

}  // namespace cotenant
