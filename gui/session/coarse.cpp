// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/coarse.h"

#include <algorithm>

namespace cotenant::gui {
namespace {

// Of all setups together. An event of a server with all that belongs to it takes 0.1 to 0.4 us.
constexpr std::int64_t kEvents = 160'000;
// Of each: fewer requests have no 95th percentile to speak of.
constexpr std::int64_t kLeastEvents = 20'000;
// Of a run is left out of the quick picture: pilots seldom ask for more.
constexpr std::int64_t kWarmupPart = 5;

bool changes_by_design(const std::optional<Arrivals>& arrivals) {
  return arrivals && (std::holds_alternative<ProfileArrivals>(*arrivals) ||
                      std::holds_alternative<ReplayArrivals>(*arrivals));
}

// Only then a study looks for the warm-up.
bool is_stationary(const Workload& workload) {
  return !changes_by_design(workload.arrivals) &&
         std::ranges::none_of(workload.requests, [](const auto& named) {
           return changes_by_design(named.second.arrivals);
         });
}

}  // namespace

Scenario coarse(const Scenario& scenario) {
  Scenario first = scenario;
  const auto setups = static_cast<std::int64_t>(std::max<std::size_t>(scenario.setups.size(), 1));
  const std::int64_t events = std::max(kLeastEvents, kEvents / setups);
  first.study.max_events = std::min(first.study.max_events.value_or(events), events);
  first.study.warmup = Duration();
  return first;
}

std::optional<Scenario> quick(const Scenario& scenario) {
  const Study& study = scenario.study;
  if (study.warmup || study.replications <= kRefined || !is_stationary(scenario.workload))
    return {};
  Scenario picture = scenario;
  picture.study.warmup = Duration(study.duration.count() / kWarmupPart);
  return picture;
}

}  // namespace cotenant::gui
