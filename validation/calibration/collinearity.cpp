// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/collinearity.h"

#include <fmt/format.h>

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

#include "sim/base/assert.h"
#include "study/writers/format.h"
#include "validation/calibration/normal_equations.h"

namespace cotenant {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kMost = 1e15;

std::vector<DirectionPart> parts_of(const VectorXd& direction) {
  std::vector<DirectionPart> parts;
  const double most = direction.cwiseAbs().maxCoeff();
  for (Index i = 0; i < direction.size(); ++i) {
    if (std::abs(direction(i)) >= 0.1 * most) {
      parts.push_back({static_cast<std::size_t>(i), direction(i)});
    }
  }
  std::stable_sort(parts.begin(), parts.end(), [](const DirectionPart& a, const DirectionPart& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  if (parts.front().weight < 0) {
    for (DirectionPart& part : parts) part.weight = -part.weight;
  }
  return parts;
}

// "\"a\", \"b\" and \"c\"".
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "" : i + 1 < names.size() ? ", " : " and ";
    text += fmt::format("\"{}\"", names[i]);
  }
  return text;
}

std::vector<std::string> named(const Collinearity& found, const std::vector<std::string>& names) {
  std::vector<std::string> of;
  for (const DirectionPart& part : found.direction) of.push_back(names[part.column]);
  return of;
}

}  // namespace

Collinearity collinearity(const MatrixXd& matrix) {
  COTENANT_ASSERT(matrix.cols() > 0);
  MatrixXd scaled = matrix;
  unit_columns(scaled);
  if (scaled.rows() > scaled.cols()) {
    const Eigen::HouseholderQR<MatrixXd> qr(scaled);
    scaled = MatrixXd(qr.matrixQR().topRows(scaled.cols()).triangularView<Eigen::Upper>());
  }
  const Eigen::JacobiSVD<MatrixXd> svd(scaled, Eigen::ComputeFullV);
  Collinearity found;
  for (Index i = 0; i < matrix.cols(); ++i) {
    found.singular_values.push_back(i < svd.singularValues().size() ? svd.singularValues()(i) : 0);
  }
  const double smallest = found.singular_values.back();
  const double largest = found.singular_values.front();
  found.condition = smallest > largest / kMost ? largest / smallest : kMost;
  found.index = smallest > 1 / kMost ? 1 / smallest : kMost;
  found.direction = parts_of(svd.matrixV().col(matrix.cols() - 1));
  return found;
}

std::string collinear_classes_in_words(const Collinearity& found,
                                       const std::vector<std::string>& names,
                                       const std::string& quantity) {
  // In the order of the columns: weights of two that rise together are the same but for rounding.
  Collinearity ordered = found;
  std::sort(ordered.direction.begin(), ordered.direction.end(),
            [](const DirectionPart& x, const DirectionPart& y) { return x.column < y.column; });
  const std::vector<std::string> of = named(ordered, names);
  if (of.size() == 1) {
    return fmt::format(
        "The {} of {} cannot be known: hardly any of its requests were seen; "
        "record while they come.",
        quantity, listed(of));
  }
  return fmt::format(
      "The {} of {} cannot be told apart: their requests rise and fall together in every window "
      "(condition number {}); a recording in which only one of them comes would tell.",
      quantity, listed(of), found.condition < kMost ? significant(found.condition) : "infinite");
}

std::string collinear_parameters_in_words(const Collinearity& found,
                                          const std::vector<std::string>& names,
                                          const MatrixXd& jacobian) {
  const std::vector<std::string> of = named(found, names);
  if (of.size() == 1) {
    return fmt::format("Nothing that was measured depends on {}.", listed(of));
  }
  // Weights are of columns of norm 1; the parameters themselves move the more, the less they do.
  const auto moves = [&](const DirectionPart& part) {
    return part.weight / norm(jacobian.col(static_cast<Index>(part.column)));
  };
  const double first = moves(found.direction.front());
  std::string others;
  for (std::size_t i = 1; i < found.direction.size(); ++i) {
    const double percent = 10 * moves(found.direction[i]) / first;
    others += i == 1 ? "" : i + 1 < found.direction.size() ? ", " : " and ";
    others += fmt::format("{} % {} of \"{}\"", significant(std::abs(percent)),
                          percent > 0 ? "more" : "less", of[i]);
  }
  return fmt::format(
      "{} cannot be told apart: 10 % more of \"{}\" and {} leave all that was "
      "measured as it is (collinearity index {}).",
      listed(of), of.front(), others, found.index < kMost ? significant(found.index) : "infinite");
}

}  // namespace cotenant
