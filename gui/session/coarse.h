// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is shown of a scenario before its study is done. None of it is shown without saying so.
#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/scenario.h"
#include "study/study.h"

namespace cotenant::gui {

// So many whole replications of each setup make a picture with intervals.
inline constexpr std::int64_t kRefined = 4;

// A first picture of a scenario with at least one setup: to be run once, cut after a number of
// events that takes a tenth of a second, with nothing removed as warm-up. Its numbers are those of
// the first minutes, without intervals.
Scenario coarse(const Scenario& scenario);

// A study that looks for its warm-up begins with whole pilot runs, whose numbers nobody sees. To be
// run kRefined times meanwhile: the same with a warm-up that is long enough as a rule. Nothing
// where the study has numbers to show as soon.
std::optional<Scenario> quick(const Scenario& scenario);

}  // namespace cotenant::gui
