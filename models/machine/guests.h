// SPDX-License-Identifier: Apache-2.0
//
// What passes between a host and its guests: a guest that has something to run on a core wants the
// virtual CPU, which is a task without end on the host; the speed at which the host runs that task
// is the supply of the core. Contention and quotas on the host thereby become steal in the guest,
// and a machine inside a machine needs no rule of its own.
#pragma once

#include "models/blueprint.h"
#include "sim/base/units.h"

namespace cotenant {

struct World;

// Guests begin with nothing to run and without supply.
void start_guests(World& world, const Blueprint& blueprint);

// Brings wishes and supplies into agreement after machines were touched, at the present instant.
// Without guests there is nothing to do.
void settle_guests(World& world, const Blueprint& blueprint);

// For how long its virtual CPUs were wanted and did not run, summed over them, until `at`, before
// which nothing else happens: the steal time that the guest's /proc/stat would show. Zero for the
// hardware.
Duration steal_of(const World& world, const Blueprint& blueprint, MachineId machine, Instant at);

}  // namespace cotenant
