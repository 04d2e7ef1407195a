// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/judge.h"

#include <algorithm>
#include <cmath>

namespace cotenant::oracle {
namespace {

constexpr double kErrors = 4;  // standard errors, conventions.pass_rule

// The file's rule for deterministic values that are zero.
constexpr double kAbsoluteAtZero = 1e-9;

double tolerance_of(const Row& row, double expected) {
  const double tolerance = std::max(row.absolute, row.relative * std::abs(expected));
  return tolerance > 0 ? tolerance : kAbsoluteAtZero;
}

}  // namespace

Judgment judge(const Row& row, double expected, const Estimate& estimate) {
  Judgment judgment{expected, estimate, tolerance_of(row, expected), false, false};
  judgment.close = judgment.used() <= 1;
  judgment.precise = kErrors * estimate.error <= 2 * judgment.tolerance;
  return judgment;
}

double Judgment::used() const {
  return std::abs(estimate.value - expected) / std::max(tolerance, kErrors * estimate.error);
}

}  // namespace cotenant::oracle
