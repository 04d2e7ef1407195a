// SPDX-License-Identifier: Apache-2.0
//
// PostgreSQL: a process, the backend, for each connection. It serves one query at a time, here one
// operation, which may hold a lock while it is served. Who connects, and what becomes of the
// connection, is in models/service/connections.h. Mechanism and assumptions:
// docs/models/services.md.
#pragma once

#include <optional>

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

void start_postgres(World& world, const Blueprint& blueprint, ServiceId service);

// A backend for a new connection. None: there are too many already.
std::optional<WorkerId> open_backend(World& world, ServiceId service);
// The connection is closed; its backend is idle.
void close_backend(World& world, const Blueprint& blueprint, WorkerId backend);

// A query comes over the connection of the backend, which serves none. When it is over, and its
// caller has not given up meanwhile, the connection is still there: then the backend waits for
// another query, or for close_backend().
void begin_query(World& world, const Blueprint& blueprint, WorkerId backend, RequestId request,
                 Effects& effects);

// The backend has got the CPU that it asked for, or a wait step is over.
void on_backend_ran(World& world, const Blueprint& blueprint, WorkerId backend,
                    const BurstTimes& burst, Effects& effects);
void on_backend_waited(World& world, const Blueprint& blueprint, WorkerId backend,
                       Effects& effects);

}  // namespace cotenant
