// SPDX-License-Identifier: Apache-2.0
//
// A pool of connections, and who waits for one: a plain value. Connections are known by the backend
// at their other end; those to a pgbouncer have none of their own.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "models/network/descriptors.h"
#include "models/server/bounded_queue.h"
#include "sim/base/hash.h"
#include "sim/engine/event_set.h"

namespace cotenant {

struct PoolState {
  BoundedQueue<WorkerId> idle;      // connections that nobody uses, the oldest first
  BoundedQueue<RequestId> waiting;  // calls, in the order in which they came
  std::uint32_t open = 0;           // connections, those lent and those being opened included
  std::uint32_t life = 0;           // how many processes have had it before

  void hash_into(Hasher& hasher) const {
    idle.hash_into(hasher);
    waiting.hash_into(hasher);
    hasher.add(std::uint64_t{life} << 32 | open);
  }
};

// A call's part of it.
struct DatabaseConnection {
  PoolId pool;             // that has lent it, or let it be opened; none: its own
  std::uint32_t life = 0;  // of that pool then
  bool is_open = false;
  LocalEnd end;               // if it is open
  WorkerId backend;           // at its other end; none: it is to a pgbouncer, or not open
  std::uint32_t crashes = 0;  // of the database before it was opened, as far as that is known

  PoolId awaits;  // the pool of which it waits for one
  Timer timer;    // until it waits no longer

  void hash_into(Hasher& hasher) const {
    if (pool.is_none() && !is_open && awaits.is_none()) return;
    hasher.add(std::uint64_t{pool.index()} << 32 | life);
    hasher.add(std::uint64_t{backend.index()} << 1 | std::uint64_t{is_open});
    hasher.add(awaits.index());
    if (crashes > 0) hasher.add(crashes);
  }
};

}  // namespace cotenant
