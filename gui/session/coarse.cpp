// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/coarse.h"

#include <algorithm>

namespace cotenant::gui {
namespace {

// Of all setups together. An event of a server with all that belongs to it takes 0.1 to 0.4 us.
constexpr std::int64_t kEvents = 250'000;
// Of each: fewer requests have no 95th percentile to speak of.
constexpr std::int64_t kLeastEvents = 20'000;

}  // namespace

Scenario coarse(const Scenario& scenario) {
  Scenario first = scenario;
  const auto setups = static_cast<std::int64_t>(std::max<std::size_t>(scenario.setups.size(), 1));
  const std::int64_t events = std::max(kLeastEvents, kEvents / setups);
  first.study.max_events = std::min(first.study.max_events.value_or(events), events);
  first.study.warmup = Duration();
  return first;
}

}  // namespace cotenant::gui
