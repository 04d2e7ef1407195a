// SPDX-License-Identifier: Apache-2.0
//
// What all kinds of servers share, and the choice between them: a SYN is admitted to the accept
// queue of the listening socket, dropped, or answered 503; then it is the kind's turn. A kind of
// server is a file beside this one; its threads are kinds of TaskOwner.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Every server waits for connections.
void start_services(World& world, const Blueprint& blueprint);

// A SYN arrives.
void on_connect(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

}  // namespace cotenant
