// SPDX-License-Identifier: Apache-2.0
//
// Which slips of the keyboard get a suggestion, and which texts do not.
#include "scenarios/nearest.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

const std::vector<std::string_view> kNames = {"workers", "backlog", "overhead",
                                              "limit_concurrency"};

TEST(NearestName, FindsEachKindOfSlip) {
  EXPECT_EQ(nearest_name("worker", kNames), "workers");    // one missing
  EXPECT_EQ(nearest_name("workerss", kNames), "workers");  // one too many
  EXPECT_EQ(nearest_name("wirkers", kNames), "workers");   // one wrong
  EXPECT_EQ(nearest_name("owrkers", kNames), "workers");   // two swapped
  EXPECT_EQ(nearest_name("Workers", kNames), "workers");   // case
  EXPECT_EQ(nearest_name("limit-concurrency", kNames), "limit_concurrency");
  EXPECT_EQ(nearest_name("limit_concurency", kNames), "limit_concurrency");
}

TEST(NearestName, SuggestsNothingThatIsFarAway) {
  EXPECT_EQ(nearest_name("threads", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("workers", {}), "");
  EXPECT_EQ(nearest_name("x", {"h", "d"}), "");  // half of a name must stay
  EXPECT_EQ(nearest_name("/s", {"ns"}), "");
}

TEST(NearestName, SwapCostsOneEdit) {
  // As two substitutions "corse" would be as far from "cores" as from "curve", named first.
  EXPECT_EQ(nearest_name("corse", {"curve", "cores"}), "cores");
}

TEST(NearestName, TiesGoToTheFirst) {
  EXPECT_EQ(nearest_name("latency_p59", {"latency_p50", "latency_p99"}), "latency_p50");
}

TEST(NearestName, IgnoresVeryLongNames) {
  const std::string name(65, 'a');
  EXPECT_EQ(nearest_name(name, {name}), "");
}

}  // namespace
}  // namespace cotenant
