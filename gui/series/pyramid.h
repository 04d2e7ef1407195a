// SPDX-License-Identifier: GPL-3.0-or-later
//
// A long series, ready to be drawn in any width: for each pixel column the first, the lowest, the
// highest and the last of its points, so that no peak is lost and no chart is given more than it
// can show. Lowest and highest of blocks of 2, 4, 8 … points are kept, so that a column costs a few
// looks however many points lie in it.
#pragma once

#include <cstddef>
#include <vector>

namespace cotenant::gui {

struct Point {
  double x = 0;
  double y = 0;

  friend bool operator==(const Point&, const Point&) = default;
};

class Pyramid {
 public:
  // By increasing x.
  explicit Pyramid(std::vector<Point> points);

  std::size_t size() const { return points_.size(); }
  const std::vector<Point>& points() const { return points_; }

  // What to draw of [from, to] in that many columns: at most four points for each, in order, and
  // the neighbors outside, so that lines leave the picture where they should.
  std::vector<Point> view(double from, double to, std::size_t columns) const;

 private:
  // Indices of points.
  struct Extremes {
    std::size_t lowest, highest;
  };

  Extremes extremes(std::size_t begin, std::size_t end) const;
  Extremes joined(Extremes a, Extremes b) const;
  void add_column(std::size_t begin, std::size_t end, std::vector<Point>& drawn) const;

  std::vector<Point> points_;
  std::vector<std::vector<Extremes>> levels_;  // levels_[k][i]: of points i 2^(k+1) and on
};

}  // namespace cotenant::gui
