// SPDX-License-Identifier: Apache-2.0
//
// The conditions of Karush, Kuhn and Tucker decide: they hold at the solution and nowhere else.
#include "validation/calibration/nnls.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd random_matrix(Dice& dice, Index rows, Index columns) {
  MatrixXd a(rows, columns);
  for (Index j = 0; j < columns; ++j) {
    for (Index i = 0; i < rows; ++i) a(i, j) = dice.normal();
  }
  return a;
}

// x >= 0, no slope where x > 0, and no way down where x = 0.
void expect_optimal(const MatrixXd& a, const VectorXd& b, const VectorXd& x) {
  const VectorXd slope = a.transpose() * (b - a * x);
  const double scale = a.norm() * b.norm();
  for (Index i = 0; i < x.size(); ++i) {
    EXPECT_GE(x(i), 0);
    EXPECT_LE(slope(i), 1e-9 * scale);
    if (x(i) > 0) {
      EXPECT_NEAR(slope(i), 0, 1e-9 * scale);
    }
  }
}

TEST(Nnls, IsLeastSquaresWhereThatIsPositive) {
  MatrixXd a(3, 2);
  a << 1, 0, 0, 1, 1, 1;
  const VectorXd x = nnls(a, VectorXd(a * Eigen::Vector2d(2, 3)));
  EXPECT_NEAR(x(0), 2, 1e-12);
  EXPECT_NEAR(x(1), 3, 1e-12);
}

TEST(Nnls, BindsAnUnknownThatWantsToBeNegative) {
  MatrixXd a(2, 2);
  a << 1, 1, 0, 1;
  const VectorXd x = nnls(a, Eigen::Vector2d(1, -1));  // unbounded: (2, -1)
  EXPECT_NEAR(x(0), 1, 1e-12);
  EXPECT_EQ(x(1), 0);
}

TEST(Nnls, IsOptimalForRandomProblems) {
  Dice dice(9);
  for (int i = 0; i < 300; ++i) {
    const auto columns = static_cast<Index>(1 + dice.bits() % 12);
    const auto rows = static_cast<Index>(1 + dice.bits() % 40);
    const MatrixXd a = random_matrix(dice, rows, columns);
    const VectorXd b = random_matrix(dice, rows, 1);
    SCOPED_TRACE(testing::Message() << "problem " << i << ": " << rows << " x " << columns);
    expect_optimal(a, b, nnls(a, b));
  }
}

TEST(Nnls, BearsColumnsThatAreZeroOrTheSame) {
  Dice dice(4);
  MatrixXd a = random_matrix(dice, 20, 4).cwiseAbs();
  a.col(1) = a.col(0);
  a.col(3).setZero();
  const VectorXd b = random_matrix(dice, 20, 1).cwiseAbs();
  const VectorXd x = nnls(a, b);
  expect_optimal(a, b, x);
  EXPECT_EQ(x(3), 0);
}

TEST(Nnls, DoesNotMindUnits) {
  Dice dice(5);
  MatrixXd a = random_matrix(dice, 30, 3).cwiseAbs();
  const VectorXd b = random_matrix(dice, 30, 1).cwiseAbs();
  const VectorXd x = nnls(a, b);
  a.col(2) *= 1e12;
  EXPECT_NEAR(nnls(a, b)(2) * 1e12, x(2), 1e-9);
}

TEST(Nnls, OfNothingIsZero) {
  EXPECT_EQ(nnls(MatrixXd::Zero(5, 2), VectorXd::Ones(5)).sum(), 0);
  EXPECT_EQ(nnls(MatrixXd::Ones(5, 2), VectorXd::Zero(5)).sum(), 0);
}

}  // namespace
}  // namespace cotenant
