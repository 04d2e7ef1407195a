// SPDX-License-Identifier: Apache-2.0
//
// The rows arranged by simulation: each case is one simulation and all that it checks, so that what
// shares a scenario is simulated once.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/oracle/judge.h"
#include "tests/oracle/row.h"
#include "tests/oracle/simulation.h"

namespace cotenant::oracle {

struct Check {
  Row row;
  double expected = 0;
  Estimator estimator;
};

struct Case {
  std::string name;  // of the first row, fit for a test
  Simulation simulation;
  std::vector<Check> checks;
};

// How the test runner shows a case.
inline void PrintTo(const Case& of, std::ostream* out) { *out << of.name; }

std::vector<Row> all_rows();

// Every row that a family of models knows.
std::vector<Case> all_cases();

// One row or more of every kind of model, at lengths that fit into a minute together.
std::vector<Case> quick_cases();

}  // namespace cotenant::oracle
