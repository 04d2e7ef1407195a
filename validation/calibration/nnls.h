// SPDX-License-Identifier: Apache-2.0
//
// Least squares where no unknown may be negative, as of demands: nobody returns CPU time. The
// active-set method of Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23, on a
// QR decomposition; columns are scaled to norm 1 first, so that units do not matter. For tens of
// unknowns.
#pragma once

#include <Eigen/Core>

namespace cotenant {

// The x >= 0 with the smallest |a x - b|. An unknown whose column is zero, or that others can
// replace, is 0.
Eigen::VectorXd nnls(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

}  // namespace cotenant
