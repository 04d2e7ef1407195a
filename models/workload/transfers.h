// SPDX-License-Identifier: Apache-2.0
//
// The time that clients take to send a request and to receive a reply. A server that reads from and
// writes to its clients itself has steps for that, which its workers take like any other; what is
// in front of a server, and the kernel, need no worker. See docs/models/slow-clients.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Of an attempt that begins: how much is sent, and how fast.
void begin_transfer(World& world, const Blueprint& blueprint, RequestId request);

// The connection is there.
void note_connected(World& world, RequestId request, bool is_kept);

// How long a web server in front reads, before it turns to the server that the request is for.
Duration time_in_front(World& world, const Blueprint& blueprint, RequestId request);

// How long a server that takes such a step waits for the client. One that has left has sent what it
// has sent.
Duration time_of_step(World& world, const Blueprint& blueprint, RequestId request,
                      StepSpec::Kind kind);

// The state of a request meanwhile.
WaitState state_of_step(StepSpec::Kind kind);

// After the reply: the client has yet to get what the kernel, or a server in front, has of it. Then
// it ends later.
bool goes_on_receiving(World& world, RequestId request, Outcome outcome);

// It has left the server, and does not have its reply.
bool is_receiving(const World& world, RequestId request);

// What the client of a process that was killed gets: a part of a reply says no more how it went.
Outcome outcome_of_victim(const World& world, RequestId request, Outcome otherwise);

}  // namespace cotenant
