// SPDX-License-Identifier: Apache-2.0
//
// The simplex search of Nelder and Mead (Computer Journal 7, 1965), in a box: where costs have no
// useful slope. Points outside of the box are moved onto its surface. Slow, but needs nothing of
// the function except its values.
#pragma once

#include <functional>
#include <vector>

namespace cotenant {

struct SimplexProblem {
  // The costs at each of some points; infinite where there is none.
  std::function<std::vector<double>(const std::vector<std::vector<double>>&)> costs;
  std::vector<double> start;
  std::vector<double> size;  // of the first simplex, by coordinate
  std::vector<double> low, high;
  double tolerance = 1e-4;  // ends when the simplex is smaller than this in every coordinate
  int most_steps = 400;
};

struct SimplexResult {
  std::vector<double> at;
  double cost = 0;
  bool converged = false;
};

SimplexResult minimize_by_simplex(const SimplexProblem& problem);

}  // namespace cotenant
