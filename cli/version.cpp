// SPDX-License-Identifier: Apache-2.0
//
// COTENANT_VERSION and COTENANT_BUILD_TYPE come from cli/CMakeLists.txt; only this file sees them.
#include "cli/version.h"

#include "scenarios/scenario.h"
#include "study/report.h"

namespace cotenant {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "clang++ " __clang_version__;
#else
constexpr const char* kCompiler = "g++ " __VERSION__;
#endif

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

std::string build_text() {
  const std::string build = COTENANT_BUILD_TYPE;
  return std::string(COTENANT_VERSION) + ", " + trimmed(kCompiler) +
         (build.empty() ? "" : ", " + build);
}

std::string version_text() {
  return "cotenant " + build_text() + "\nscenario format " + std::to_string(Scenario().format) +
         ", report format " + std::to_string(kReportFormat) + "\n";
}

}  // namespace cotenant
