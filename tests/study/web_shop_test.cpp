// SPDX-License-Identifier: Apache-2.0
//
// The comparison that is shipped: setups of all kinds, and an answer that is not luck.
// winners_test.cpp tries 200 seeds.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "study/objectives.h"
#include "tests/study/winners.h"

namespace cotenant {
namespace {

TEST(WebShop, HasTheSameWinnerForOtherSeeds) {
  EXPECT_EQ(wins("web-shop.json", "small-vps", 2), 2u);
}

TEST(WebShop, HasSetupsOfAllKinds) {
  const Report report = run_twice(shipped("web-shop.json"));
  EXPECT_GE(report.setups.size(), 6u);
  std::map<std::string, Verdict> verdicts;
  for (const SetupReport& setup : report.setups) {
    ASSERT_TRUE(setup.plan.has_value());
    EXPECT_FALSE(setup.plan->scaling.empty());
    verdicts[setup.name] = verdict_of(setup);
  }
  EXPECT_EQ(verdicts["small-vps"], Verdict::met);
  EXPECT_EQ(verdicts["dedicated"], Verdict::met);
  EXPECT_EQ(verdicts["paas"], Verdict::missed);
}

}  // namespace
}  // namespace cotenant
