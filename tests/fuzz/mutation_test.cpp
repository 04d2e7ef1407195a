// SPDX-License-Identifier: Apache-2.0
//
// Every shipped scenario mutated 100,000 times, against the same law as the sample.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/fuzz/mutation_law.h"

namespace cotenant::test {
namespace {

constexpr std::uint64_t kMutations = 100'000;

class MutationOf : public ::testing::TestWithParam<std::string> {};

TEST_P(MutationOf, IsRefusedWithAPlaceOrRuns) {
  Mutations counts;
  ASSERT_NO_THROW(counts = mutate(GetParam(), 0, kMutations, 50));
  std::cout << counts.refused << " refused, " << counts.without_file << " name a file that is not "
            << "there, " << counts.not_compiled << " disagree with a recording, " << counts.compiled
            << " compiled, of which " << counts.ran << " ran\n";
  EXPECT_GT(counts.refused, 20'000);
  EXPECT_GT(counts.compiled, 1'000);
}

std::string name_of(const ::testing::TestParamInfo<std::string>& file) {
  std::string name = file.param.substr(file.param.rfind('/') + 1);
  name.erase(name.find('.'));
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shipped, MutationOf, ::testing::ValuesIn(scenarios_to_mutate()), name_of);

}  // namespace
}  // namespace cotenant::test
