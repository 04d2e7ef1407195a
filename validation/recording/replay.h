// SPDX-License-Identifier: Apache-2.0
//
// A recorded run as a scenario: the same arrivals and demands, in the same setup. What nobody
// recorded, the phases of timers, is left to chance.
#pragma once

#include <string>

#include "scenarios/scenario.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// Names in the scenario.
inline constexpr const char* kServiceGroup = "srv";  // neighbor i is in "nb<i>"
inline constexpr const char* kOverheadPresetOfSync = "gunicorn-20.1-sync";

// Why the run cannot be replayed, as a sentence that names what is not modeled; empty if it can.
std::string why_not_replayed(const Bundle& bundle);

// Time 0 of the scenario, as time of the recording: a replay starts at the last whole second before
// its first arrival.
Duration start_of_replay(const Bundle& bundle);

// For a run that can be replayed. The server's own CPU costs are those of the preset, times the
// factor. Files in it are relative to the folder of the bundle. It lasts until every client has its
// reply or has given up.
Scenario replay_of(const Bundle& bundle, double overhead_factor = 1);

}  // namespace cotenant
