// SPDX-License-Identifier: Apache-2.0
//
// What makes an event loop the hub of gunicorn's gevent worker: how many connections it takes, the
// beat of its main greenlet, and how it ends. In which order a hub runs what, is in
// models/server/event_loop.h; what its greenlets do in models/server/loop_server.h. Mechanism,
// sources and evidence: docs/models/gevent.md.
#pragma once

#include "models/server/server_thread.h"

namespace cotenant {

// Its pool has a greenlet for one more connection; this look may still take one. Other
// loops take any number.
bool has_greenlet(const ServerThread& loop);
bool may_accept_more(const ServerThread& loop);

// How long the main greenlet sleeps between two reports.
inline constexpr Duration kBeat = seconds(1);

// It has got round to it. False when that ends the process.
bool beat(const ServerThread& loop);

// The arbiter asks a process that does not report to end (SIGABRT). True when it lives on: to
// finish what it holds, or until it can hear that, unless the arbiter looks again before.
bool asked_to_end(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects);

// What held it up has let it go, and it hears.
bool hears(const ServerThread& loop);

}  // namespace cotenant
