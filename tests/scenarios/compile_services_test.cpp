// SPDX-License-Identifier: Apache-2.0
//
// Scenario -> Blueprint: the services behind an application, and who has which pools to them.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "scenarios/assumptions.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"

namespace cotenant {
namespace {

// The services, and the part of a setup that is about them.
Checked<std::vector<Blueprint>> compiled(const std::string& application,
                                         const std::string& placements = "{}") {
  const std::string text = R"({"format": 1, "name": "test", "workload": {
      "arrivals": {"kind": "poisson", "rate": "50/s"},
      "requests": {"page": {"service": "web", "steps": [{"call": "database.read"}]}}},
      "application": )" + application +
                           R"(, "setups": {"only": {"machine": {"cores": 1}, "services": )" +
                           placements + "}}}";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  return compile(*scenario, ".");
}

constexpr const char* kDatabase = R"("database": {"server": "postgres", "max_connections": 20,
    "connect": "2ms", "pgbouncer": {"pool_size": 7, "max_client_conn": 40},
    "operations": {"read": {"steps": [{"cpu": "1ms"}]},
                   "buy": {"lock": "stock", "steps": [{"cpu": "1ms"}]},
                   "order": {"lock": "orders", "steps": [{"cpu": "1ms"}]},
                   "restock": {"lock": "stock", "steps": [{"cpu": "1ms"}]}}})";

// 20 less the 3 that are reserved, each a task of the database.
TEST(CompileServices, APostgresHasATaskForEachConnection) {
  const auto blueprints = compiled(
      std::string(R"({"web": {"server": "gunicorn-sync", "workers": 1}, )") + kDatabase + "}");
  const Blueprint& blueprint = blueprints->front();
  const auto& database = std::get<PostgresSpec>(blueprint.services[ServiceId(1)].server);
  EXPECT_EQ(database.backends, 17u);
  EXPECT_EQ(database.connect, CpuTime(2'000'000));
  EXPECT_EQ(database.bouncer_clients, 40u);
  ASSERT_EQ(blueprint.workers.size(), 18u);
  EXPECT_EQ(database.first_backend, WorkerId(1));
  for (std::uint32_t b = 0; b < 17; ++b) {
    const WorkerSpec& backend = blueprint.workers[WorkerId(1 + b)];
    EXPECT_EQ(backend.service, ServiceId(1));
    EXPECT_EQ(blueprint.owner(backend.task).kind, TaskOwner::Kind::backend);
    EXPECT_EQ(blueprint.owner(backend.task).id, 1 + b);
  }
  const PoolSpec& bouncer = blueprint.pools[database.bouncer];
  EXPECT_EQ(bouncer.database, ServiceId(1));
  EXPECT_EQ(bouncer.most(), 7u);
  EXPECT_EQ(bouncer.timeout, seconds(120));
}

// Two operations share one of the two locks; the first class is the page.
TEST(CompileServices, LocksOfOneNameAreOne) {
  const auto blueprints = compiled(
      std::string(R"({"web": {"server": "gunicorn-sync", "workers": 1}, )") + kDatabase + "}");
  const Blueprint& blueprint = blueprints->front();
  ASSERT_EQ(blueprint.locks.size(), 2u);
  EXPECT_TRUE(blueprint.classes[ClassId(1)].lock.is_none());
  EXPECT_EQ(blueprint.classes[ClassId(2)].lock, LockId(0));
  EXPECT_EQ(blueprint.classes[ClassId(3)].lock, LockId(1));
  EXPECT_EQ(blueprint.classes[ClassId(4)].lock, LockId(0));
  EXPECT_EQ(blueprint.locks[LockId(1)].name, "orders");
}

// Two workers of three processes, by the setup: four messages for each of these.
TEST(CompileServices, ACeleryReservesByItsConcurrencyThere) {
  for (const auto& [multiplier, prefetch] :
       {std::pair("4", 12u), std::pair("0", std::numeric_limits<std::uint32_t>::max())}) {
    const auto blueprints =
        compiled(std::string(R"({"web": {"server": "celery", "instances": 2, "concurrency": 1,
                                "prefetch_multiplier": )") +
                     multiplier + "}, " + kDatabase + "}",
                 R"({"web": {"workers": 3}})");
    const Blueprint& blueprint = blueprints->front();
    const auto& celery = std::get<CelerySpec>(blueprint.services[ServiceId(0)].server);
    EXPECT_EQ(celery.concurrency, 3u);
    EXPECT_EQ(celery.prefetch, prefetch);
    for (std::uint32_t c = 0; c < 6; ++c) {
      const TaskRef task = blueprint.workers[WorkerId(celery.first_child.index() + c)].task;
      EXPECT_EQ(blueprint.owner(task).kind, TaskOwner::Kind::celery_child);
    }
  }
}

// Of the priorities 0 (said or not), 3 and 7 each is one more urgent than the one below.
TEST(CompileServices, PrioritiesOfACeleryAreRanked) {
  const auto blueprints = compiled(std::string(R"({"web": {"server": "celery", "concurrency": 1,
      "operations": {"a": {"priority": 7, "steps": [{"cpu": "1ms"}]},
                     "b": {"steps": [{"cpu": "1ms"}]},
                     "c": {"priority": 3, "expires": "1min", "steps": [{"cpu": "1ms"}]},
                     "d": {"priority": 0, "steps": [{"cpu": "1ms"}]}}}, )") +
                                   kDatabase + "}");
  const Blueprint& blueprint = blueprints->front();
  EXPECT_EQ(std::get<CelerySpec>(blueprint.services[ServiceId(0)].server).urgencies, 3u);
  const std::uint32_t urgencies[] = {0, 2, 0, 1, 0};  // the first class is the page
  for (std::uint32_t c = 0; c < 5; ++c) {
    EXPECT_EQ(blueprint.classes[ClassId(c)].task.urgency, urgencies[c]);
    EXPECT_EQ(blueprint.classes[ClassId(c)].task.expires.has_value(), c == 3);
  }
}

// Tasks wait in the queue that they name, or in the first; without names there is one.
TEST(CompileServices, APollerHasItsQueues) {
  const auto blueprints = compiled(std::string(R"({"web": {"server": "poller", "workers": 5,
      "queues": ["high", "low"], "order": "priority", "take": "gated", "limit": 10,
      "visit": "2ms", "visit_cpu": "1ms", "pause": "3s", "import": "50ms",
      "operations": {"a": {"queue": "low", "steps": [{"cpu": "1ms"}]},
                     "b": {"steps": [{"cpu": "1ms"}]}}}, )") +
                                       kDatabase + "}",
                                   R"({"web": {"workers": 3}})");
  const Blueprint& blueprint = blueprints->front();
  const auto& poller = std::get<PollerSpec>(blueprint.services[ServiceId(0)].server);
  EXPECT_EQ(poller.workers, 3u);
  EXPECT_EQ(poller.queues, 2u);
  EXPECT_TRUE(poller.first_again);
  EXPECT_EQ(poller.takes, Takes::gated);
  EXPECT_EQ(poller.limit, 10u);
  EXPECT_TRUE(poller.pause && !poller.every);
  EXPECT_GT(poller.boot, CpuTime(50'000'000));
  EXPECT_EQ(blueprint.classes[ClassId(1)].task.queue, 1u);
  EXPECT_EQ(blueprint.classes[ClassId(2)].task.queue, 0u);
  EXPECT_EQ(blueprint.owner(blueprint.workers[poller.first_worker].task).kind,
            TaskOwner::Kind::poller);

  const auto plain =
      compiled(std::string(R"({"web": {"server": "poller", "every": "1min"}, )") + kDatabase + "}");
  const auto& cron = std::get<PollerSpec>(plain->front().services[ServiceId(0)].server);
  EXPECT_EQ(cron.queues, 1u);
  EXPECT_EQ(cron.every, seconds(60));
  EXPECT_FALSE(cron.first_again || cron.pause);
  EXPECT_EQ(cron.takes, Takes::one);
}

// Three workers by the setup: each has a pool of its own, wherever the database is in the file.
TEST(CompileServices, EachProcessHasItsPools) {
  for (const std::string server :
       {R"("gunicorn-sync", )", R"("gunicorn-gthread", "threads": 4, )", R"("uvicorn", )"}) {
    const auto blueprints = compiled(
        std::string("{") + kDatabase + R"(, "web": {"server": )" + server +
            R"("workers": 2, "pools": {"database": {"size": 4, "overflow": 3, "timeout": "9s"}}}})",
        R"({"web": {"workers": 3}})");
    const Blueprint& blueprint = blueprints->front();
    ASSERT_EQ(blueprint.pools.size(), 4u) << server;  // the first one is the pgbouncer
    for (std::uint32_t p = 0; p < 3; ++p) {
      const PoolSpec& pool = blueprint.pools[PoolId(1 + p)];
      EXPECT_EQ(pool.database, ServiceId(0));
      EXPECT_EQ(pool.size, 4u);
      EXPECT_EQ(pool.overflow, 3u);
      EXPECT_EQ(pool.timeout, seconds(9));
      const PoolRange range = blueprint.processes.size() > 0
                                  ? blueprint.processes[ProcessId(p)].pools
                                  : blueprint.workers[WorkerId(17 + p)].pools;
      EXPECT_EQ(range.first, PoolId(1 + p));
      EXPECT_EQ(range.count, 1u);
    }
  }
}

TEST(CompileServices, ARedisHasOneTaskAndAnExternalServiceNone) {
  const auto blueprints = compiled(R"({
      "web": {"server": "gunicorn-sync", "workers": 1},
      "database": {"server": "redis", "maxclients": 50, "operations": {"read": {"steps": [{"cpu": "1ms"}]}}},
      "api": {"server": "external", "limit_concurrency": 9, "rate_limit": {"rate": "20/s", "burst": 2},
              "operations": {"ask": {"steps": [{"wait": "1ms"}]}}}})");
  const Blueprint& blueprint = blueprints->front();
  EXPECT_EQ(blueprint.machines[kHardware].cpu.tasks.size(), 2u);
  const auto& redis = std::get<RedisSpec>(blueprint.services[ServiceId(1)].server);
  EXPECT_EQ(redis.max_clients, 50u);
  EXPECT_EQ(blueprint.owner(blueprint.workers[redis.worker].task).kind, TaskOwner::Kind::redis);
  EXPECT_EQ(blueprint.services[ServiceId(2)].limit_concurrency, 9u);
  // Two tokens, and the next one after 50 ms.
  auto bucket = std::get<ExternalSpec>(blueprint.services[ServiceId(2)].server).rate_limit;
  ASSERT_TRUE(bucket.has_value());
  EXPECT_TRUE(bucket->take(Instant()));
  EXPECT_TRUE(bucket->take(Instant()));
  EXPECT_FALSE(bucket->take(Instant() + milliseconds(50) - nanoseconds(1)));
  EXPECT_TRUE(bucket->take(Instant() + milliseconds(50)));
}

TEST(CompileServices, TheReportTellsWhereTheCostOfAConnectionComesFrom) {
  const auto sentences = [](const std::string& connect) {
    return assumptions(*decode(R"({"format": 1, "name": "test", "workload": {
      "arrivals": {"kind": "poisson", "rate": "50/s"},
      "requests": {"page": {"steps": [{"call": "database.read"}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"},
      "database": {"server": "postgres", )" +
                               connect + R"("operations": {"read": {"steps": [{"cpu": "1ms"}]}}}},
      "setups": {"only": {"machine": {"cores": 1}}}})"))
        .size();
  };
  EXPECT_EQ(sentences(""), 1u);
  EXPECT_EQ(sentences(R"("connect": "1ms", )"), 0u);
}

// Where each cost is said, by the scenario or by parameters that scale them all, nothing of a
// preset is left to doubt.
TEST(CompileServices, TheReportTellsWhereTheCostOfAServerComesFrom) {
  const auto sentences = [](const std::string& overhead) {
    return assumptions(*decode(R"({"format": 1, "name": "test", "workload": {
      "arrivals": {"kind": "poisson", "rate": "50/s"},
      "requests": {"page": {"steps": [{"cpu": "1ms"}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1, "overhead": )" +
                               overhead + R"(}},
      "setups": {"only": {"machine": {"cores": 1}}}})"))
        .size();
  };
  const std::string cost = R"({"hot": "1ms", "cold": "1ms"})";
  const std::string most = R"({"preset": "gunicorn-20.1-sync", "accept": )" + cost +
                           R"(, "respond": )" + cost + R"(, "finish": )" + cost;
  EXPECT_EQ(sentences(R"("none")"), 0u);
  EXPECT_EQ(sentences(R"("gunicorn-20.1-sync")"), 1u);
  EXPECT_EQ(sentences(most + "}"), 1u);
  EXPECT_EQ(sentences(most + R"(, "spurious_wake": )" + cost + "}"), 0u);
}

}  // namespace
}  // namespace cotenant
