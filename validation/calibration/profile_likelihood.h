// SPDX-License-Identifier: Apache-2.0
//
// What the data say about each parameter of a fit, whatever the others are: the interval outside of
// which no choice of the others makes the cost rise by less than a threshold. An end that the
// search does not find inside of the bounds is open, and then the data do not identify the
// parameter: a prior alone would decide. So the parameter's own prior is left out; those of the
// others stay.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/calibration/least_squares.h"

namespace cotenant {

struct ProfileInterval {
  std::string name;
  double best = 0;                  // where the cost is lowest without the parameter's prior
  std::optional<double> low, high;  // none: open
  bool identified() const { return low && high; }
};

// The 90 % quantile of chi-squared with one degree of freedom.
inline constexpr double kRise90 = 2.70554;

std::vector<ProfileInterval> profile_likelihood(const ResidualBatch& residuals,
                                                const std::vector<FreeParameter>& parameters,
                                                const LeastSquaresOptions& options,
                                                const LeastSquaresFit& fit, double rise = kRise90);

}  // namespace cotenant
