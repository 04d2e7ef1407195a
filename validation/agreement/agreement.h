// SPDX-License-Identifier: Apache-2.0
//
// How far off the predictions are: a cell for every recording and metric, and medians by family. It
// judges nothing; what is good enough is written in docs/validation.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/agreement/simulate.h"
#include "validation/recording/bundle.h"

namespace cotenant {

struct Cell {
  std::string bundle, family;
  Compared metric = Compared::throughput;
  double measured = 0;
  double predicted = 0;                  // mean over the phases
  std::optional<double> relative_error;  // (predicted - measured) / measured; none of a measured 0
  double phase_spread = 0;  // standard deviation over the phases, in units of the metric
};

// Of the sizes of the relative errors of a family.
struct FamilyError {
  std::string family;
  Compared metric = Compared::throughput;
  std::size_t runs = 0;  // with a relative error
  double median = 0, largest = 0;
};

struct BundleAgreement {
  std::string bundle, family;
  double overhead_factor = 1;
  bool cost_reached = true;  // see Simulation
  std::size_t phases = 0;
  std::vector<Cell> cells;
};

BundleAgreement compare(const Bundle& bundle, const Simulation& simulation);

// In the order in which families first appear, and of kComparedNames.
std::vector<FamilyError> by_family(const std::vector<BundleAgreement>& agreements);

}  // namespace cotenant
