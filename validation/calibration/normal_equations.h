// SPDX-License-Identifier: Apache-2.0
//
// Sums over many rows in the order of the rows. Eigen cuts the products of large matrices into
// blocks that suit the caches of the CPU it runs on, and with them the order of the sums changes,
// so no product over more than a few dozen terms is left to it.
#pragma once

#include <Eigen/Core>

namespace cotenant {

double dot(const Eigen::Ref<const Eigen::VectorXd>& a, const Eigen::Ref<const Eigen::VectorXd>& b);
double norm(const Eigen::Ref<const Eigen::VectorXd>& a);
Eigen::VectorXd product(const Eigen::MatrixXd& a, const Eigen::VectorXd& x);

// A' W A and A' W b, with the weights of the rows.
Eigen::MatrixXd weighted_gram(const Eigen::MatrixXd& a, const Eigen::VectorXd& weights);
Eigen::VectorXd weighted_right(const Eigen::MatrixXd& a, const Eigen::VectorXd& weights,
                               const Eigen::VectorXd& b);

// Divides each column by its norm, unless that is 0; returns the norms.
Eigen::VectorXd unit_columns(Eigen::MatrixXd& a);

// The inverse of a symmetric matrix that should be positive definite. Directions of which it says
// nothing get a variance of at most 1e12 times the smallest one instead of infinity.
Eigen::MatrixXd bounded_inverse(const Eigen::MatrixXd& symmetric);

}  // namespace cotenant
