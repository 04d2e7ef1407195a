// SPDX-License-Identifier: Apache-2.0
//
// All experiments, one test each.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/coverage/cases.h"

namespace cotenant::coverage {
namespace {

class CoverageExperiment : public testing::TestWithParam<Case> {};

TEST_P(CoverageExperiment, KeepsItsGates) {
  for (const Gate& gate : GetParam().run()) {
    std::cout << gate.what << ": " << gate.measured_text() << " (" << gate.range_text() << ")\n";
    EXPECT_TRUE(gate.passed()) << GetParam().description << ": " << gate.what << " is "
                               << gate.measured_text() << ", not " << gate.range_text();
  }
}

INSTANTIATE_TEST_SUITE_P(All, CoverageExperiment, testing::ValuesIn(all_cases()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace cotenant::coverage
