// SPDX-License-Identifier: GPL-3.0-or-later
//
// A first picture of a scenario: one replication of each setup, cut after a number of events that
// takes a tenth of a second, with nothing removed as warm-up. Its
// numbers are those of the first minutes, without intervals, and are never shown without saying so.
#pragma once

#include "scenarios/scenario.h"
#include "study/study.h"

namespace cotenant::gui {

// Of a scenario with at least one setup.
Scenario coarse(const Scenario& scenario);

}  // namespace cotenant::gui
