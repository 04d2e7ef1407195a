// SPDX-License-Identifier: Apache-2.0
//
// Checks of what is said by points [at, …] in time: rates of arrivals, loads of neighbors.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {

// Of `profile`, which has points and may repeat them; `pointer` is its place. `what` it is called.
template <class Profile>
void check_times(Checker& checker, const std::string& pointer, const Profile& profile,
                 const char* what) {
  const auto& points = profile.points;
  const auto at = [&](std::size_t i) { return pointer + "/points/" + std::to_string(i) + "/0"; };
  if (!points.front().at.is_zero()) {
    checker.problem(at(0), "the first point must be at 0s, got " + to_text(points[0].at), "0s");
  }
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].at > points[i - 1].at) continue;
    checker.problem(at(i), fmt::format("times must increase, got {} after {}",
                                       to_text(points[i].at), to_text(points[i - 1].at)));
    break;
  }
  if (profile.repeat && points.size() < 2) {
    checker.problem(pointer + "/repeat",
                    fmt::format("a {} of one point has nothing to repeat", what));
  }
}

}  // namespace cotenant
