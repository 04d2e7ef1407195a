// SPDX-License-Identifier: Apache-2.0
//
// A thousand mutations of the shipped scenarios, and tests of what makes and judges them.
#include <gtest/gtest.h>

#include <set>

#include "tests/fuzz/mutate.h"
#include "tests/fuzz/mutation_law.h"
#include "tests/scenarios/files.h"

namespace cotenant::test {
namespace {

TEST(MutationSample, AThousandAreRefusedWithAPlaceOrRun) {
  const std::vector<std::string> files = scenarios_to_mutate();
  const std::uint64_t each = 1000 / files.size() + 1;
  Mutations all;
  for (const std::string& file : files) {
    Mutations counts;
    ASSERT_NO_THROW(counts = mutate(file, 1'000'000, each, 5)) << file;
    all.refused += counts.refused;
    all.compiled += counts.compiled;
    all.ran += counts.ran;
  }
  // A mutator that breaks everything, or nothing, would test one half of the law only.
  EXPECT_GT(all.refused, 300);
  EXPECT_GT(all.compiled, 50);
  EXPECT_GT(all.ran, 10);
}

TEST(Mutated, IsTheSameForTheSameNumberAndMostlyAnotherForAnother) {
  const std::string text = minimal_scenario();
  std::set<std::string> different;
  for (std::uint64_t number = 0; number < 500; ++number) {
    const std::string once = mutated(text, number);
    EXPECT_EQ(once, mutated(text, number));
    different.insert(once);
  }
  EXPECT_GT(different.size(), 250u);  // there are not that many other digits in it
}

TEST(Mutated, TextsOfAnyKindSurviveIt) {
  for (const std::string text : {"", "\"", "{\"a\": ", "[[[", "\\", "{\"a\":1}"}) {
    for (std::uint64_t number = 0; number < 500; ++number) mutated(text, number);
  }
}

}  // namespace
}  // namespace cotenant::test
