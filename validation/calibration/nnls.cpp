// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/nnls.h"

#include <Eigen/QR>
#include <algorithm>
#include <vector>

#include "sim/base/assert.h"
#include "validation/calibration/normal_equations.h"

namespace cotenant {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Relative to |b|, for columns of norm 1: what is left of a gradient that should be 0.
constexpr double kTolerance = 1e-12;

class ActiveSet {
 public:
  ActiveSet(const MatrixXd& a, const VectorXd& b)
      : a_(a), b_(b), x_(VectorXd::Zero(a.cols())), free_(static_cast<std::size_t>(a.cols())) {}

  VectorXd solve() {
    // Each round frees one unknown and lowers the sum of squares, so no set of free unknowns comes
    // twice; the limit is for rounding only.
    for (Index round = 0; round < 10 * a_.cols() + 10; ++round) {
      const Index best = steepest();
      if (best < 0) break;
      free_[static_cast<std::size_t>(best)] = true;
      if (!settle(best)) refused_.push_back(best);
    }
    return x_;
  }

 private:
  bool is_free(Index i) const { return free_[static_cast<std::size_t>(i)]; }
  void bind(Index i) {
    free_[static_cast<std::size_t>(i)] = false;
    x_(i) = 0;
  }

  // The bound unknown whose growth lowers the sum of squares most; -1: none does.
  Index steepest() const {
    const VectorXd left = b_ - product(a_, x_);
    const double threshold = kTolerance * norm(b_);
    Index best = -1;
    double most = threshold;
    for (Index i = 0; i < a_.cols(); ++i) {
      if (is_free(i) || std::count(refused_.begin(), refused_.end(), i) > 0) continue;
      const double slope = dot(a_.col(i), left);
      if (slope > most) {
        most = slope;
        best = i;
      }
    }
    return best;
  }

  // Least squares of the free unknowns; the others are 0.
  VectorXd unbounded() const {
    std::vector<Index> columns;
    for (Index i = 0; i < a_.cols(); ++i) {
      if (is_free(i)) columns.push_back(i);
    }
    MatrixXd part(a_.rows(), static_cast<Index>(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      part.col(static_cast<Index>(i)) = a_.col(columns[i]);
    }
    const VectorXd solved = part.householderQr().solve(b_);
    VectorXd all = VectorXd::Zero(a_.cols());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      all(columns[i]) = solved(static_cast<Index>(i));
    }
    return all;
  }

  // Goes towards the least squares of the free unknowns and binds those that become 0 on the way.
  // False: rounding made `newest` look worth freeing.
  bool settle(Index newest) {
    VectorXd goal = unbounded();
    if (!goal.allFinite() || !(goal(newest) > 0)) {
      bind(newest);
      return false;
    }
    refused_.clear();
    while (true) {
      double step = 1;
      Index blocking = -1;
      for (Index i = 0; i < a_.cols(); ++i) {
        if (!is_free(i) || goal(i) > 0) continue;
        const double reach = x_(i) / (x_(i) - goal(i));
        if (blocking < 0 || reach < step) {
          step = reach;
          blocking = i;
        }
      }
      if (blocking < 0) break;
      x_ += step * (goal - x_);
      bind(blocking);
      goal = unbounded();
    }
    x_ = goal;
    return true;
  }

  const MatrixXd& a_;
  const VectorXd& b_;
  VectorXd x_;
  std::vector<bool> free_;
  std::vector<Index> refused_;
};

// The same problem with as many rows as columns: rotations change no length.
void make_square(MatrixXd& a, VectorXd& b) {
  const Index columns = a.cols();
  if (a.rows() <= columns) return;
  const Eigen::HouseholderQR<MatrixXd> qr(a);
  b = VectorXd(qr.householderQ().adjoint() * b).head(columns).eval();
  a = MatrixXd(qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>());
}

}  // namespace

VectorXd nnls(const MatrixXd& a, const VectorXd& b) {
  COTENANT_ASSERT(a.rows() == b.size());
  MatrixXd scaled = a;
  const VectorXd norms = unit_columns(scaled);
  VectorXd right = b;
  make_square(scaled, right);
  VectorXd x = ActiveSet(scaled, right).solve();
  for (Index i = 0; i < x.size(); ++i) {
    if (norms(i) > 0) x(i) /= norms(i);
  }
  return x;
}

}  // namespace cotenant
