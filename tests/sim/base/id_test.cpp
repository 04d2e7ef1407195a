// SPDX-License-Identifier: Apache-2.0
//
// The vector of one kind of id: it keeps its size beside the values, so what copies, moves and
// grows it must keep the two in step. That ids of different kinds do not mix is the compiler's
// business.
#include "sim/base/id.h"

#include <gtest/gtest.h>

#include <utility>

namespace cotenant {
namespace {

using Place = Id<struct PlaceTag>;
using Places = IdVector<Place, int>;

Places three() {
  Places places;
  for (const int value : {10, 11, 12}) places.push_back(value);
  return places;
}

TEST(IdVector, FindsWhatWasPutIn) {
  Places places = three();
  EXPECT_EQ(places.size(), 3u);
  EXPECT_EQ(places[Place(2)], 12);
  EXPECT_EQ(places.push_back(13), Place(3));
  EXPECT_EQ(places[Place(3)], 13);
}

TEST(IdVector, RefusesIdsBeyondItsEndAndNone) {
  const Places places = three();
  EXPECT_THROW(places[Place(3)], Bug);
  EXPECT_THROW(places[Place::none()], Bug);
  EXPECT_THROW(Places()[Place(0)], Bug);
}

TEST(IdVector, WhatWasMovedFromIsEmpty) {
  Places from = three();
  const Places to = std::move(from);
  EXPECT_EQ(to[Place(1)], 11);
  EXPECT_TRUE(from.empty());
  EXPECT_THROW(from[Place(0)], Bug);
}

TEST(IdVector, AssignmentTakesTheSizeWithIt) {
  Places longer = three();
  Places shorter(1, 7);
  const Places kept = shorter;
  shorter = longer;  // a copy: both have three now
  EXPECT_EQ(shorter[Place(2)], 12);
  EXPECT_EQ(longer[Place(2)], 12);
  longer = kept;
  EXPECT_EQ(longer.size(), 1u);
  EXPECT_THROW(longer[Place(1)], Bug);
  shorter = std::move(longer);
  EXPECT_EQ(shorter[Place(0)], 7);
  EXPECT_TRUE(longer.empty());
}

}  // namespace
}  // namespace cotenant
