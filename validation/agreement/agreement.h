// SPDX-License-Identifier: Apache-2.0
//
// How far off the predictions are: a cell for every recording and metric, and medians by family. It
// judges nothing; what is good enough is written in docs/validation.md.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "validation/agreement/baselines.h"
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
  double noise_floor = 0;   // relative standard deviation of what was measured; 0: not known
  // Where the figure of one run should lie, nine times out of ten; of latencies only, and only
  // where somebody knows how uncertain the prediction is.
  std::optional<double> low{}, high{};
  // What one would have predicted without a simulator, of latencies only; none where that cannot
  // say anything.
  std::array<std::optional<double>, kBaselineNames.size()> baselines{};
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

// What is uncertain of a prediction besides the phases that nobody recorded.
struct PredictionUncertainty {
  double discrepancy = 0;  // as in ParameterSet
  // Relative standard deviation because parameters are not known exactly; 0 for all that has none.
  Statistics parameters{};
};

BundleAgreement compare(const Bundle& bundle, const Simulation& simulation,
                        const PredictionUncertainty& uncertainty = {});

// The part of all cells with an interval whose measured figure lies in it.
struct Coverage {
  std::size_t inside = 0, cells = 0;
};
Coverage coverage(const std::vector<BundleAgreement>& agreements);

// The median size of the relative error over all runs, of one metric of latencies: of the
// simulation, and of each baseline, for which what it cannot say counts as infinitely wrong.
struct Contest {
  Compared metric = Compared::latency_mean;
  double simulation = 0;
  std::array<double, kBaselineNames.size()> baselines{};
};
std::vector<Contest> contests(const std::vector<BundleAgreement>& agreements);

// In the order in which families first appear, and of kComparedNames.
std::vector<FamilyError> by_family(const std::vector<BundleAgreement>& agreements);

}  // namespace cotenant
