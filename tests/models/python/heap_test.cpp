// SPDX-License-Identifier: Apache-2.0
//
// When CPython's garbage collector looks at which objects, and for how long: python-servers.md 4.1
// and, by hand, the rules of collect_generations() in Modules/gcmodule.c.
#include "models/python/heap.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

constexpr CpuTime ms(double milliseconds) {
  return CpuTime(static_cast<std::int64_t>(milliseconds * 1e6));
}

// One collection for each request, which leaves all of its objects to the next one.
CollectorSpec all_cycles(std::int64_t objects) {
  CollectorSpec spec;
  spec.objects = objects;
  spec.per_request = spec.cycles = spec.threshold + 1;
  return spec;
}

CpuTime serve(Heap& heap) {
  const CpuTime cost = heap.make();
  heap.drop();
  return cost;
}
CpuTime serve(Heap& heap, int requests) {
  CpuTime last;
  for (int i = 0; i < requests; ++i) last = serve(heap);
  return last;
}

TEST(CostOfCollections, IsThatOfTheRecordings) {
  EXPECT_EQ(cost_of_looking_at(0), CpuTime(0));
  EXPECT_EQ(cost_of_looking_at(35'000), ms(1.7));
  EXPECT_EQ(cost_of_looking_at(215'000), ms(14));
  EXPECT_EQ(cost_of_looking_at(1'000'000), ms(86));
  EXPECT_EQ(cost_of_looking_at(2'000'000), ms(156));
  EXPECT_EQ(cost_of_looking_at(607'500), ms(50));  // halfway
  EXPECT_EQ(cost_of_looking_at(3'000'000), ms(226));
}

// Measured: at most 0.09 and 1.1 ms.
TEST(CostOfCollections, OfYoungOnesIsSmall) {
  EXPECT_LT(cost_of_looking_at(701), ms(0.09));
  EXPECT_LT(cost_of_looking_at(12 * 701), ms(1.1));
}

// What reference counts free is taken off the count: request after request begins at zero.
TEST(Collections, AreNotCausedByWhatIsFreedInTime) {
  CollectorSpec spec;
  spec.per_request = 700;
  Heap heap(spec);
  EXPECT_EQ(serve(heap, 1000), CpuTime(0));
  EXPECT_EQ(heap.collections(0), 0);
}

// 20 objects in cycles are left each time: the 36th request finds 700 of them, and its own are too
// many.
TEST(Collections, AreCausedByCycles) {
  CollectorSpec spec;
  spec.per_request = spec.cycles = 20;
  Heap heap(spec);
  EXPECT_EQ(serve(heap, 35), CpuTime(0));
  EXPECT_EQ(serve(heap), cost_of_looking_at(701));
  EXPECT_EQ(heap.collections(0), 1);
}

// Eleven of the youngest, and the twelfth is of the two younger generations. It sees what the first
// eleven have left to it, and its own.
TEST(Collections, OfTheMiddleAreTheTwelfth) {
  const CollectorSpec spec = all_cycles(30'000);
  Heap heap(spec);
  EXPECT_EQ(serve(heap, 11), cost_of_looking_at(701));
  EXPECT_EQ(heap.collections(1), 0);
  EXPECT_EQ(serve(heap), cost_of_looking_at(12 * 701));
  EXPECT_EQ(heap.collections(0), 11);
  EXPECT_EQ(heap.collections(1), 1);
}

// After eleven of these, 132 in all, everything is due. By then 11 times 701 objects have grown
// old, which is a quarter of 30'000; of 40'000 it is not before fifteen times.
TEST(Collections, OfEverythingWaitForAQuarter) {
  const CollectorSpec spec_of_small = all_cycles(30'000);
  Heap small(spec_of_small);
  EXPECT_LT(serve(small, 132), ms(0.5));
  EXPECT_GT(serve(small), cost_of_looking_at(30'000));
  EXPECT_EQ(small.collections(2), 1);

  const CollectorSpec spec_of_large = all_cycles(40'000);
  Heap large(spec_of_large);
  serve(large, 180);
  EXPECT_EQ(large.collections(2), 0);
  EXPECT_GT(serve(large), cost_of_looking_at(40'000));
  EXPECT_EQ(large.collections(2), 1);
}

// Measured: 600 k objects, and a full pass of 0.01 ms. There are more of these, but no long ones.
TEST(Collections, DoNotSeeWhatIsFrozen) {
  CollectorSpec spec = all_cycles(600'000);
  spec.frozen = true;
  Heap heap(spec);
  serve(heap, 132);
  EXPECT_LT(serve(heap), ms(1));
  EXPECT_EQ(heap.collections(2), 1);
}

// Measured: eight of them while a million objects are made and kept.
TEST(Collections, OfEverythingAreEightInAMillion) {
  CollectorSpec spec;
  spec.objects = 10'000;
  spec.per_request = 1'000'000;
  Heap heap(spec);
  heap.make();
  EXPECT_EQ(heap.collections(2), 8);
}

// Python 3.13: 2000 instead of 700.
TEST(Collections, AreAThirdSinceThreeThirteen) {
  CollectorSpec old;
  old.per_request = 100'000;
  CollectorSpec young = old;
  young.threshold = 2000;
  Heap before(old), since(young);
  before.make();
  since.make();
  EXPECT_EQ(before.collections(0) + before.collections(1) + before.collections(2), 142);
  EXPECT_EQ(since.collections(0) + since.collections(1) + since.collections(2), 49);
}

// A new process has its objects, and nothing of the requests before.
TEST(Collections, BeginAnewInAnotherProcess) {
  const CollectorSpec spec = all_cycles(30'000);
  Heap heap(spec);
  serve(heap, 132);
  heap.begin_anew();
  EXPECT_EQ(serve(heap, 11), cost_of_looking_at(701));
  EXPECT_EQ(heap.collections(2), 0);
}

}  // namespace
}  // namespace cotenant
