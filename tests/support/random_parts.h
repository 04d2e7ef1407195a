// SPDX-License-Identifier: Apache-2.0
//
// Parts of random scenarios that depend on nothing around them: some servers, kernels and groups.
// Times are near those of the run, in nanoseconds.
#pragma once

#include <cstdint>

#include "scenarios/scenario.h"
#include "tests/support/die.h"

namespace cotenant {

struct CeleryChoice {
  bool timeouts, restarts, server_cpu;
  double run;
};
Celery random_celery(Die& die, const CeleryChoice& may);

Postgres random_postgres(Die& die, double run);
Pool random_pool(Die& die, double run);

Kernel random_kernel(Die& die);
CpuMax random_cpu_max(Die& die, std::int64_t cores);
void set_random_weight(Die& die, Group& group);

}  // namespace cotenant
