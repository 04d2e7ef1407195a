// SPDX-License-Identifier: Apache-2.0
//
// Event loops of any kind for random scenarios, and what they share with other servers.
#pragma once

#include "scenarios/scenario.h"
#include "tests/support/swarm.h"

namespace cotenant {

// How long it runs is said in ns.
Service random_loops(Die& die, const Swarm& may, double ns);

// How long a server keeps a connection: never, often, or for most of the run.
Duration random_idle(Die& die, double ns);

// When gunicorn replaces workers.
GunicornArbiter random_restarts(Die& die);

}  // namespace cotenant
