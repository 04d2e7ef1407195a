// SPDX-License-Identifier: Apache-2.0
//
// Long series in few points: no peak is lost, and no more is drawn than can be seen.
#include "gui/series/pyramid.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/base/hash.h"

namespace cotenant::gui {
namespace {

std::vector<Point> noise(std::size_t count, std::uint64_t seed) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({static_cast<double>(i), static_cast<double>(mix64(seed + i) % 1000)});
  }
  return points;
}

double highest(const std::vector<Point>& points, double from, double to) {
  double most = -1;
  for (const Point& point : points) {
    if (point.x >= from && point.x <= to) most = std::max(most, point.y);
  }
  return most;
}

TEST(Pyramid, ShowsFewPointsWhole) {
  const std::vector<Point> points = noise(5, 1);
  EXPECT_EQ(Pyramid(points).view(0, 4, 100), points);
}

TEST(Pyramid, DrawsAtMostFourPointsForAColumnAndTheNeighbors) {
  const Pyramid pyramid(noise(100'000, 2));
  EXPECT_LE(pyramid.view(0, 99'999, 300).size(), 4u * 300);
  const auto part = pyramid.view(10'000.5, 20'000.5, 300);
  EXPECT_LE(part.size(), 4u * 300 + 2);
  EXPECT_EQ(part.front().x, 10'000);
  EXPECT_EQ(part.back().x, 20'001);
}

TEST(Pyramid, KeepsTheExtremesOfEachColumn) {
  const std::vector<Point> points = noise(4'097, 3);
  const Pyramid pyramid(points);
  for (const std::size_t columns : {1u, 7u, 64u, 333u}) {
    const auto drawn = pyramid.view(0, 4'096, columns);
    const double width = 4'096.0 / static_cast<double>(columns);
    for (std::size_t column = 0; column < columns; ++column) {
      // Its right end belongs to the next one.
      const double from = width * static_cast<double>(column);
      const double to = column + 1 == columns ? 4'096 : from + width - 1e-9;
      EXPECT_EQ(highest(drawn, from, to), highest(points, from, to)) << columns << " " << column;
    }
  }
}

TEST(Pyramid, IsInOrder) {
  const auto drawn = Pyramid(noise(10'000, 4)).view(100, 9'000, 50);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end(),
                             [](const Point& a, const Point& b) { return a.x < b.x; }));
}

TEST(Pyramid, ShowsNothingOfNothing) {
  EXPECT_TRUE(Pyramid({}).view(0, 1, 10).empty());
  EXPECT_TRUE(Pyramid(noise(3, 5)).view(1, 1, 10).empty());
}

}  // namespace
}  // namespace cotenant::gui
