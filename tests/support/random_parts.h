// SPDX-License-Identifier: Apache-2.0
//
// Parts of random scenarios that depend on nothing around them: some servers, kernels and groups.
// Times are near those of the run, in nanoseconds.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"
#include "tests/support/die.h"
#include "tests/support/random_laws.h"

namespace cotenant {

struct CeleryChoice {
  bool timeouts, restarts, server_cpu;
  double run;
};
Celery random_celery(Die& die, const CeleryChoice& may);

struct PollerChoice {
  bool server_cpu;
  LawChoice laws;
  double run;
};
Poller random_poller(Die& die, const PollerChoice& may);

// For a task of that service, of which many last as long.
TaskOptions random_task(Die& die, const Service& service, const LawChoice& laws, double lasts);

// With limits near that rate.
External random_external(Die& die, bool has_limits, double per_second);

Postgres random_postgres(Die& die, double run);
Pool random_pool(Die& die, double run);

Kernel random_kernel(Die& die);
CpuMax random_cpu_max(Die& die, std::int64_t cores);
void set_random_weight(Die& die, Group& group);

}  // namespace cotenant
