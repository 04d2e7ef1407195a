// SPDX-License-Identifier: Apache-2.0
//
// The seeds of the fuzzers, and all scenarios of the tests, cut and spoiled in fixed ways, against
// the same laws, in every ordinary test run.
#include <gtest/gtest.h>

#include "tests/fuzz/import_law.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/recording_law.h"
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

using Law = std::string (*)(std::string_view);

void expect_lawful(const std::string& folder, Law broken_law) {
  std::size_t files = 0;
  for (const std::string& name : test::list_sources(folder, "")) {
    const std::string bytes = test::read_source(folder + '/' + name);
    EXPECT_EQ(broken_law(bytes), "") << name;
    // Cut off and spoiled in fixed ways.
    for (std::size_t i = 0; i < bytes.size(); i += 7) {
      ASSERT_EQ(broken_law(bytes.substr(0, i)), "") << name << ", " << i;
      std::string spoiled = bytes;
      spoiled[i] = static_cast<char>(spoiled[i] ^ 0x11);
      ASSERT_EQ(broken_law(spoiled), "") << name << ", " << i;
    }
    ++files;
  }
  EXPECT_GT(files, 4u);
}

TEST(TraceCorpus, KeepsTheLaw) { expect_lawful("tests/fuzz/corpus/trace", test::broken_trace_law); }

TEST(ImportCorpus, KeepsTheLaw) {
  expect_lawful("tests/fuzz/corpus/import", test::broken_import_law);
}

TEST(ImportCorpus, KeepsTheLawWhenMutated) {
  constexpr std::uint64_t kMutations = 100;
  for (const std::string& name : test::list_sources("tests/fuzz/corpus/import", "")) {
    const std::string text = test::read_source("tests/fuzz/corpus/import/" + name);
    for (std::uint64_t number = 0; number < kMutations; ++number) {
      ASSERT_EQ(test::broken_import_law(test::mutated(text, number)), "") << name << ", " << number;
    }
  }
}

TEST(BundleCorpus, KeepsTheLaw) {
  expect_lawful("tests/fuzz/corpus/bundle", test::broken_bundle_law);
}

TEST(CaptureCorpus, KeepsTheLaw) {
  expect_lawful("tests/fuzz/corpus/capture", test::broken_capture_law);
}

}  // namespace
}  // namespace cotenant
