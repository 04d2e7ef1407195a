// SPDX-License-Identifier: Apache-2.0
//
// The stay of a request at a server, from the moment it is admitted until it leaves: the same for
// all kinds of servers.
#pragma once

#include "models/disk/file_io.h"
#include "models/effects.h"
#include "models/server/memory.h"
#include "models/server/state.h"
#include "models/service/calls.h"
#include "models/workload/transfers.h"
#include "models/world.h"

namespace cotenant {

inline void enter_server(World& world, ServiceState& service, RequestId id, WaitState state) {
  Request& request = world.requests[id];
  enter(request, state, world.events.now());
  request.at_server = true;
  if (!request.connection.is_none()) world.connections[request.connection].at_server = true;
  ++service.in_service;
}

// Nothing follows on its connection.
inline void close_connection(World& world, const Request& request) {
  if (request.connection.is_none()) return;
  world.connections.release(request.connection);
  world.connections.close_by_server(request.connection);
}

// Whoever served it is gone, or is told to stop: nobody goes on with what it waits for.
inline void forget_waits(World& world, RequestId id) {
  abandon_calls(world, id);
  forget_file_io(world, id);
}

// Its sender is about to hear how the request has ended elsewhere, at this very instant.
inline void leave_unheard(World& world, ServiceState& service, RequestId id) {
  --service.in_service;
  give_memory_back(world, world.requests[id]);
  delete_temporary_files(world, id);
  world.requests[id].at_server = false;
}

// Its sender sees the outcome, unless he gave up before.
inline void leave_server(World& world, ServiceState& service, RequestId id, Outcome outcome,
                         Effects& effects) {
  Request& request = world.requests[id];
  --service.in_service;
  give_memory_back(world, request);
  delete_temporary_files(world, id);
  request.at_server = false;
  if (request.ended) {
    world.requests.remove(id);
  } else if (!world.transfers.in_use() || !goes_on_receiving(world, id, outcome)) {
    effects.push(RequestEnded{id, outcome});
  }
}

}  // namespace cotenant
