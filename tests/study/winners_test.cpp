// SPDX-License-Identifier: Apache-2.0
//
// The answer of each shipped comparison that has one, because its setups have prices, is the same
// for 95 of 100 seeds. An hour and a half of two cores.
#include <gtest/gtest.h>

#include "tests/study/winners.h"

namespace cotenant {
namespace {

struct Answer {
  const char* file;
  const char* winner;
};

class Winners : public ::testing::TestWithParam<Answer> {};

TEST_P(Winners, AreNotLuck) { EXPECT_GE(wins(GetParam().file, GetParam().winner, 200), 190u); }

INSTANTIATE_TEST_SUITE_P(
    OfShippedComparisons, Winners,
    ::testing::Values(Answer{"web-shop.json", "small-vps"},
                      Answer{"vps-and-neighbors.json", "crowded"},
                      Answer{"replicas-roulette.json", "fewest requests"},
                      Answer{"retry-budget.json", "small"}, Answer{"retry-storm.json", "large"},
                      Answer{"sixteen-workers.json", "twelve workers"},
                      Answer{"thrash-with-swap.json", "swap for what nobody uses"}));

}  // namespace
}  // namespace cotenant
