// SPDX-License-Identifier: Apache-2.0
//
// Connections of calls to databases: a call opens one and closes it afterwards, or borrows one from
// the pool of its process, which behaves as SQLAlchemy's QueuePool. A pgbouncer is such a pool,
// too: it lends the backends of its database to those who are connected to it, for one transaction
// each. Mechanism, sources and assumptions: docs/models/services.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// A call to a database wants to be sent.
void on_connect_database(World& world, const Blueprint& blueprint, RequestId call,
                         Effects& effects);

// It has come to the computer of the database, over its connection or to open one.
void on_database_reached(World& world, const Blueprint& blueprint, RequestId call,
                         Effects& effects);

// A call, to whatever service, has its outcome: its connection is closed or goes back to its pool.
void end_connection(World& world, const Blueprint& blueprint, const RequestEnded& call,
                    Effects& effects);

// It has waited for a connection for as long as it may.
void on_pool_timeout(World& world, const Blueprint& blueprint, RequestId call, Effects& effects);

// A connection that is whole comes back to its pool: of a pgbouncer, the backend at its end.
void give_back(World& world, const Blueprint& blueprint, PoolId pool, WorkerId backend,
               Effects& effects);

// The database has crashed: none of the connections to it is left.
void drop_connections(World& world, const Blueprint& blueprint, ServiceId database,
                      Effects& effects);

// The process has ended: its connections are closed, and nobody waits for them any more.
void close_pools(World& world, const Blueprint& blueprint, PoolRange pools);

}  // namespace cotenant
