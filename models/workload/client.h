// SPDX-License-Identifier: Apache-2.0
//
// The client of one request, or the service that calls another one: it connects or takes a
// connection that it has kept, sends dropped SYNs
// again, gives up waiting, and tries again after a failure. It never sees the server's state; an
// attempt that it gave up goes on there.
#pragma once

#include <optional>

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// Sends the request, which is new or has waited for its next attempt.
void begin_attempt(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

// The client has the outcome of its attempt: stops its timers, keeps or closes the connection, and
// frees the row unless the server still works on it.
void end_attempt(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

void on_client_timeout(World& world, const Blueprint& blueprint, RequestId request,
                       Effects& effects);
void on_syn_due(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);
// There was no room in the accept queue.
void on_syn_dropped(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

// A client has sent all that is read in front of the server, or has received the whole reply.
void on_transfer_done(World& world, const Blueprint& blueprint, RequestId request,
                      Effects& effects);

// A process may have kept a connection to another service for long enough.
void on_keep_due(World& world, const Blueprint& blueprint, std::uint32_t row, Effects& effects);

// The process has ended, and closes what it has kept for calls.
void close_kept(World& world, const Blueprint& blueprint, KeptRange kept, Effects& effects);

// It wants no reply any more, without a word to the server.
void stop_waiting(World& world, RequestId request);

// The client of the session is gone for good, and closes the connections that it has kept.
void close_connections(World& world, const Blueprint& blueprint, SessionId session,
                       Effects& effects);

// Sending it again does nothing twice that must happen once, after an attempt that ended so now.
bool is_harmless_again(const Blueprint& blueprint, const Request& request, Outcome outcome);

// What may be spent on retries at first, and what a first attempt adds. Each source has a budget,
// and each place that calls are made from.
void open_retry_budgets(World& world, const Blueprint& blueprint);
void earn_retries(World& world, const Blueprint& blueprint, RequestId request);

// How long the client pauses before it tries again, if it does after this outcome; then it has paid
// for it.
std::optional<Duration> claim_retry(World& world, const Blueprint& blueprint, RequestId request,
                                    Outcome outcome);

// Ends the attempt; the request goes on in a row of its own, with all its time until now in the
// state `retry`.
void try_again(World& world, const Blueprint& blueprint, RequestId request, Duration pause,
               Effects& effects);
void on_retry_due(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

}  // namespace cotenant
