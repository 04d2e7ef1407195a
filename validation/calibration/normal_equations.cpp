// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/normal_equations.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace cotenant {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double dot(const Eigen::Ref<const VectorXd>& a, const Eigen::Ref<const VectorXd>& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a(i) * b(i);
  return sum;
}

double norm(const Eigen::Ref<const VectorXd>& a) { return std::sqrt(dot(a, a)); }

VectorXd product(const MatrixXd& a, const VectorXd& x) {
  VectorXd result = VectorXd::Zero(a.rows());
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = 0; i < a.rows(); ++i) result(i) += a(i, j) * x(j);
  }
  return result;
}

MatrixXd weighted_gram(const MatrixXd& a, const VectorXd& weights) {
  MatrixXd gram(a.cols(), a.cols());
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index k = 0; k <= j; ++k) {
      double sum = 0;
      for (Index i = 0; i < a.rows(); ++i) sum += weights(i) * a(i, j) * a(i, k);
      gram(j, k) = gram(k, j) = sum;
    }
  }
  return gram;
}

VectorXd weighted_right(const MatrixXd& a, const VectorXd& weights, const VectorXd& b) {
  VectorXd right(a.cols());
  for (Index j = 0; j < a.cols(); ++j) {
    double sum = 0;
    for (Index i = 0; i < a.rows(); ++i) sum += weights(i) * a(i, j) * b(i);
    right(j) = sum;
  }
  return right;
}

VectorXd unit_columns(MatrixXd& a) {
  VectorXd norms(a.cols());
  for (Index j = 0; j < a.cols(); ++j) {
    norms(j) = norm(a.col(j));
    if (norms(j) > 0) a.col(j) /= norms(j);
  }
  return norms;
}

MatrixXd bounded_inverse(const MatrixXd& symmetric) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(symmetric);
  const VectorXd& values = solver.eigenvalues();  // increasing
  const double floor = std::max(values(values.size() - 1) * 1e-12, 1e-300);
  const MatrixXd& vectors = solver.eigenvectors();
  MatrixXd scaled = vectors;
  for (Index i = 0; i < values.size(); ++i) scaled.col(i) /= std::max(values(i), floor);
  return scaled.lazyProduct(vectors.transpose());
}

}  // namespace cotenant
