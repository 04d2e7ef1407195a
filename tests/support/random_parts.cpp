// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_parts.h"

#include <algorithm>

namespace cotenant {

Celery random_celery(Die& die, const CeleryChoice& may) {
  Celery server;
  server.concurrency = die.whole(1, 3);
  server.instances = die.whole(1, 3);
  server.prefetch_multiplier = die.whole(0, 4);
  server.acks_late = die.chance(0.5);
  server.reject_on_worker_lost = server.acks_late && die.chance(0.6);
  if (may.timeouts && die.chance(0.6)) server.time_limit = die.near(may.run / 20) + milliseconds(1);
  if (may.restarts && die.chance(0.5)) server.max_tasks_per_child = die.whole(1, 20);
  if (may.server_cpu) server.task_overhead = Duration(die.whole(0, 1'000'000));
  server.boot = Duration(die.whole(1'000, 10'000'000));
  if (die.chance(0.4)) server.visibility_timeout = die.near(may.run / 40) + milliseconds(1);
  return server;
}

// A run has thousands of visits, so that what they cost is some of its time.
Poller random_poller(Die& die, const PollerChoice& may) {
  Poller server;
  server.workers = die.whole(1, 3);
  for (std::int64_t q = die.whole(0, 3); q > 0; --q) {
    server.queues.push_back("queue" + std::to_string(q));
  }
  server.order = die.pick<const char*>({"round_robin", "priority"});
  server.take = die.pick<const char*>({"one", "gated", "exhaustive"});
  if (server.take == "gated" && die.chance(0.5)) server.limit = die.whole(1, 10);
  server.visit = random_law(die, may.run / 3000 + 1000, may.laws);
  if (may.server_cpu) server.visit_cpu = random_law(die, may.run / 10'000, may.laws);
  if (die.chance(0.5)) {
    server.pause = random_law(die, may.run / 300 + 1000, may.laws);
  } else if (die.chance(0.5)) {
    server.every = die.near(may.run / 40) + milliseconds(1);
  }
  server.import_cpu = Duration(die.whole(0, 10'000'000));
  if (may.server_cpu) server.task_overhead = Duration(die.whole(0, 1'000'000));
  return server;
}

TaskOptions random_task(Die& die, const Service& service, const LawChoice& laws, double lasts) {
  TaskOptions task;
  const auto* poller = std::get_if<Poller>(&service.server);
  if (poller == nullptr && !std::holds_alternative<Celery>(service.server)) return task;
  if (poller == nullptr && die.chance(0.6)) task.priority = die.whole(0, 3);
  if (die.chance(0.3)) task.expires = random_law(die, lasts * die.real(0.5, 20), laws);
  if (poller == nullptr || poller->queues.empty() || die.chance(0.3)) return task;
  const auto last = static_cast<std::int64_t>(poller->queues.size()) - 1;
  task.queue = poller->queues[static_cast<std::size_t>(die.whole(0, last))];
  return task;
}

Postgres random_postgres(Die& die, double run) {
  Postgres server;
  server.superuser_reserved_connections = die.whole(0, 3);
  const std::int64_t usable = die.whole(1, 12);
  server.max_connections = usable + server.superuser_reserved_connections;
  server.connect = Duration(die.chance(0.3) ? 0 : die.whole(0, 4'000'000));
  if (die.chance(0.5)) return server;
  PgBouncer bouncer;
  bouncer.pool_size = die.whole(1, usable);
  bouncer.max_client_conn = die.whole(1, 30);
  bouncer.query_wait_timeout = die.near(run / 10) + milliseconds(1);
  server.pgbouncer = bouncer;
  return server;
}

Pool random_pool(Die& die, double run) {
  return {die.whole(1, 4), die.whole(0, 4), die.near(run / 10) + milliseconds(1)};
}

Kernel random_kernel(Die& die) {
  Kernel kernel;
  kernel.hz = die.pick<std::int64_t>({100, 250, 300, 1000});
  if (die.chance(0.3)) kernel.base_slice = Duration(die.whole(100'000, 10'000'000));
  if (die.chance(0.5)) kernel.throttling = die.pick<const char*>({"task", "queue"});
  if (die.chance(0.3)) kernel.bandwidth_slice = Duration(die.whole(100'000, 20'000'000));
  if (die.chance(0.3)) kernel.switch_cost = Duration(die.whole(0, 20'000));
  if (die.chance(0.5)) kernel.idle_wake = die.pick<const char*>({"virtual", "hardware"});
  return kernel;
}

External random_external(Die& die, bool has_limits, double per_second) {
  External server;
  if (has_limits && die.chance(0.6)) server.limit_concurrency = die.whole(1, 10);
  if (has_limits && die.chance(0.6)) {
    server.rate_limit = RateLimit{{die.real(0.2, 2) * per_second}, die.whole(1, 10)};
  }
  return server;
}

CpuMax random_cpu_max(Die& die, std::int64_t cores) {
  CpuMax limit;
  limit.period = Duration(die.whole(1, 100) * 1'000'000);
  const double share = die.real(0.1, static_cast<double>(cores) + 0.5);
  const auto quota = static_cast<std::int64_t>(static_cast<double>(limit.period.count()) * share);
  limit.quota = std::max(Duration(quota), milliseconds(1));
  if (die.chance(0.3)) limit.burst = Duration(die.whole(0, limit.quota.count()));
  if (die.chance(0.5)) limit.phase.fixed = Duration(die.whole(0, limit.period.count() - 1));
  return limit;
}

void set_random_weight(Die& die, Group& group) {
  if (die.chance(0.7)) {
    group.cpu_weight = die.pick<std::int64_t>({1, 50, 100, 333, 10'000});
  } else {
    group.cpu_shares = die.pick<std::int64_t>({2, 102, 1024, 262'144});
    group.shares_conversion = die.pick<const char*>({"none", "linear", "logarithmic"});
  }
}

}  // namespace cotenant
