// SPDX-License-Identifier: Apache-2.0
//
// What uWSGI's cheaper algorithms decide, look by look.
#include "models/server/cheaper.h"

#include <gtest/gtest.h>

#include <vector>

namespace cotenant {
namespace {

constexpr CheaperView kAllBusy{.active = 2, .busy = 2, .stopped = 3, .queued = 1};
constexpr CheaperView kOneFree{.active = 3, .busy = 2, .stopped = 2, .queued = 0};
constexpr CheaperView kAllFree{.active = 5, .busy = 0, .stopped = 0, .queued = 0};

std::vector<std::int32_t> decisions(const CheaperSpec& spec,
                                    const std::vector<CheaperView>& views) {
  Cheaper cheaper;
  std::vector<std::int32_t> each;
  for (const CheaperView& view : views) each.push_back(cheaper.decide(spec, view));
  return each;
}

using Decisions = std::vector<std::int32_t>;

// More than three looks, and then it counts from the start.
TEST(CheaperSpare, StartsAfterMoreLooksThanTheOverload) {
  EXPECT_EQ(decisions({}, std::vector<CheaperView>(9, kAllBusy)),
            (Decisions{0, 0, 0, 1, 0, 0, 0, 1, 0}));
}

// Each look that finds one free takes one back: 1, 2, 1, 2, 3, 4.
TEST(CheaperSpare, ForgetsOneLookForEachThatFindsOneFree) {
  EXPECT_EQ(decisions({}, {kAllBusy, kAllBusy, kOneFree, kAllBusy, kAllBusy, kAllBusy}),
            (Decisions{0, 0, 0, 0, 0, 1}));
}

TEST(CheaperSpare, StartsAtMostAStep) {
  CheaperSpec spec;
  spec.overload = 1;
  spec.step = 2;
  EXPECT_EQ(decisions(spec, {kAllBusy, kAllBusy}), (Decisions{0, 2}));
  spec.step = 9;
  EXPECT_EQ(decisions(spec, {kAllBusy, kAllBusy}), (Decisions{0, 3}));
}

TEST(CheaperSpare, KeepsExactlyOneFree) {
  EXPECT_EQ(decisions({}, std::vector<CheaperView>(9, kOneFree)), Decisions(9, 0));
}

// Every third look, as long as there are more than the least.
TEST(CheaperSpare, EndsOneOfSeveralFreeNowAndThen) {
  EXPECT_EQ(decisions({}, std::vector<CheaperView>(7, kAllFree)),
            (Decisions{0, 0, -1, 0, 0, -1, 0}));
  CheaperSpec five;
  five.workers = 5;
  EXPECT_EQ(decisions(five, std::vector<CheaperView>(7, kAllFree)), Decisions(7, 0));
}

// Nobody free begins the count of looks with several free anew.
TEST(CheaperSpare, CountsIdleLooksFromTheLastOverload) {
  EXPECT_EQ(decisions({}, {kAllFree, kAllFree, kAllBusy, kAllFree, kAllFree, kAllFree}),
            (Decisions{0, 0, 0, 0, 0, -1}));
}

TEST(CheaperBacklog, FollowsTheAcceptQueue) {
  const CheaperSpec spec{CheaperAlgorithm::backlog, 1, 33, 2};
  CheaperView view{.active = 3, .busy = 3, .stopped = 4, .queued = 34};
  EXPECT_EQ(decisions(spec, {view, view}), (Decisions{2, 2}));
  view.queued = 33;
  EXPECT_EQ(decisions(spec, {view}), Decisions{0});
  view.queued = 32;
  EXPECT_EQ(decisions(spec, {view, view}), (Decisions{-1, -1}));
  view.active = 1;
  EXPECT_EQ(decisions(spec, {view}), Decisions{0});
}

}  // namespace
}  // namespace cotenant
