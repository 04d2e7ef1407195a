// SPDX-License-Identifier: Apache-2.0
//
// What sessions do: each arrival of their source begins one, each reply lets it think and go on, or
// ends it. A partly open workload (Schroeder, Wierman, Harchol-Balter, NSDI 2006). The requests are
// those of workload.h; nothing here knows how they are served.
#pragma once

#include <cstdint>

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

void begin_session(World& world, const Blueprint& blueprint, SourceId source, std::uint64_t ordinal,
                   Effects& effects);

// Its last request has this outcome.
void on_session_replied(World& world, const Blueprint& blueprint, SessionId session,
                        Outcome outcome, Effects& effects);

// The server has closed its WebSocket, on which no request was.
void on_websocket_lost(World& world, const Blueprint& blueprint, SessionId session,
                       Effects& effects);

void on_session_ready(World& world, const Blueprint& blueprint, SessionId session,
                      Effects& effects);

}  // namespace cotenant
