// SPDX-License-Identifier: Apache-2.0
//
// A place for a worker process, whatever kind of server the process is of: what the arbiter
// (models/server/arbiter.h) needs to know and to do. It decides nothing.
#pragma once

#include <cstdint>

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

struct Place {
  ServiceId service;
  std::uint32_t number = 0;  // in its service
};

std::uint32_t places_of(const ServiceSpec& service);
Place place_of(const Blueprint& blueprint, WorkerId worker);
Place place_of(const Blueprint& blueprint, ProcessId process);

Life& life_at(World& world, const Blueprint& blueprint, Place place);

// When the main process will take it for hung, unless it reports; never() when it cannot hang.
Instant hangs_at(const World& world, const Blueprint& blueprint, Place place);

// Its process has been asked to end already.
bool is_dying(const World& world, const Blueprint& blueprint, Place place);

// Its process ends, or is asked to, and what it holds is lost.
void kill_at(World& world, const Blueprint& blueprint, Place place, Effects& effects);

// Its process ends, if there is one, and there will be none for now. What it holds is lost.
void clear_place(World& world, const Blueprint& blueprint, Place place, Outcome outcome,
                 Effects& effects);

// It will have a new process.
void schedule_fork(World& world, const Blueprint& blueprint, Place place, Instant at);

}  // namespace cotenant
