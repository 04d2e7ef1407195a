// SPDX-License-Identifier: Apache-2.0
//
// The pass rule of the oracles, conventions.pass_rule in their file: close enough, and precise
// enough that being close means something.
#pragma once

#include "tests/oracle/row.h"
#include "tests/oracle/simulation.h"

namespace cotenant::oracle {

struct Judgment {
  double expected = 0;
  Estimate estimate;
  double tolerance = 0;  // of the row, absolute
  bool close = false;    // |estimate - expected| <= max(tolerance, 4 errors)
  bool precise = false;  // 4 errors <= 2 tolerances
  bool passed() const { return close && precise; }
  // |estimate - expected| as a part of what is allowed.
  double used() const;
};

Judgment judge(const Row& row, double expected, const Estimate& estimate);

}  // namespace cotenant::oracle
