// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/collinearity.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cotenant {
namespace {

using Eigen::MatrixXd;

TEST(Collinearity, IsOneForOrthogonalColumnsOfAnyLength) {
  MatrixXd a(3, 2);
  a << 5, 0, 0, 1e-6, 0, 0;
  const Collinearity found = collinearity(a);
  EXPECT_NEAR(found.condition, 1, 1e-12);
  EXPECT_NEAR(found.index, 1, 1e-12);
}

TEST(Collinearity, IsThatOfTheAngle) {
  // Columns at an angle of 0.1: singular values sqrt(1 +- cos 0.1).
  MatrixXd a(2, 2);
  a << 1, std::cos(0.1), 0, std::sin(0.1);
  const Collinearity found = collinearity(a);
  EXPECT_NEAR(found.singular_values[0], std::sqrt(1 + std::cos(0.1)), 1e-12);
  EXPECT_NEAR(found.index, 1 / std::sqrt(1 - std::cos(0.1)), 1e-9);
  ASSERT_EQ(found.direction.size(), 2u);
  EXPECT_NEAR(found.direction[0].weight, std::sqrt(0.5), 1e-9);
  EXPECT_NEAR(found.direction[1].weight, -std::sqrt(0.5), 1e-9);
}

TEST(Collinearity, NamesTheClassesThatRiseTogether) {
  MatrixXd a(4, 3);
  a << 1, 3, 2, 2, 1, 4, 3, 2, 6, 4, 1, 8;
  const Collinearity found = collinearity(a);
  EXPECT_GT(found.condition, 1e12);
  EXPECT_EQ(collinear_classes_in_words(found, {"browse", "search", "checkout"}, "CPU demand")
                .substr(0, 70),
            "The CPU demand of \"browse\" and \"checkout\" cannot be told apart: their ");
}

TEST(Collinearity, SaysWhichParametersMoveAgainstEachOther) {
  // The second does twice as much and the other way round: half of it makes up for the first.
  MatrixXd jacobian(3, 2);
  jacobian << 1, -2, 2, -4, 3, -6.0001;
  const Collinearity found = collinearity(jacobian);
  const std::string words = collinear_parameters_in_words(found, {"cpu", "cores"}, jacobian);
  EXPECT_NE(words.find("5.00 % more of"), std::string::npos) << words;
}

TEST(Collinearity, OfAParameterWithoutAnEffectSaysSo) {
  MatrixXd jacobian = MatrixXd::Zero(3, 2);
  jacobian.col(0).setOnes();
  EXPECT_EQ(collinear_parameters_in_words(collinearity(jacobian), {"cpu", "idle"}, jacobian),
            "Nothing that was measured depends on \"idle\".");
}

}  // namespace
}  // namespace cotenant
