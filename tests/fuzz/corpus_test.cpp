// SPDX-License-Identifier: Apache-2.0
//
// The seeds of the fuzzer, and all scenarios of the tests cut and spoiled in fixed ways, against
// the same law, in every ordinary test run.
#include <gtest/gtest.h>

#include "tests/fuzz/scenario_law.h"
#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

TEST(ScenarioCorpus, KeepsTheLaw) {
  std::size_t files = 0;
  for (const std::string folder :
       {"tests/fuzz/corpus/scenario", "tests/scenarios/valid", "tests/scenarios/invalid"}) {
    for (const std::string& name : test::list_sources(folder, ".json")) {
      EXPECT_EQ(test::broken_scenario_law(test::read_source(folder + '/' + name)), "") << name;
      ++files;
    }
  }
  EXPECT_GT(files, 100u);
}

TEST(ScenarioCorpus, KeepsTheLawWhenSpoiled) {
  // One byte replaced at every place by each of these: syntax, digits, units and UTF-8 all break.
  const std::string spoilers("\"{}[],:0-9sm\\\n\x00\xc3", 17);
  const std::string text = test::minimal_scenario();
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char spoiler : spoilers) {
      std::string spoiled = text;
      spoiled[i] = spoiler;
      ASSERT_EQ(test::broken_scenario_law(spoiled), "") << spoiled;
    }
    ASSERT_EQ(test::broken_scenario_law(text.substr(0, i)), "") << i;
  }
}

}  // namespace
}  // namespace cotenant
