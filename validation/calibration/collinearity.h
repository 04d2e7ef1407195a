// SPDX-License-Identifier: Apache-2.0
//
// Whether the columns of a matrix can be told apart: the demands of request classes in a
// regression, or the parameters of a fit. The condition number is that of the columns scaled to
// norm 1, the collinearity index that of Brun, Reichert and Kuensch (Water Resources Research 37,
// 2001): above about 10 the parameters are poorly identified, above 30 the classes are not worth
// separating.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

namespace cotenant {

inline constexpr double kPoorCollinearityIndex = 10;
inline constexpr double kPoorCondition = 30;

struct DirectionPart {
  std::size_t column = 0;
  double weight = 0;
};

struct Collinearity {
  std::vector<double> singular_values;  // of the scaled columns, largest first
  double condition = 1;                 // largest / smallest, at most 1e15
  double index = 1;                     // 1 / smallest, at most 1e15
  // What of the columns, scaled to norm 1, adds up to almost nothing: the largest weights first,
  // that of the largest positive, without those below a tenth of it.
  std::vector<DirectionPart> direction;
};

Collinearity collinearity(const Eigen::MatrixXd& matrix);

// "The CPU demand of \"browse\" and that of \"checkout\" cannot be told apart: ..."
std::string collinear_classes_in_words(const Collinearity& found,
                                       const std::vector<std::string>& names,
                                       const std::string& quantity);

// "\"cpu\" and \"wait\" cannot be told apart: 10 % more of the one and 8 % less of the other ..."
std::string collinear_parameters_in_words(const Collinearity& found,
                                          const std::vector<std::string>& names,
                                          const Eigen::MatrixXd& jacobian);

}  // namespace cotenant
