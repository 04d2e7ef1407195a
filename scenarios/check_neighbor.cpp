// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_neighbor.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/check_points.h"

namespace cotenant {
namespace {

bool has_times_on_and_off(const Neighbor& neighbor) {
  return neighbor.pattern && std::holds_alternative<OnOff>(*neighbor.pattern);
}

void check_pattern(Checker& checker, const std::string& pointer, const OnOff& pattern) {
  check_law(checker, pointer + "/on", pattern.on, false);
  check_law(checker, pointer + "/off", pattern.off, false);
}
void check_pattern(Checker&, const std::string&, const RecordedBursts&) {}

void check_load(Checker& checker, const std::string& pointer, const LoadProfile& profile) {
  check_times(checker, pointer, profile, "load");
  const std::vector<LoadFactor>& points = profile.points;
  if (std::none_of(points.begin(), points.end(),
                   [](const auto& each) { return each.factor > 0; })) {
    checker.problem(pointer + "/points", "at least one factor must be above 0");
  }
}
void check_load(Checker&, const std::string&, const RecordedLoad&) {}

// A load that changes does so by longer and shorter pauses between bursts.
void check_pauses(Checker& checker, const std::string& pointer, const Neighbor& neighbor) {
  if (!has_times_on_and_off(neighbor)) {
    return checker.problem(pointer + "/load",
                           "needs a pattern of times on and off, which says how long bursts are");
  }
  const OnOff& pattern = std::get<OnOff>(*neighbor.pattern);
  for (const auto& [key, law] : {std::pair("on", &pattern.on), std::pair("off", &pattern.off)}) {
    if (!is_zero(*law)) continue;
    checker.problem(pointer + "/pattern/" + key,
                    "must be above zero on average, because the load changes");
  }
}

void check_neighbor(Checker& checker, const std::string& pointer, const Neighbor& neighbor) {
  if (neighbor.box_cv > 0 && !has_times_on_and_off(neighbor)) {
    checker.problem(pointer + "/box_cv",
                    "needs a pattern of times on and off: others want as much in every box");
  }
  if (neighbor.slowdown > 0 && neighbor.files) {
    checker.problem(pointer + "/slowdown", "is of neighbors that want CPU; this one uses files");
  }
  if (neighbor.pattern) {
    const std::string place = pointer + "/pattern";
    std::visit([&](const auto& kind) { check_pattern(checker, place, kind); }, *neighbor.pattern);
  }
  const std::string place = pointer + "/load";
  if (neighbor.load && checker.sound(place)) {
    check_pauses(checker, pointer, neighbor);
    std::visit([&](const auto& kind) { check_load(checker, place, kind); }, *neighbor.load);
  }
}

}  // namespace

void check_neighbors(Checker& checker, const std::string& pointer,
                     const Named<Neighbor>& neighbors) {
  for (const auto& [name, neighbor] : neighbors) {
    check_neighbor(checker, pointer + "/neighbors" + pointer_token(name), neighbor);
  }
}

}  // namespace cotenant
