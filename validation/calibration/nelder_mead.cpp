// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/nelder_mead.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cotenant {
namespace {

using Point = std::vector<double>;

struct Corner {
  Point at;
  double cost = 0;
};

class Simplex {
 public:
  explicit Simplex(const SimplexProblem& problem) : problem_(problem) {
    std::vector<Point> points = {problem.start};
    for (std::size_t j = 0; j < problem.start.size(); ++j) {
      points.push_back(problem.start);
      double& moved = points.back()[j];
      moved += moved + problem.size[j] <= problem.high[j] ? problem.size[j] : -problem.size[j];
      moved = std::clamp(moved, problem.low[j], problem.high[j]);
    }
    add(points);
  }

  SimplexResult run() {
    SimplexResult result;
    for (int i = 0; i < problem_.most_steps && !result.converged; ++i) {
      step();
      result.converged = is_small();
    }
    result.at = corners_.front().at;
    result.cost = corners_.front().cost;
    return result;
  }

 private:
  void add(const std::vector<Point>& points) {
    const std::vector<double> costs = problem_.costs(points);
    for (std::size_t i = 0; i < points.size(); ++i) corners_.push_back({points[i], costs[i]});
    sort();
  }
  // Stable: of two equal ones the older stays ahead.
  void sort() {
    std::stable_sort(corners_.begin(), corners_.end(),
                     [](const Corner& a, const Corner& b) { return a.cost < b.cost; });
  }

  // The point on the line from the worst corner through the middle of the others; 1 reflects.
  Corner beyond(double factor) const {
    Corner corner;
    for (std::size_t j = 0; j < problem_.start.size(); ++j) {
      double middle = 0;
      for (std::size_t i = 0; i + 1 < corners_.size(); ++i) middle += corners_[i].at[j];
      middle /= static_cast<double>(corners_.size() - 1);
      const double at = middle + factor * (middle - corners_.back().at[j]);
      corner.at.push_back(std::clamp(at, problem_.low[j], problem_.high[j]));
    }
    corner.cost = problem_.costs({corner.at}).front();
    return corner;
  }

  void step() {
    const Corner reflected = beyond(1);
    const double best = corners_.front().cost;
    const double worst = corners_.back().cost;
    const double second_worst = corners_[corners_.size() - 2].cost;
    if (reflected.cost < best) {
      Corner expanded = beyond(2);
      replace(expanded.cost < reflected.cost ? std::move(expanded) : reflected);
    } else if (reflected.cost < second_worst) {
      replace(reflected);
    } else {
      Corner contracted = beyond(reflected.cost < worst ? 0.5 : -0.5);
      if (contracted.cost < std::min(worst, reflected.cost)) {
        replace(std::move(contracted));
      } else {
        shrink();
      }
    }
  }
  void replace(Corner corner) {
    corners_.back() = std::move(corner);
    sort();
  }
  void shrink() {
    std::vector<Point> points;
    for (std::size_t i = 1; i < corners_.size(); ++i) {
      points.push_back(corners_[i].at);
      for (std::size_t j = 0; j < points.back().size(); ++j) {
        points.back()[j] = (points.back()[j] + corners_.front().at[j]) / 2;
      }
    }
    corners_.resize(1);
    add(points);
  }
  bool is_small() const {
    for (const Corner& corner : corners_) {
      for (std::size_t j = 0; j < corner.at.size(); ++j) {
        if (std::abs(corner.at[j] - corners_.front().at[j]) > problem_.tolerance) return false;
      }
    }
    return true;
  }

  const SimplexProblem& problem_;
  std::vector<Corner> corners_;  // best first
};

}  // namespace

SimplexResult minimize_by_simplex(const SimplexProblem& problem) { return Simplex(problem).run(); }

}  // namespace cotenant
