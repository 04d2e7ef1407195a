// SPDX-License-Identifier: Apache-2.0
//
// Rewrites the part of docs/validation.md about coverage, when COTENANT_COVERAGE_TABLE=1 asks for
// it: runs everything, so it takes as long as all experiments together.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/coverage/cases.h"
#include "tests/support/generated_part.h"

namespace cotenant::coverage {
namespace {

constexpr const char* kBegin = "<!-- coverage: begin (generated) -->\n";
constexpr const char* kEnd = "<!-- coverage: end -->\n";

std::string table() {
  std::string text = "| experiment | figure | measured | gate |\n|---|---|---:|---|\n";
  for (const Case& one : all_cases()) {
    std::string experiment = one.description;
    for (const Gate& gate : one.run()) {
      text += fmt::format("| {} | {} | {}{} | {} |\n", experiment, gate.what, gate.measured_text(),
                          gate.passed() ? "" : " **fails**", gate.range_text());
      experiment.clear();
    }
  }
  return text;
}

TEST(CoverageTable, IsRewritten) {
  if (std::getenv("COTENANT_COVERAGE_TABLE") == nullptr) GTEST_SKIP() << "not asked for";
  const std::string file = std::string(COTENANT_SOURCE_DIR) + "/docs/validation.md";
  const std::string measured = table();
  EXPECT_TRUE(rewrite_between(file, kBegin, kEnd, measured));
}

}  // namespace
}  // namespace cotenant::coverage
