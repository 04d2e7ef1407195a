// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of a pool of connections to a database: of a process that calls it
// (SQLAlchemy's QueuePool), or of a pgbouncer. What happens with them is in
// models/service/connections.h.
#pragma once

#include <cstdint>
#include <optional>

#include "models/ids.h"
#include "sim/base/units.h"

namespace cotenant {

struct PoolSpec {
  ServiceId database;
  std::uint32_t size = 5;           // connections that are kept while nobody uses them
  std::uint32_t overflow = 10;      // more that there may be at once
  std::optional<Duration> timeout;  // of the wait for one; none: for ever
  MachineId caller = {};            // of the process whose it is; none: a pgbouncer's
  DescriptorsId descriptors = {};   // of that process

  std::uint32_t most() const { return size + overflow; }
};

// Those of one process.
struct PoolRange {
  PoolId first;
  std::uint32_t count = 0;
};

}  // namespace cotenant
