// SPDX-License-Identifier: Apache-2.0
//
// Rewrites the part of docs/validation.md about coverage, when COTENANT_COVERAGE_TABLE=1 asks for
// it: runs everything, so it takes as long as all experiments together.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/coverage/cases.h"

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

std::string read(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(CoverageTable, IsRewritten) {
  if (std::getenv("COTENANT_COVERAGE_TABLE") == nullptr) GTEST_SKIP() << "not asked for";
  const std::string file = std::string(COTENANT_SOURCE_DIR) + "/docs/validation.md";
  const std::string measured = table();
  // Much later: other parts of the page may have been edited meanwhile.
  const std::string old = read(file);
  const std::size_t begin = old.find(kBegin), end = old.find(kEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos);
  std::ofstream(file) << old.substr(0, begin) << kBegin << "\n"
                      << measured << "\n"
                      << old.substr(end);
}

}  // namespace
}  // namespace cotenant::coverage
