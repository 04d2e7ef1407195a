// SPDX-License-Identifier: Apache-2.0
//
// Every file of tests/scenarios/invalid is refused with exactly the messages of expected.txt there.
// After an intended change of messages, run this test with COTENANT_UPDATE=1 and review the
// difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "scenarios/decode.h"
#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

constexpr const char* kFolder = "tests/scenarios/invalid";

std::string messages_of(const std::string& name) {
  const Checked<Scenario> scenario = decode(test::read_source(std::string(kFolder) + '/' + name));
  return render(scenario.diagnostics(), name);
}

// The lines of the text that are about the file.
std::string lines_of(const std::string& text, const std::string& name) {
  std::string lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::string line = text.substr(at, end - at);
    if (line.rfind(name + ':', 0) == 0) lines += line;
    at = end;
  }
  return lines;
}

TEST(InvalidScenarios, AreRefusedWithExactMessages) {
  const std::vector<std::string> names = test::list_sources(kFolder, ".json");
  EXPECT_GE(names.size(), 80u);
  std::string all;
  for (const std::string& name : names) all += messages_of(name);
  if (std::getenv("COTENANT_UPDATE") != nullptr) {
    std::ofstream(std::string(COTENANT_SOURCE_DIR) + '/' + kFolder + "/expected.txt") << all;
  }
  const std::string expected = test::read_source(std::string(kFolder) + "/expected.txt");
  for (const std::string& name : names) {
    EXPECT_FALSE(messages_of(name).empty()) << name << " is accepted";
    EXPECT_EQ(messages_of(name), lines_of(expected, name));
  }
  EXPECT_EQ(all, expected);  // nothing is left over from a file that is gone
}

}  // namespace
}  // namespace cotenant
