// SPDX-License-Identifier: Apache-2.0
//
// A Redis or a PostgreSQL of which the kernel has killed a process. A Redis has one only. When a
// backend of a PostgreSQL dies, its main process ends all others, because nobody knows what they
// have left in shared memory, and replays its log before it lets anybody connect again.
// docs/models/restarts.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

inline bool is_database(const ServiceSpec& service) {
  return std::holds_alternative<RedisSpec>(service.server) ||
         std::holds_alternative<PostgresSpec>(service.server);
}

// With its main process, somebody has to start it again; without it, it does so itself.
void begin_database_outage(World& world, const Blueprint& blueprint, ServiceId service,
                           bool with_main, Effects& effects);

void on_database_starts(World& world, const Blueprint& blueprint, ServiceId service);

}  // namespace cotenant
