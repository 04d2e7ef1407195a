// SPDX-License-Identifier: Apache-2.0
//
// The coverage experiments, each a function that runs studies and returns what they must show. All
// together cost some 20 minutes of CPU.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/coverage/gates.h"

namespace cotenant::coverage {

struct Case {
  std::string name;         // of the test
  std::string description;  // of the row in docs/validation.md
  Gates (*run)();
};

const std::vector<Case>& all_cases();

// GoogleTest would print the bytes.
inline void PrintTo(const Case& one, std::ostream* out) { *out << one.description; }

}  // namespace cotenant::coverage
