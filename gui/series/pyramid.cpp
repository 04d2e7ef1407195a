// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/series/pyramid.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cotenant::gui {

Pyramid::Pyramid(std::vector<Point> points) : points_(std::move(points)) {
  std::vector<Extremes> below(points_.size());
  for (std::size_t i = 0; i < points_.size(); ++i) below[i] = {i, i};
  while (below.size() > 1) {
    std::vector<Extremes> level;
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
      level.push_back(joined(below[i], below[i + 1]));
    }
    levels_.push_back(level);
    below = std::move(level);
  }
}

std::vector<Point> Pyramid::view(double from, double to, std::size_t columns) const {
  std::vector<Point> drawn;
  if (points_.empty() || columns == 0 || !(from < to)) return drawn;
  const auto index_of = [this](double x) {
    const auto found = std::lower_bound(points_.begin(), points_.end(), x,
                                        [](const Point& point, double at) { return point.x < at; });
    return static_cast<std::size_t>(found - points_.begin());
  };
  std::size_t begin = index_of(from);
  if (begin > 0) drawn.push_back(points_[begin - 1]);
  const double width = (to - from) / static_cast<double>(columns);
  for (std::size_t column = 1; column <= columns; ++column) {
    const bool is_last = column == columns;
    std::size_t end = index_of(is_last ? to : from + width * static_cast<double>(column));
    if (is_last && end < points_.size() && points_[end].x == to) ++end;
    add_column(begin, end, drawn);
    begin = std::max(begin, end);
  }
  if (begin < points_.size()) drawn.push_back(points_[begin]);
  return drawn;
}

void Pyramid::add_column(std::size_t begin, std::size_t end, std::vector<Point>& drawn) const {
  if (begin >= end) return;
  const Extremes found = extremes(begin, end);
  std::array<std::size_t, 4> chosen = {begin, found.lowest, found.highest, end - 1};
  std::sort(chosen.begin(), chosen.end());
  const auto last = std::unique(chosen.begin(), chosen.end());
  for (auto index = chosen.begin(); index != last; ++index) drawn.push_back(points_[*index]);
}

// From begin upwards in the largest blocks that begin there and end before the end.
Pyramid::Extremes Pyramid::extremes(std::size_t begin, std::size_t end) const {
  Extremes result{begin, begin};
  while (begin < end) {
    std::size_t level = 0;
    while (level < levels_.size() && begin % (std::size_t{2} << level) == 0 &&
           begin + (std::size_t{2} << level) <= end) {
      ++level;
    }
    const std::size_t length = std::size_t{1} << level;
    const Extremes block = level == 0 ? Extremes{begin, begin} : levels_[level - 1][begin / length];
    result = joined(result, block);
    begin += length;
  }
  return result;
}

// The earlier one of equals.
Pyramid::Extremes Pyramid::joined(Extremes a, Extremes b) const {
  return {points_[b.lowest].y < points_[a.lowest].y ? b.lowest : a.lowest,
          points_[b.highest].y > points_[a.highest].y ? b.highest : a.highest};
}

}  // namespace cotenant::gui
